package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.scratch.DatabaseLocks;
import dev.sevenfold.backup.source.RestoredSystem;
import dev.sevenfold.backup.source.SystemCheck;
import dev.sevenfold.backup.system.SwapJournal.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts a staged system into its place, and resumes that after a kill. Before a file moves, a
 * journal says so; after the last one has, the host is asked; when it agrees, the journal says that
 * the new files stay. Use from one thread, which holds the {@link RestoreLock}.
 */
public final class SwapRun {

  private final RestoreSettings settings;
  private final RestoreLayout layout;
  private final WorkFolders folders;
  private final WorkFolder work;
  private final DurableFiles disk;
  private SwapJournal journal;

  public SwapRun(
      RestoreSettings settings, WorkFolders folders, DurableFiles disk, SwapJournal journal) {
    this.settings = settings;
    this.layout = new RestoreLayout(settings.directory(), journal.places(), List.of(), folders);
    this.folders = folders;
    this.work = folders.main();
    this.disk = disk;
    this.journal = journal;
  }

  /**
   * Goes through all of it; brings the old files back if anything fails.
   *
   * @param locks on the old databases; released once they are out of the way, and else by the
   *     caller
   */
  public RestoredSystem execute(DatabaseLocks locks) {
    // An interrupt closes channels in the middle of it: it has to wait.
    return Interrupts.defer(
        () -> {
          try {
            enter(State.SWAPPING);
            swap().execute();
            enter(State.CHECKING);
            locks.close();
            askHost();
            enter(State.DONE);
          } catch (OutOfMemoryError e) {
            IOException cause =
                new IOException("there is not enough memory for its list of files", e);
            throw Interrupts.defer(() -> bringBack(cause));
          } catch (IOException | RuntimeException e) {
            // Again, since a check of the host may have been interrupted meanwhile.
            throw Interrupts.defer(() -> bringBack(e));
          }
          return finish();
        });
  }

  /**
   * Deals with what a killed restore has left, for the one that comes next: completes or reverts
   * it, and says what was done, in a sentence each.
   *
   * @param lock held meanwhile
   */
  public static List<String> recover(RestoreSettings settings, DurableFiles disk, RestoreLock lock)
      throws IOException {
    lock.requireHeld();
    WorkFolder work = settings.work();
    WorkFolders.requireFree(work);
    WorkFolders folders = WorkFolders.ofKilled(settings.directory());
    Optional<SwapJournal> journal = SwapJournal.read(settings.directory(), work.journal());
    if (journal.isPresent()) {
      folders.requireMounted(disk.mounts(), journal.get().state() != State.DONE);
      SwapRun run = new SwapRun(settings, folders, disk, journal.get());
      if (journal.get().state() != State.DONE && !settings.evenIfOpen()) {
        run.refuseIfInUse();
      }
      return List.of(run.resume());
    }
    folders.requireMounted(disk.mounts(), false);
    boolean staged = DurableFiles.exists(work.staged());
    folders.clear(disk);
    return staged
        ? List.of("Removed what a restore that was killed had left in its work folders")
        : List.of();
  }

  private void refuseIfInUse() throws IOException {
    List<String> users = new ArrayList<>(OpenFiles.find(layout.databaseFiles()));
    try (DatabaseLocks locks = layout.hold(settings, disk)) {
      users.addAll(locks.busy());
      if (!users.isEmpty()) {
        throw new RestoreRefused(
            "A restore into " + settings.directory() + " was killed, and the system was started",
            users,
            "Stop the system, then restore or recover again");
      }
    }
  }

  /** Goes on where a killed restore has stopped, and says what was done. */
  private String resume() {
    return Interrupts.defer(
        () -> {
          try {
            return switch (journal.state()) {
              case SWAPPING -> revert("Reverted a restore that was killed while files were moved");
              case CHECKING -> checkAgain();
              case DONE -> describe(finish());
            };
          } catch (IOException e) {
            throw stuck(e);
          }
        });
  }

  private String checkAgain() throws IOException {
    try {
      removeHalfMade();
      askHost();
    } catch (RestoreRefused e) {
      return Interrupts.defer(
          () ->
              revert("Reverted a restore that was killed before the host had agreed: " + e.what()));
    }
    enter(State.DONE);
    return describe(finish());
  }

  private static String describe(RestoredSystem restored) {
    return "Completed a restore that was killed after all files were in their places"
        + (restored.replaced().isEmpty() ? "" : "; the replaced files are in ")
        + text(restored.replaced())
        + restored.notes().stream().map(note -> "; " + note).collect(Collectors.joining());
  }

  private static String text(List<Path> paths) {
    return String.join(", ", paths.stream().map(Path::toString).toList());
  }

  private String revert(String what) throws IOException {
    Set<WorkFolder> strange = new LinkedHashSet<>();
    swap().strangers().forEach(database -> strange.add(folders.of(database)));
    swap().revert();
    List<Path> kept = new ArrayList<>();
    for (WorkFolder each : strange) {
      Path aside = each.strange(settings.stamp());
      disk.move(each.rejected(), aside);
      kept.add(aside);
    }
    tidyUp();
    return kept.isEmpty()
        ? what
        : what
            + "; something has made databases of its own in the places that were empty meanwhile:"
            + " they are in "
            + text(kept);
  }

  private Swap swap() {
    return new Swap(journal.moves(), disk, folders);
  }

  private void enter(State next) throws IOException {
    SwapJournal entered = journal.at(next);
    entered.write(disk, settings.directory(), work.journal());
    journal = entered;
  }

  /** Brings the old files back, and says what failed. */
  private BackupException bringBack(Exception why) {
    try {
      swap().revert();
      tidyUp();
    } catch (IOException | RuntimeException e) {
      OperationFailed stuck = stuck(e);
      stuck.addSuppressed(why);
      return stuck;
    }
    return why instanceof BackupException known ? known : failed(why);
  }

  private void askHost() {
    Map<String, Path> places = places();
    try {
      for (SystemPlace place : journal.places()) {
        if (place.role() == Role.REBUILT) {
          settings.rebuild().rebuild(place.name(), layout.target(place));
        }
      }
      for (SystemCheck check : settings.checks()) {
        if (!check.passes(places)) {
          throw refused("a check of the host did not pass", null);
        }
      }
    } catch (RestoreRefused e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused("a check of the host was interrupted", e);
    } catch (Exception e) {
      throw refused("a check of the host failed: " + e, e);
    }
  }

  private static RestoreRefused refused(String why, @Nullable Exception e) {
    return new RestoreRefused(
        "The restored system was taken out again",
        List.of(why),
        "What was there before is back; look into the cause, or restore another archive",
        e);
  }

  private void removeHalfMade() throws IOException {
    for (Move move : journal.moves()) {
      if (move.isDerived()) {
        disk.deleteAll(move.target());
      }
    }
  }

  /** The new files stay, whatever happens here. */
  private RestoredSystem finish() {
    List<String> notes = new ArrayList<>();
    List<Path> replaced = new ArrayList<>();
    boolean cleared =
        attempt(
            notes,
            () -> {
              clearReplaced(replaced);
              // The folders below get modes with which nothing may be removed from them any more.
              folders.releaseMounts(disk);
            });
    notes.addAll(finishFolders());
    if (cleared) {
      attempt(notes, this::tidyUp);
    }
    return new RestoredSystem(places(), replaced, notes);
  }

  /** A step of tidying up. */
  @FunctionalInterface
  private interface Step {
    void take() throws IOException;
  }

  private boolean attempt(List<String> notes, Step step) {
    try {
      step.take();
      return true;
    } catch (IOException e) {
      notes.add(
          "The restored system is in its place, but %s could not be tidied up: %s"
              .formatted(workFolders(), Printable.reasonWithFile(e)));
      return false;
    }
  }

  private List<String> finishFolders() {
    List<String> notes = new ArrayList<>();
    for (LateFolder folder : journal.late()) {
      try {
        folder.apply(settings.owners(), disk);
      } catch (IOException e) {
        notes.add(
            "The folder %s could not get the mode and the time that it had: %s"
                .formatted(Printable.of(folder.path().toString()), Printable.reason(e)));
      }
    }
    return notes;
  }

  private void clearReplaced(List<Path> kept) throws IOException {
    for (Move move : journal.moves()) {
      if (move.isDerived()) {
        disk.deleteAll(move.old());
      }
    }
    for (WorkFolder each : folders.all()) {
      boolean any =
          journal.moves().stream()
              .anyMatch(
                  move -> move.old().startsWith(each.old()) && DurableFiles.exists(move.old()));
      disk.deleteEmptyFolders(each.old());
      if (any && settings.keepReplaced()) {
        Path replaced = each.replaced(settings.stamp());
        disk.move(each.old(), replaced);
        disk.sync();
        kept.add(replaced);
      } else {
        disk.deleteAll(each.old());
      }
    }
  }

  /** The journal goes before what it names, and never before the old files are where they stay. */
  private void tidyUp() throws IOException {
    disk.sync();
    disk.delete(work.journal());
    disk.sync(work.root());
    folders.clear(disk);
  }

  private String workFolders() {
    return text(folders.all().stream().map(WorkFolder::root).toList());
  }

  private Map<String, Path> places() {
    Map<String, Path> places = new LinkedHashMap<>();
    journal.places().forEach(place -> places.put(place.name(), layout.target(place)));
    return places;
  }

  private OperationFailed failed(Exception e) {
    return new OperationFailed(
        "The files of the system could not be moved into " + settings.directory() + ": " + e,
        "What was there before is back; clear the cause, then restore again",
        e);
  }

  private OperationFailed stuck(Exception e) {
    return new OperationFailed(
        "What was in %s before could not be brought back: %s".formatted(settings.directory(), e),
        "Do not start the system and delete nothing: the files are in "
            + workFolders()
            + "; clear the cause, then restore again, which brings them back first",
        e);
  }
}
