package dev.sevenfold.backup.journal;

import dev.sevenfold.backup.engine.Change;
import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.InterruptedRestore;
import dev.sevenfold.backup.source.TenantLock;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes or reverts what killed restores of tenants left behind. Whoever takes a tenant's lock
 * does so first: a backup of half a restore, or a restore on top of one, would mix the two.
 */
public final class RestoreRecovery {

  private static final Logger log = LoggerFactory.getLogger(RestoreRecovery.class);

  private static final String ADVICE =
      "Clear what is in the way; whatever is done with this tenant next completes or reverts it";
  private static final String UNREADABLE_ADVICE =
      "Bring the journal back from a copy. Without one, compare the tenant's rows and files with its"
          + " newest archives, put right what differs, and delete the journal";

  private final Engine engine;
  private final Path live;

  public RestoreRecovery(Engine engine, Path live) {
    this.engine = engine;
    this.live = live;
  }

  /**
   * Looks at all tenants that nobody is at work on, and lends each one's lock. A tenant that cannot
   * be recovered keeps nobody from the others: whatever is done with it next fails until it can.
   */
  public void recoverAll(TenantLocks locks, Consumer<TenantLock> use) {
    for (long position : locksWithJournals()) {
      try {
        recover(locks, position, use);
      } catch (OperationFailed | SourceUnavailable e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        log.warn("{}. {}. All other tenants go on", e.what(), e.advice());
      }
    }
  }

  private void recover(TenantLocks locks, long position, Consumer<TenantLock> use) {
    // Whoever has the lock is at work on this very journal.
    TenantLock lock = locks.tryAcquire(position);
    if (lock != null) {
      try (TenantLock recovered = RecoveredLock.of(lock, this, position)) {
        use.accept(recovered);
      }
    }
  }

  private List<Long> locksWithJournals() {
    try {
      return RestoreJournal.locks(live);
    } catch (IOException e) {
      throw new OperationFailed(
          "The folder of " + live + " could not be listed: " + Printable.reason(e),
          "Check its permissions",
          e);
    }
  }

  /** Looks at the tenant whose lock the caller has; says what was done. */
  List<String> recover(long position) {
    DurableFiles disk = engine.disk();
    return withJournal(
        position,
        file -> {
          if (DurableFiles.exists(DurableFiles.half(file))) {
            // Killed while it was written: what the whole one says, if there is one, still holds.
            disk.delete(DurableFiles.half(file));
          }
          return DurableFiles.exists(file)
              ? List.of(recover(disk, RestoreJournal.read(file)))
              : List.of();
        });
  }

  private String recover(DurableFiles disk, RestoreJournal journal) throws SQLException {
    try {
      return completeOrRevert(disk, journal);
    } catch (IOException e) {
      throw new OperationFailed(
          "The restore of tenant %s that was interrupted could not be completed or reverted: %s"
              .formatted(journal.tenant(), e.getMessage()),
          ADVICE,
          e);
    }
  }

  private String completeOrRevert(DurableFiles disk, RestoreJournal journal)
      throws IOException, SQLException {
    String restore = "the restore of tenant " + journal.tenant() + " that was interrupted ";
    try (Session workbench = engine.openDurable()) {
      Change change = engine.change(workbench);
      if (!journal.isCommitted(change)) {
        RestoreCommit.revert(disk, journal, journal.withoutSteps());
        return "Reverted " + restore + "before its rows were committed";
      }
      RestoreCommit.finish(disk, journal, change);
      int files = journal.steps().size();
      List<Path> lost = journal.done() ? List.of() : FileSteps.lost(journal.steps());
      return "Completed "
          + restore
          + "after its rows were committed"
          + (files == 0 ? "" : ": " + files + " files")
          + (lost.isEmpty() ? "" : ", of which were removed meanwhile: " + lost);
    }
  }

  /** The restore whose journal is kept for its safety archives; recovers it first, if need be. */
  Optional<InterruptedRestore> interrupted(long position) {
    recover(position);
    return withJournal(
        position,
        file -> {
          if (!DurableFiles.exists(file)) {
            return Optional.empty();
          }
          RestoreJournal journal = RestoreJournal.read(file);
          return Optional.of(
              new InterruptedRestore(journal.tenant(), journal.done(), journal.safety()));
        });
  }

  /** Removes the journal of a restore that is completed or reverted. */
  void forget(long position) {
    DurableFiles disk = engine.disk();
    withJournal(
        position,
        file -> {
          disk.delete(file);
          disk.sync();
          return file;
        });
  }

  private interface Work<T> {
    T with(Path file) throws IOException, SQLException;
  }

  private <T> T withJournal(long position, Work<T> work) {
    Path file = RestoreJournal.place(live, position);
    try {
      return work.with(file);
    } catch (RestoreJournal.Unreadable e) {
      throw new OperationFailed(unfinished(file, e), UNREADABLE_ADVICE, e);
    } catch (IOException e) {
      throw new OperationFailed(unfinished(file, e), ADVICE, e);
    } catch (SQLException e) {
      throw new SourceUnavailable(unfinished(file, e), ADVICE, e);
    }
  }

  private static String unfinished(Path file, Exception e) {
    return "The restore that %s tells of could not be completed or reverted: %s"
        .formatted(file, e.getMessage());
  }
}
