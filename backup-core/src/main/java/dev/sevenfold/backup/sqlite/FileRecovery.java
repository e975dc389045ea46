package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.source.TenantLock;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Completes or reverts what killed restores of tenants left behind. Whoever takes a tenant's lock
 * does so first: a backup of half a restore, or a restore on top of one, would mix the two.
 */
final class FileRecovery {

  private final SqliteDatabase database;
  private final Path live;

  private FileRecovery(SqliteDatabase database, Path live) {
    this.database = database;
    this.live = live;
  }

  static FileRecovery of(SqliteDatabase database, Path live) {
    return new FileRecovery(database, live);
  }

  /** Looks at all tenants that nobody is at work on; says what was done. */
  List<String> recoverAll(TenantLocks locks) {
    List<String> done = new ArrayList<>();
    try {
      for (long position : FileJournal.locks(live)) {
        // Whoever has the lock is at work on this very journal.
        try (TenantLock lock = locks.tryAcquire(position)) {
          if (lock != null) {
            done.addAll(recover(position));
          }
        }
      }
    } catch (IOException e) {
      throw new OperationFailed(
          "The folder of " + live + " could not be listed: " + e.getMessage(),
          "Check its permissions",
          e);
    }
    return done;
  }

  /** Looks at the tenant whose lock the caller has; says what was done. */
  List<String> recover(long position) {
    Path file = FileJournal.place(live, position);
    DiskFiles disk = database.disk();
    try {
      if (DiskFiles.exists(DiskFiles.half(file))) {
        // Killed while it was written: no file was laid yet.
        disk.delete(DiskFiles.half(file));
      }
      return DiskFiles.exists(file) ? List.of(recover(disk, FileJournal.read(file))) : List.of();
    } catch (IOException e) {
      throw new OperationFailed(
          "The restore that "
              + file
              + " tells of could not be completed or reverted: "
              + e.getMessage(),
          "Clear the cause, then try again",
          e);
    } catch (SQLException e) {
      throw new SourceUnavailable(
          "The restore that "
              + file
              + " tells of could not be completed or reverted: "
              + e.getMessage(),
          "Clear the cause, then try again",
          e);
    }
  }

  private String recover(DiskFiles disk, FileJournal journal) throws IOException, SQLException {
    String restore = "the restore of tenant " + journal.tenant() + " that was interrupted ";
    try (Session session = database.open()) {
      boolean committed =
          journal.done()
              || session.queryLong(
                      "SELECT count(*) FROM "
                          + Sql.name(SnapshotTaker.LIVE, "sqlite_schema")
                          + " WHERE name = ?",
                      journal.marker())
                  != 0;
      if (!committed) {
        FileRestore.revert(disk, journal);
        return "Reverted " + restore + "before its rows were committed";
      }
      FileRestore.finish(disk, journal, session);
      return "Completed "
          + restore
          + "after its rows were committed: "
          + journal.steps().size()
          + " files";
    }
  }
}
