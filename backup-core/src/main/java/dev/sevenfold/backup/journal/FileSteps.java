package dev.sevenfold.backup.journal;

import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.HeldFolder;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Moves the files of a restore into their places, after its rows are committed. */
final class FileSteps {

  private FileSteps() {}

  /**
   * Takes each step that was not taken before. One that cannot be taken does not keep others from
   * it.
   *
   * @throws IOException if any could not be taken; says what is in the way of each
   */
  static void take(DurableFiles disk, List<RestoreJournal.Step> steps) throws IOException {
    List<String> failed = new ArrayList<>();
    IOException first = null;
    for (RestoreJournal.Step step : steps) {
      try {
        take(disk, step);
      } catch (IOException e) {
        failed.add(describe(step, e));
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw new IOException(String.join("; ", failed), first);
    }
  }

  private static void take(DurableFiles disk, RestoreJournal.Step step) throws IOException {
    Path target = step.target().getFileName();
    if (step.fresh() == null) {
      where(
          step.target(),
          (folder, name) -> {
            // A folder by now: the file has gone, and this is somebody else's.
            if (!folder.isFolder(name)) {
              disk.delete(folder, name);
            }
          });
    } else {
      where(
          step.fresh(),
          (folder, name) -> {
            if (folder.isFolder(target)) {
              // Only one that is empty goes.
              disk.delete(folder, target);
            }
            disk.replace(folder, name, target);
          });
    }
  }

  /** Does something to a file of a folder. */
  @FunctionalInterface
  interface Work {
    void in(HeldFolder folder, Path name) throws IOException;
  }

  /**
   * Does something to a file if it is there.
   *
   * @throws IOException if it is there and can be reached by a link only, too
   */
  static void where(Path file, Work work) throws IOException {
    Path name = file.getFileName();
    try (HeldFolder folder = HeldFolder.open(DurableFiles.folderOf(file))) {
      if (folder.isThere(name)) {
        work.in(folder, name);
      }
    } catch (FileSystemException e) {
      if (DurableFiles.isThere(file)) {
        throw e;
      }
    }
  }

  private static String describe(RestoreJournal.Step step, IOException e) {
    String what = step.fresh() == null ? " could not be removed: " : " could not be put in place: ";
    boolean occupied = step.fresh() != null && DurableFiles.isFolder(step.target());
    return step.target()
        + what
        + (occupied ? "a folder with files is in its place" : Printable.reason(e));
  }

  /** The restored files that are neither laid nor in their places: somebody has removed them. */
  static List<Path> lost(List<RestoreJournal.Step> steps) {
    return steps.stream()
        .filter(step -> step.fresh() != null && !DurableFiles.exists(step.target()))
        .map(RestoreJournal.Step::target)
        .toList();
  }
}
