package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.MountPoints;
import dev.sevenfold.backup.scratch.OwnPlaces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds the mounts below a system's folder that a restore has to work in: those that a part of the
 * system is, or lies in, and those in a tree. Changes nothing.
 */
public final class RestoreMounts {

  private RestoreMounts() {}

  /**
   * Looks at what is mounted now. One in a tree in which nothing is but Sevenfold's own is in
   * nobody's way, and is not among them.
   */
  public static WorkFolders find(
      RestoreLayout layout, ArchiveManifest manifest, OwnPlaces own, MountPoints mounts)
      throws IOException {
    Set<Path> found = new TreeSet<>();
    Set<Path> inside = new TreeSet<>();
    for (SystemPlace place : layout.places()) {
      found.addAll(above(layout, place, mounts));
      if (place.role() == Role.TREE) {
        inside.addAll(inside(layout.target(place), mounts));
      }
    }
    inside.removeAll(found);
    inside.remove(layout.directory()); // which has a work folder anyway
    if (!inside.isEmpty()) {
      KeptPlaces kept = KeptPlaces.find(layout, own);
      for (Path mount : inside) {
        boolean ours = kept.isInside(mount) && kept.isAll(mount) && layout.isBare(mount, manifest);
        if (!kept.covers(mount) && !ours) {
          found.add(mount);
        }
      }
    }
    return WorkFolders.in(layout.directory(), List.copyOf(found));
  }

  /** Those that a place is, or lies in. */
  private static List<Path> above(RestoreLayout layout, SystemPlace place, MountPoints mounts)
      throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path path : layout.above(place)) {
      if (DurableFiles.isFolder(path) && mounts.isMount(path)) {
        found.add(path);
      }
    }
    return found;
  }

  private static List<Path> inside(Path tree, MountPoints mounts) throws IOException {
    if (!DurableFiles.isFolder(tree)) {
      return List.of();
    }
    try (Stream<Path> points = mounts.within(tree)) {
      return points.filter(DurableFiles::isFolder).filter(point -> point.startsWith(tree)).toList();
    }
  }
}
