package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Keeps files together with rows over a crash. The new files are laid beside their places, and a
 * {@link FileJournal} says so. The transaction that writes the rows also makes a marker table; when
 * it has committed, the files are moved into their places, and the marker goes.
 *
 * <p>So at any moment the marker tells: if it is there, the rows are the new ones, and the files
 * are moved by whoever comes next. If it is not, the rows are the old ones, no file has moved, and
 * what was laid beside is removed.
 */
final class FileRestore implements AutoCloseable {

  private static final FileOwners LIKE_BEFORE = new FileOwners(Optional.empty(), Optional.empty());
  private static final int EXECUTE = 0111;

  private final DiskFiles disk;
  private final @Nullable FileJournal journal;
  private boolean committed;

  private FileRestore(DiskFiles disk, @Nullable FileJournal journal) {
    this.disk = disk;
    this.journal = journal;
  }

  /** Writes down what is to be done, and lays the new files beside their places. */
  static FileRestore lay(SqliteDatabase database, TenantId tenant, FilePlan plan) {
    DiskFiles disk = database.disk();
    if (plan.isEmpty()) {
      return new FileRestore(disk, null);
    }
    Path live =
        database
            .file()
            .orElseThrow(
                () ->
                    new OperationFailed(
                        "A database in memory cannot be restored together with files",
                        "Use a database file, or a model without files"));
    FileJournal journal = FileJournal.of(live, tenant, plan);
    FileRestore restore = new FileRestore(disk, journal);
    try {
      journal.write(disk);
      for (int i = 0; i < plan.writes().size(); i++) {
        Path fresh = journal.steps().get(i).fresh();
        if (fresh != null) {
          restore.lay(plan.writes().get(i).staged(), fresh, journal.steps().get(i).target());
        }
      }
      disk.settle();
      return restore;
    } catch (IOException e) {
      restore.close();
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
    boolean replaces = DiskFiles.exists(target);
    Path model = replaces ? target : DiskFiles.folderOf(target).toRealPath();
    LIKE_BEFORE.like(model).own(fresh);
    OptionalInt mode = PosixModes.of(model);
    if (mode.isPresent()) {
      PosixModes.set(fresh, replaces ? mode.getAsInt() : mode.getAsInt() & ~EXECUTE);
    }
  }

  /** Makes the marker, inside the transaction that writes the rows. */
  void mark(Session session) throws SQLException {
    if (journal != null) {
      session.execute("CREATE TABLE " + Sql.name(SnapshotTaker.LIVE, journal.marker()) + " (done)");
    }
  }

  /**
   * Moves the files into their places, after the commit.
   *
   * @return what could not be done yet, and is done by the next one who has the tenant's lock
   */
  List<String> complete(Session session) {
    committed = true;
    if (journal == null) {
      return List.of();
    }
    // An interrupt ends the work, not what belongs to a commit.
    boolean interrupted = Thread.interrupted();
    try {
      finish(disk, journal, session);
      return List.of();
    } catch (IOException | SQLException | RuntimeException e) {
      return List.of(String.valueOf(e.getMessage()));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Does what is left to be done after the commit, of which any part may be done already. */
  static void finish(DiskFiles disk, FileJournal journal, Session session)
      throws IOException, SQLException {
    if (!journal.done()) {
      for (FileJournal.Step step : journal.steps()) {
        Path fresh = step.fresh();
        if (fresh == null) {
          disk.delete(step.target());
        } else if (DiskFiles.exists(fresh)) {
          disk.replace(fresh, step.target());
        }
      }
      disk.settle();
      // The marker goes before the journal; from here on its absence means nothing.
      journal.finished().write(disk);
    }
    session.execute("DROP TABLE IF EXISTS " + Sql.name(SnapshotTaker.LIVE, journal.marker()));
    disk.delete(journal.file());
    disk.settle();
  }

  /** Removes what was laid beside, unless the rows are committed. */
  @Override
  public void close() {
    if (!committed && journal != null) {
      try {
        revert(disk, journal);
      } catch (IOException e) {
        throw new OperationFailed(
            "Files that a refused restore laid beside their places are left: " + e.getMessage(),
            "The next start of the service removes them",
            e);
      }
    }
  }

  /** Removes what was laid beside, of which any part may be removed already. */
  static void revert(DiskFiles disk, FileJournal journal) throws IOException {
    for (FileJournal.Step step : journal.steps()) {
      Path fresh = step.fresh();
      if (fresh != null) {
        disk.delete(fresh);
      }
    }
    List<Path> folders = journal.folders();
    for (int i = folders.size() - 1; i >= 0; i--) {
      deleteIfEmpty(disk, folders.get(i));
    }
    disk.delete(journal.file());
    disk.settle();
  }

  private static void deleteIfEmpty(DiskFiles disk, Path folder) throws IOException {
    try {
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        disk.delete(folder);
      }
    } catch (DirectoryNotEmptyException e) {
      // Somebody else has use for it by now.
      return;
    }
  }
}
