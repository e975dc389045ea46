package dev.sevenfold.backup.journal;

import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.DurableFiles;
import java.io.IOException;
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
    Path fresh = step.fresh();
    Path target = step.target();
    if (fresh == null) {
      // A folder by now: the file has gone, and this is somebody else's.
      if (DurableFiles.isThere(target) && !DurableFiles.isFolder(target)) {
        DurableFiles.requireReal(target);
        disk.delete(target);
      }
    } else if (DurableFiles.isThere(fresh)) {
      DurableFiles.requireReal(target);
      if (DurableFiles.isFolder(target)) {
        // Only one that is empty goes.
        disk.delete(target);
      }
      disk.replace(fresh, target);
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
