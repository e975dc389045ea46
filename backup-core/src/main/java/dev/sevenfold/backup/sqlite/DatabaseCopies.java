package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteConnections;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.system.SystemParts.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.core.DB;

/**
 * Copies databases page by page while writers go on. A transaction begins on all of them before the
 * first page is copied, so that they are of one instant; each ends with its copy. See {@code
 * docs/decisions/0040-system-snapshot.md} for why it is done in this way. Use from one thread.
 */
final class DatabaseCopies implements AutoCloseable {

  private final Duration busyTimeout;
  private final Map<Part, Session> sessions = new LinkedHashMap<>();

  private DatabaseCopies(Duration busyTimeout) {
    this.busyTimeout = busyTimeout;
  }

  /**
   * Begins on all databases at once, and ends what it has begun when it fails.
   *
   * @throws SourceUnavailable if one of them cannot be read
   */
  static DatabaseCopies begin(List<Part> databases, Duration busyTimeout) {
    DatabaseCopies copies = new DatabaseCopies(busyTimeout);
    try {
      databases.forEach(copies::open);
      copies.sessions.forEach(DatabaseCopies::begin);
      return copies;
    } catch (RuntimeException e) {
      try (copies) {
        throw e;
      }
    }
  }

  private void open(Part database) {
    if (!Files.isRegularFile(database.path())) {
      throw new SourceUnavailable(
          "There is no file of the " + database, "Check the path; it is not made by a backup");
    }
    try {
      sessions.put(database, Session.open(SqliteConnections.to(database.path()), busyTimeout));
    } catch (SQLException e) {
      throw failed(database, e);
    }
  }

  private static void begin(Part database, Session session) {
    try {
      session.begin();
      // The first read decides on the snapshot: what is committed later is not in it.
      session.queryLong("SELECT count(*) FROM sqlite_schema");
    } catch (SQLException e) {
      throw failed(database, e);
    }
  }

  /** Copies one database into a new file, and ends its transaction. */
  void copy(Part database, Path file, Progress progress) {
    Session session = sessions.get(database);
    if (session == null) {
      throw new IllegalArgumentException("Nothing has begun on the " + database);
    }
    try {
      Told told =
          new Told("copy " + database.name(), session.queryLong("PRAGMA page_size"), progress);
      session.copyTo(file, told);
      told.rethrow();
      sessions.remove(database);
      session.close();
    } catch (SQLException e) {
      throw failed(database, e);
    }
  }

  /** Tells the progress; what a listener throws must not reach the native code that calls this. */
  private static final class Told implements DB.ProgressObserver {

    private final String step;
    private final long pageSize;
    private final Progress progress;
    private @Nullable RuntimeException thrown;

    private Told(String step, long pageSize, Progress progress) {
      this.step = step;
      this.pageSize = pageSize;
      this.progress = progress;
    }

    @Override
    public void progress(int remaining, int pages) {
      try {
        long done = (long) pages - remaining;
        progress.report(step, Progress.Unit.BYTES, done * pageSize, pages * pageSize);
      } catch (RuntimeException e) {
        thrown = e;
      }
    }

    private void rethrow() {
      if (thrown != null) {
        throw thrown;
      }
    }
  }

  private static SourceUnavailable failed(Part database, SQLException e) {
    return SqliteErrors.unavailable("The snapshot of the " + database + ",", e);
  }

  @Override
  public void close() {
    List<SourceUnavailable> failures = new ArrayList<>();
    sessions.forEach(
        (database, session) -> {
          try {
            session.close();
          } catch (SQLException e) {
            failures.add(failed(database, e));
          }
        });
    sessions.clear();
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }
}
