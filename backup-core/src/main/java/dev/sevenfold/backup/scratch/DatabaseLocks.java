package dev.sevenfold.backup.scratch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Keeps everybody else out of databases that are about to be replaced, as far as they are healthy
 * enough to be locked: a process that has one open in WAL mode, or is at work in it, is noticed.
 *
 * <p>A database is opened by a second name, a hard link in a folder of the restore's own. The lock
 * is the file's and not the name's; but SQLite finds no WAL and no journal beside that name, and so
 * neither applies nor deletes them: what is set aside afterwards is what was there, byte by byte.
 *
 * <p>Use from one thread.
 */
public final class DatabaseLocks implements AutoCloseable {

  private final List<Session> sessions = new ArrayList<>();
  private final List<String> busy = new ArrayList<>();

  private DatabaseLocks() {}

  /**
   * Locks what can be locked.
   *
   * @param links an empty folder on the file system of a database
   */
  public static DatabaseLocks hold(
      List<Path> databases, UnaryOperator<Path> links, Duration busyTimeout) {
    DatabaseLocks locks = new DatabaseLocks();
    for (Path database : databases) {
      if (Files.isRegularFile(database, LinkOption.NOFOLLOW_LINKS)) {
        Path folder = links.apply(database);
        locks.lock(database, folder.resolve(Integer.toString(locks.sessions.size())), busyTimeout);
      }
    }
    return locks;
  }

  private void lock(Path database, Path link, Duration busyTimeout) {
    try {
      Files.createLink(link, database);
    } catch (IOException | UnsupportedOperationException e) {
      // A file system without links: what /proc tells has to do.
      return;
    }
    try {
      Session session = Session.open(SqliteConnections.to(link), busyTimeout);
      sessions.add(session);
      session.execute("PRAGMA locking_mode = EXCLUSIVE");
      session.execute("BEGIN EXCLUSIVE");
    } catch (SQLException e) {
      // What is no database any more cannot be locked, and need not be.
      if (SqliteErrors.isBusy(e)) {
        busy.add("Another process has " + database + " open");
      }
    }
  }

  /** One sentence for each database that somebody else has open. */
  public List<String> busy() {
    return busy;
  }

  @Override
  public void close() {
    sessions.forEach(DatabaseLocks::letGo);
    sessions.clear();
  }

  private static void letGo(Session session) {
    try {
      session.close();
    } catch (SQLException e) {
      // Of no consequence: the lock ends with the connection, and a damaged database is expected.
      return;
    }
  }
}
