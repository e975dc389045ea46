package dev.sevenfold.backup.journal;

import dev.sevenfold.backup.engine.Change;
import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.files.FilePlan;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.FileOwners;
import dev.sevenfold.backup.io.HeldFolder;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps files, and what is known of safety archives, together with rows over a crash. The new files
 * are laid beside their places, and a {@link RestoreJournal} says so. The transaction that writes
 * the rows also makes a {@link Marker}; when it has committed, the files are moved into their
 * places, and the marker goes.
 *
 * <p>So at any moment the marker tells: if it is there, the rows are the new ones, and the files
 * are moved by whoever comes next. If it is not, the rows are the old ones, no file has moved, and
 * what was laid beside is removed.
 *
 * <p>This one is announced, and not committed; {@link #commit} makes a {@link CommittedRestore} of
 * it. Use from one thread.
 */
public final class RestoreCommit {

  private static final Logger log = LoggerFactory.getLogger(RestoreCommit.class);

  /** What writes the rows, on one workbench: everything that needs the write lock. */
  public interface Writing extends AutoCloseable {

    /** Writes the rows; false if they are not those any more that were planned for. */
    boolean write() throws SQLException;

    /** What they are written by. */
    Change change();

    @Override
    void close() throws SQLException;
  }

  /** Opens what writes the rows. */
  @FunctionalInterface
  public interface Opening {
    Writing open() throws SQLException;
  }

  private final Engine engine;
  private final TenantId tenant;
  private final DurableFiles disk;
  private final Optional<RestoreJournal> announced;

  private RestoreCommit(Engine engine, TenantId tenant, Instant safety) {
    this.engine = engine;
    this.tenant = tenant;
    this.disk = engine.disk();
    // A database in memory is gone with whoever could be killed.
    this.announced =
        engine.file().map(live -> RestoreJournal.begin(live, tenant).withSafety(safety));
  }

  /**
   * Writes down that a restore is about to begin, and that a safety archive of this instant belongs
   * to it.
   */
  public static RestoreCommit announce(Engine engine, TenantId tenant, Instant capturedAt) {
    RestoreCommit commit = new RestoreCommit(engine, tenant, capturedAt);
    commit.announced.ifPresent(journal -> note(commit.disk, journal));
    return commit;
  }

  static void note(DurableFiles disk, RestoreJournal journal) {
    try {
      journal.write(disk);
    } catch (IOException e) {
      throw new OperationFailed(
          "The restore could not be noted in " + journal.file() + ": " + Printable.reason(e),
          "Check the space and the permissions there",
          e);
    }
  }

  /**
   * Lays the new files beside their places, has the rows written and committed, and moves the files
   * into their places. Once the rows are committed nothing fails any more.
   *
   * @return empty if the rows are others by now; nothing was changed, and this can be used again
   * @throws OperationFailed if nothing was changed, or if the database does not say whether the
   *     rows are committed; the message says which
   */
  public Optional<CommittedRestore> commit(FilePlan plan, Opening opening) throws SQLException {
    try (Attempt attempt = new Attempt()) {
      attempt.lay(plan);
      return attempt.write(opening);
    }
  }

  /**
   * One attempt. Takes back what it laid, unless a commit was asked for that the database does not
   * deny.
   */
  private final class Attempt implements AutoCloseable {

    private Optional<RestoreJournal> journal = announced;
    private boolean askedFor;

    /** Writes down what is to be done, and lays the new files. */
    void lay(FilePlan plan) {
      if (plan.isEmpty()) {
        return;
      }
      RestoreJournal next = announced.orElseThrow(RestoreCommit::inMemory).withSteps(plan);
      try {
        next.write(disk);
        journal = Optional.of(next);
        for (int i = 0; i < plan.writes().size(); i++) {
          Path fresh = next.steps().get(i).fresh();
          if (fresh != null) {
            RestoreCommit.this.lay(
                plan.writes().get(i).staged(), fresh, next.steps().get(i).target());
          }
        }
        disk.sync();
      } catch (IOException e) {
        throw new OperationFailed(
            "The restored files could not be laid beside their places: "
                + Printable.reasonWithFile(e),
            "Check the space and the permissions there; nothing was changed",
            e);
      }
    }

    Optional<CommittedRestore> write(Opening opening) throws SQLException {
      Optional<CommittedRestore> done = Optional.empty();
      try (Writing writing = opening.open()) {
        if (writing.write()) {
          Change change = writing.change();
          if (journal.isPresent()) {
            change.mark(journal.get().marker().table());
          }
          askedFor = true;
          change.commit();
          done = Optional.of(complete(change));
        }
      } catch (SQLException | RuntimeException e) {
        // The connection that failed is closed by now.
        done = askedFor && done.isEmpty() ? askDatabase(e) : done;
        if (done.isEmpty()) {
          throw e;
        }
        log.warn(
            "Tenant {} is restored; an error came back all the same", tenant, Printable.failure(e));
      }
      return done;
    }

    /** A commit was answered with an error. The marker says whether it was done. */
    private Optional<CommittedRestore> askDatabase(Exception failure) {
      Optional<CommittedRestore> done = Optional.empty();
      boolean interrupted = Thread.interrupted();
      try (Session workbench = engine.openDurable()) {
        Change change = engine.change(workbench);
        if (journal.isPresent() && journal.get().isCommitted(change)) {
          done = Optional.of(complete(change));
        }
        askedFor = done.isPresent();
      } catch (SQLException | RuntimeException e) {
        if (askedFor && done.isEmpty()) {
          log.warn(
              "Whether the restore of tenant {} was committed is not known yet",
              tenant,
              Printable.failure(e));
          throw notKnown(failure);
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      return done;
    }

    private CommittedRestore complete(Change change) {
      // An interrupt ends the work, not what belongs to a commit.
      return Interrupts.defer(
          () -> {
            try {
              if (journal.isEmpty()) {
                return new CommittedRestore(disk, journal, List.of());
              }
              RestoreJournal finished = finish(disk, journal.get(), change);
              return new CommittedRestore(disk, Optional.of(finished), List.of());
            } catch (IOException | SQLException | RuntimeException e) {
              return new CommittedRestore(disk, journal, List.of(String.valueOf(e.getMessage())));
            }
          });
    }

    @Override
    public void close() {
      if (askedFor || journal.isEmpty()) {
        return;
      }
      try {
        revert(disk, journal.get(), announced.orElseThrow());
      } catch (IOException e) {
        throw new OperationFailed(
            "Files that a refused restore laid beside their places are left: "
                + Printable.reasonWithFile(e),
            "The next start of the service removes them",
            e);
      }
    }
  }

  private static OperationFailed inMemory() {
    return new OperationFailed(
        "A database in memory cannot be restored together with files",
        "Use a database file, or a model without files");
  }

  private OperationFailed notKnown(Exception failure) {
    return new OperationFailed(
        "It is not known whether the restore of tenant %s was committed: %s"
            .formatted(tenant, failure.getMessage()),
        "Clear the cause; whatever is done with this tenant next looks, and completes or reverts"
            + " the restore",
        failure);
  }

  private void lay(Path staged, Path fresh, Path target) throws IOException {
    Path name = fresh.getFileName();
    try (HeldFolder folder = disk.createHeld(DurableFiles.folderOf(target))) {
      disk.copy(staged, folder, name);
      FileOwners.giveAsReplaced(folder, name, target.getFileName());
      disk.force(folder, name);
    }
  }

  /**
   * Does what is left to be done after the commit, of which any part may be done already.
   *
   * @return the journal as it is then
   */
  static RestoreJournal finish(DurableFiles disk, RestoreJournal journal, Change change)
      throws IOException, SQLException {
    RestoreJournal finished = journal.finished();
    if (!journal.done()) {
      FileSteps.take(disk, journal.steps());
      disk.sync();
      // The marker goes before the journal; from here on its absence means nothing.
      finished.write(disk);
    }
    change.unmark(journal.marker().table());
    if (journal.safety().isEmpty()) {
      disk.delete(journal.file());
      disk.sync();
    }
    return finished;
  }

  /**
   * Removes what was laid beside, of which any part may be removed already.
   *
   * @param left the journal as it is then; without safety archives none is left
   */
  static void revert(DurableFiles disk, RestoreJournal journal, RestoreJournal left)
      throws IOException {
    for (RestoreJournal.Step step : journal.steps()) {
      Path fresh = step.fresh();
      if (fresh != null) {
        FileSteps.where(fresh, (held, name) -> disk.delete(held, name));
      }
    }
    List<Path> folders = journal.folders();
    for (int i = folders.size() - 1; i >= 0; i--) {
      deleteIfEmpty(disk, folders.get(i));
    }
    disk.sync();
    if (left.safety().isEmpty()) {
      disk.delete(journal.file());
      disk.sync();
    } else if (!left.equals(journal)) {
      left.write(disk);
    }
  }

  private static void deleteIfEmpty(DurableFiles disk, Path folder) throws IOException {
    try {
      FileSteps.where(
          folder,
          (held, name) -> {
            if (held.isFolder(name)) {
              disk.delete(held, name);
            }
          });
    } catch (FileSystemException e) {
      // Somebody else has use for it by now, or it may not go: an empty folder harms nobody.
      return;
    }
  }
}
