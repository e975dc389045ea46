package dev.sevenfold.backup.journal;

import dev.sevenfold.backup.engine.Change;
import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.files.FilePlan;
import dev.sevenfold.backup.io.DiskFiles;
import dev.sevenfold.backup.io.FileOwners;
import dev.sevenfold.backup.io.PosixModes;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps files, and what is known of safety archives, together with rows over a crash. The new files
 * are laid beside their places, and a {@link FileJournal} says so. The transaction that writes the
 * rows also makes a marker table; when it has committed, the files are moved into their places, and
 * the marker goes.
 *
 * <p>So at any moment the marker tells: if it is there, the rows are the new ones, and the files
 * are moved by whoever comes next. If it is not, the rows are the old ones, no file has moved, and
 * what was laid beside is removed.
 *
 * <p>Closed after each attempt; then it takes back what was laid, unless the rows are committed.
 * Use from one thread.
 */
public final class FileRestore implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FileRestore.class);
  private static final FileOwners LIKE_BEFORE = new FileOwners(Optional.empty(), Optional.empty());
  private static final int EXECUTE = 0111;

  /** What is known of the transaction that writes the rows. */
  private enum Commit {
    NOT_ASKED_FOR,
    /** An error may have come back although it was done: only the database can say. */
    NOT_KNOWN,
    DONE
  }

  private final Engine engine;
  private final TenantId tenant;
  private final DiskFiles disk;
  private @Nullable FileJournal journal;
  private Commit commit = Commit.NOT_ASKED_FOR;
  private List<String> unfinished = List.of();

  public FileRestore(Engine engine, TenantId tenant) {
    this.engine = engine;
    this.tenant = tenant;
    this.disk = engine.disk();
  }

  /** Writes down that a safety archive of this instant belongs to the restore. */
  public void announceSafety(Instant capturedAt) {
    Optional<Path> live = engine.file();
    if (live.isEmpty()) {
      // A database in memory is gone with whoever could be killed.
      return;
    }
    FileJournal next = begun(live.get()).withSafety(capturedAt);
    try {
      next.write(disk);
    } catch (IOException e) {
      throw new OperationFailed(
          "The restore could not be noted in " + next.file() + ": " + e.getMessage(),
          "Check the space and the permissions there",
          e);
    }
    journal = next;
  }

  private FileJournal begun(Path live) {
    return journal == null ? FileJournal.begin(live, tenant) : journal;
  }

  /** Writes down what is to be done, and lays the new files beside their places. */
  public void lay(FilePlan plan) {
    if (plan.isEmpty()) {
      return;
    }
    Path live =
        engine
            .file()
            .orElseThrow(
                () ->
                    new OperationFailed(
                        "A database in memory cannot be restored together with files",
                        "Use a database file, or a model without files"));
    FileJournal next = begun(live).withSteps(plan);
    try {
      next.write(disk);
      journal = next;
      for (int i = 0; i < plan.writes().size(); i++) {
        Path fresh = next.steps().get(i).fresh();
        if (fresh != null) {
          lay(plan.writes().get(i).staged(), fresh, next.steps().get(i).target());
        }
      }
      disk.settle();
    } catch (IOException e) {
      throw new OperationFailed(
          "The restored files could not be laid beside their places: " + e.getMessage(),
          "Check the space and the permissions there; nothing was changed",
          e);
    }
  }

  private void lay(Path staged, Path fresh, Path target) throws IOException {
    disk.createFolders(DiskFiles.folderOf(target));
    disk.copy(staged, fresh);
    copyAttributes(target, fresh);
    disk.force(fresh);
  }

  /**
   * A replaced file keeps its owner and its mode. A new one belongs to whom its folder belongs, and
   * may be used by whom the folder may be.
   */
  private static void copyAttributes(Path target, Path fresh) throws IOException {
    boolean replaces = Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS);
    Path model = replaces ? target : DiskFiles.folderOf(target).toRealPath();
    LIKE_BEFORE.like(model).own(fresh);
    OptionalInt mode = PosixModes.of(model);
    if (mode.isPresent()) {
      PosixModes.set(fresh, replaces ? mode.getAsInt() : mode.getAsInt() & ~EXECUTE);
    }
  }

  /** Makes the marker, inside the transaction that writes the rows. */
  public void mark(Change change) throws SQLException {
    if (journal != null) {
      change.mark(journal.marker());
    }
  }

  /**
   * Commits the rows, then moves the files into their places. From here on nothing fails any more
   * that would make a restore of none.
   */
  public void commit(Change change) throws SQLException {
    commit = Commit.NOT_KNOWN;
    change.commit();
    complete(change);
  }

  private void complete(Change change) {
    commit = Commit.DONE;
    if (journal == null) {
      return;
    }
    // An interrupt ends the work, not what belongs to a commit.
    boolean interrupted = Thread.interrupted();
    try {
      journal = finish(disk, journal, change);
    } catch (IOException | SQLException | RuntimeException e) {
      unfinished = List.of(String.valueOf(e.getMessage()));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  public boolean isCommitted() {
    return commit == Commit.DONE;
  }

  /** Whether nobody knows, because the database cannot be asked. */
  public boolean isNotKnown() {
    return commit == Commit.NOT_KNOWN;
  }

  /** What could not be done after the commit: the next one who has the tenant's lock does it. */
  public List<String> unfinished() {
    return unfinished;
  }

  /**
   * Does what is left to be done after the commit, of which any part may be done already.
   *
   * @return the journal as it is then
   */
  static FileJournal finish(DiskFiles disk, FileJournal journal, Change change)
      throws IOException, SQLException {
    FileJournal finished = journal.finished();
    if (!journal.done()) {
      FileSteps.take(disk, journal.steps());
      disk.settle();
      // The marker goes before the journal; from here on its absence means nothing.
      finished.write(disk);
    }
    change.unmark(journal.marker());
    if (journal.safety().isEmpty()) {
      disk.delete(journal.file());
      disk.settle();
    }
    return finished;
  }

  /** Takes back what was laid beside, unless the rows are committed. */
  @Override
  public void close() {
    if (commit == Commit.NOT_KNOWN) {
      askDatabase();
    }
    if (commit == Commit.NOT_ASKED_FOR && journal != null) {
      try {
        journal = revert(disk, journal);
      } catch (IOException e) {
        throw new OperationFailed(
            "Files that a refused restore laid beside their places are left: " + e.getMessage(),
            "The next start of the service removes them",
            e);
      }
    }
  }

  /**
   * A commit was answered with an error. The marker says whether it was done; the connection that
   * failed is closed by now.
   */
  private void askDatabase() {
    boolean interrupted = Thread.interrupted();
    try (Session workbench = engine.openDurable()) {
      Change change = engine.change(workbench);
      if (journal == null || !journal.isCommitted(change)) {
        commit = Commit.NOT_ASKED_FOR;
      } else {
        complete(change);
      }
    } catch (SQLException | RuntimeException e) {
      log.warn("Whether the restore of tenant {} was committed is not known yet", tenant, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Removes what was laid beside, of which any part may be removed already.
   *
   * @return the journal as it is then; null if it is gone
   */
  static @Nullable FileJournal revert(DiskFiles disk, FileJournal journal) throws IOException {
    for (FileJournal.Step step : journal.steps()) {
      Path fresh = step.fresh();
      if (fresh != null && DiskFiles.isThere(fresh)) {
        disk.delete(fresh);
      }
    }
    List<Path> folders = journal.folders();
    for (int i = folders.size() - 1; i >= 0; i--) {
      deleteIfEmpty(disk, folders.get(i));
    }
    disk.settle();
    FileJournal left = journal.withoutSteps();
    if (left.safety().isEmpty()) {
      disk.delete(journal.file());
      disk.settle();
      return null;
    }
    if (!left.equals(journal)) {
      left.write(disk);
    }
    return left;
  }

  private static void deleteIfEmpty(DiskFiles disk, Path folder) throws IOException {
    try {
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        disk.delete(folder);
      }
    } catch (FileSystemException e) {
      // Somebody else has use for it by now, or it may not go: an empty folder harms nobody.
      return;
    }
  }
}
