package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.scratch.DatabaseLocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Deals with what a killed restore has left, under the lock of the one that comes next. */
public final class SystemRecovery {

  private SystemRecovery() {}

  /**
   * Completes or reverts; says what was done, in a sentence each.
   *
   * @param lock held meanwhile
   */
  public static List<String> run(RestoreSettings settings, DurableFiles disk, RestoreLock lock)
      throws IOException {
    lock.requireHeld();
    WorkFolder work = settings.work();
    Optional<SwapJournal> journal = SwapJournal.read(settings.directory(), work.journal());
    if (journal.isPresent()) {
      if (journal.get().state() != SwapJournal.State.DONE && !settings.evenIfOpen()) {
        refuseIfInUse(settings, work, journal.get(), disk);
      }
      return List.of(new SwapRun(settings, disk, journal.get()).resume());
    }
    boolean staged = DurableFiles.exists(work.staged());
    work.clear(disk);
    return staged
        ? List.of("Removed what a restore had extracted that was killed before it changed anything")
        : List.of();
  }

  private static void refuseIfInUse(
      RestoreSettings settings, WorkFolder work, SwapJournal journal, DurableFiles disk)
      throws IOException {
    RestoreLayout layout = new RestoreLayout(settings.directory(), journal.places(), List.of());
    List<Path> databases =
        layout.places().stream()
            .filter(place -> place.role() != Role.TREE)
            .map(layout::target)
            .toList();
    List<String> users = new ArrayList<>(OpenFiles.find(layout.databaseFiles()));
    disk.deleteAll(work.links());
    Files.createDirectory(work.links());
    try (DatabaseLocks locks =
        DatabaseLocks.hold(databases, work.links(), settings.busyTimeout())) {
      users.addAll(locks.busy());
      if (!users.isEmpty()) {
        throw new RestoreRefused(
            "A restore into " + settings.directory() + " was killed, and the system was started",
            users,
            "Stop the system, then restore or recover again");
      }
    }
  }
}
