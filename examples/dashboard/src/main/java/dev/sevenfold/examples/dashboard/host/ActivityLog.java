package dev.sevenfold.examples.dashboard.host;

import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.source.RestorePlan.TableChange;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Writes down which backups and restores there were, for the charts and for the line that says what
 * a restore did. Thread-safe.
 */
public final class ActivityLog implements BackupListener {

  /**
   * A backup that there was.
   *
   * @param at when its rows were read
   * @param took how long it took
   * @param storedBytes what all archives of the firm had in the store after it
   */
  public record Backup(Instant at, Duration took, long storedBytes) {}

  /**
   * A restore that there was.
   *
   * @param at when it was done
   * @param restoredTo the instant that was gone back to
   * @param inserted rows that came back
   * @param updated rows that changed back
   * @param deleted rows that went
   */
  public record Restore(
      Instant at, Instant restoredTo, long inserted, long updated, long deleted) {}

  private final HostDatabase database;
  private final ArchiveStore store;
  private final Clock clock;

  /** A log in a database, of what is kept in a store. */
  public ActivityLog(HostDatabase database, ArchiveStore store, Clock clock) {
    this.database = database;
    this.store = store;
    this.clock = clock;
  }

  @Override
  public void backupCompleted(BackupReport report) {
    database.update(
        "INSERT INTO activity (firm, kind, at, took_millis, stored_bytes)"
            + " VALUES (?, 'backup', ?, ?, ?)",
        report.tenant().value(),
        report.restorePoint().capturedAt().toEpochMilli(),
        report.took().toMillis(),
        storedBytes(report.tenant()));
  }

  @Override
  public void restoreCompleted(RestoreReport report) {
    if (report.safety().isEmpty()) {
      return; // nothing differed: an undo still takes back the restore before it
    }
    database.update(
        "INSERT INTO activity (firm, kind, at, took_millis, stored_bytes, restored_to,"
            + " inserted, updated, deleted) VALUES (?, 'restore', ?, ?, ?, ?, ?, ?, ?)",
        report.tenant().value(),
        clock.millis(),
        report.took().toMillis(),
        storedBytes(report.tenant()),
        report.restoredTo().toEpochMilli(),
        sum(report, TableChange::inserted),
        sum(report, TableChange::updated),
        sum(report, TableChange::deleted));
  }

  private static long sum(RestoreReport report, ToLongFunction<TableChange> count) {
    return report.plan().tables().stream().mapToLong(count).sum();
  }

  private long storedBytes(TenantId firm) {
    return store.list(ArchiveOwner.tenant(firm)).archives().stream()
        .mapToLong(StoredArchive::sizeBytes)
        .sum();
  }

  /** The last backups of a firm, oldest first. */
  public List<Backup> backups(TenantId firm, int most) {
    List<Backup> latest =
        new ArrayList<>(
            database.query(
                "SELECT at, took_millis, stored_bytes FROM activity"
                    + " WHERE firm = ? AND kind = 'backup' ORDER BY at DESC LIMIT ?",
                row ->
                    new Backup(
                        Instant.ofEpochMilli(row.getLong("at")),
                        Duration.ofMillis(row.getLong("took_millis")),
                        row.getLong("stored_bytes")),
                firm.value(),
                most));
    Collections.reverse(latest);
    return latest;
  }

  /** The last restore of a firm that changed anything, if there was one. */
  public Optional<Restore> lastRestore(TenantId firm) {
    return database.first(
        "SELECT at, restored_to, inserted, updated, deleted FROM activity"
            + " WHERE firm = ? AND kind = 'restore' ORDER BY id DESC LIMIT 1",
        row ->
            new Restore(
                Instant.ofEpochMilli(row.getLong("at")),
                Instant.ofEpochMilli(row.getLong("restored_to")),
                row.getLong("inserted"),
                row.getLong("updated"),
                row.getLong("deleted")),
        firm.value());
  }
}
