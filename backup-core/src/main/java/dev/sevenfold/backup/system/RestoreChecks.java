package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.EntryPlaces;
import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.MountPoints;
import dev.sevenfold.backup.io.NeededSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What stands in the way of a restore before anything is written. Changes nothing. */
public final class RestoreChecks {

  private final RestoreLayout layout;
  private final ArchiveManifest manifest;
  private final RestoreSettings settings;
  private final MountPoints mounts;
  private final List<String> conflicts = new ArrayList<>();

  private RestoreChecks(
      RestoreLayout layout,
      ArchiveManifest manifest,
      RestoreSettings settings,
      MountPoints mounts) {
    this.layout = layout;
    this.manifest = manifest;
    this.settings = settings;
    this.mounts = mounts;
  }

  /** Everything that can be seen from outside, before anything is extracted. */
  public static List<String> find(
      RestoreLayout layout,
      ArchiveManifest manifest,
      RestoreSettings settings,
      MountPoints mounts) {
    RestoreChecks checks = new RestoreChecks(layout, manifest, settings, mounts);
    checks.conflicts.addAll(layout.conflicts());
    checks.look(true);
    return List.copyOf(checks.conflicts);
  }

  /** As {@link #find}, once the archive was extracted and has taken its space. */
  public static List<String> findAgain(
      RestoreLayout layout,
      ArchiveManifest manifest,
      RestoreSettings settings,
      MountPoints mounts) {
    RestoreChecks checks = new RestoreChecks(layout, manifest, settings, mounts);
    checks.look(false);
    return List.copyOf(checks.conflicts);
  }

  private void look(boolean space) {
    Path base = NeededSpace.nearest(layout.directory());
    try {
      if (!Files.isDirectory(base) || !Files.isWritable(base)) {
        conflicts.add(base + " is no folder that this process may write to");
      } else {
        if (space) {
          checkSpace();
        }
        checkPlaces();
        checkMountsInTrees();
      }
    } catch (IOException e) {
      conflicts.add(
          "%s cannot be looked at: %s".formatted(layout.directory(), Printable.reasonWithFile(e)));
    }
    if (!settings.evenIfOpen()) {
      conflicts.addAll(OpenFiles.find(layout.databaseFiles()));
    }
  }

  private void checkSpace() throws IOException {
    EntryPlaces places = layout.entryPlaces();
    NeededSpace space = new NeededSpace();
    for (ArchiveManifest.Entry entry : manifest.entries()) {
      space.add(places.root(entry.name()), entry.size());
    }
    for (ArchiveManifest.Folder folder : manifest.folders()) {
      space.add(places.root(folder.name()), 0);
    }
    for (ArchiveManifest.Link link : manifest.links()) {
      space.add(places.root(link.name()), 0);
    }
    for (NeededSpace.Lack lack : space.lacks()) {
      conflicts.add(
          "%s has %,d bytes free; the restored files need %,d beside those that are there"
              .formatted(lack.folder(), lack.free(), lack.needed()));
    }
  }

  private void checkPlaces() throws IOException {
    Set<Path> looked = new TreeSet<>();
    for (SystemPlace place : layout.places()) {
      Path target = layout.target(place);
      if (layout.isOwn(target) && !layout.work().of(target).equals(layout.work().main())) {
        conflicts.add("The place " + place.path() + " is one that restores work in");
      }
      for (Path path : layout.above(place)) {
        if (looked.add(path) && DurableFiles.exists(path)) {
          checkPath(path, place);
        }
      }
    }
  }

  private void checkPath(Path path, SystemPlace place) throws IOException {
    boolean target = path.equals(layout.target(place));
    boolean database = target && place.role() != Role.TREE;
    if (Files.isSymbolicLink(path)) {
      conflicts.add(
          "%s is a link to %s; remove it, or restore into the folder that it leads to"
              .formatted(path, Files.readSymbolicLink(path)));
    } else if (layout.work().mounts().contains(path)) {
      checkMount(path, place);
    } else if (mounts.isMount(path)) {
      conflicts.add(
          "%s is a mount point that nothing can be staged in, as it is a single file, or was mounted just now: it can be neither renamed nor replaced; unmount it, or %s"
              .formatted(path, elsewhere(place)));
    } else if (layout.work().isAboveMount(path)) {
      // It stays where it is; in a tree, what is in it does not.
      if (target && !Files.isWritable(path)) {
        conflicts.add("What is in " + path + " cannot be renamed by this process");
      }
    } else if (!Files.isWritable(DurableFiles.folderOf(path))
        || (!database && Files.isDirectory(path) && !Files.isWritable(path))) {
      conflicts.add(path + " cannot be renamed by this process");
    }
  }

  private void checkMount(Path mount, SystemPlace place) {
    if (!Files.isWritable(mount)) {
      conflicts.add(
          "%s is a mount of its own that this process may not write to (it is mounted read-only, or another user's), and what belongs there has to be staged in it; mount it writable, or %s"
              .formatted(mount, elsewhere(place)));
    }
  }

  private void checkMountsInTrees() throws IOException {
    for (SystemPlace tree : layout.of(Role.TREE)) {
      Path target = layout.target(tree);
      for (Path mount : layout.work().mounts()) {
        if (mount.startsWith(target) && !mount.equals(target)) {
          checkMount(mount, tree);
          checkContent(mount, tree);
        }
      }
    }
  }

  private void checkContent(Path mount, SystemPlace tree) throws IOException {
    for (Path path = mount; !path.equals(layout.target(tree)); path = DurableFiles.folderOf(path)) {
      if (layout.isNoFolder(tree, path, manifest)) {
        conflicts.add(
            "%s is a mount of its own, and in the archive %s is no folder; unmount it, or %s"
                .formatted(mount, path, elsewhere(tree)));
      }
    }
    if (!settings.keepReplaced() && layout.isBare(mount, manifest) && hasContent(mount)) {
      conflicts.add(
          "%s, in the place of %s, is a mount of its own, and the archive has nothing of what is in it: it may not have been mounted when the backup was made; unmount it, or restore without discardReplaced()"
              .formatted(mount, tree.name()));
    }
  }

  private boolean hasContent(Path mount) throws IOException {
    return DurableFiles.list(mount).stream()
        .anyMatch(path -> !layout.isOwn(path) && !layout.isLostAndFound(path));
  }

  /**
   * What cannot move as it is planned: a folder that may not be renamed, and mounts that moves
   * would meet. One inside of what is set aside would go along, and the new files would be on the
   * disk below; nothing moves from one to the other.
   */
  public static List<String> findUnmovable(
      RestoreLayout layout, List<Move> moves, MountPoints mounts) throws IOException {
    Set<String> found = new TreeSet<>();
    for (Move move : moves) {
      if (DurableFiles.isFolder(move.target()) && !Files.isWritable(move.target())) {
        found.add(move.target() + " cannot be renamed by this process");
      }
      for (Path mount : mountsOf(layout, move, mounts)) {
        for (SystemPlace place : layout.places()) {
          if (move.target().startsWith(layout.target(place))) {
            found.add(
                "%s, in the place of %s, is a mount of its own: it cannot be set aside; unmount it, or %s"
                    .formatted(mount, place.name(), elsewhere(place)));
          }
        }
      }
    }
    return List.copyOf(found);
  }

  private static Set<Path> mountsOf(RestoreLayout layout, Move move, MountPoints mounts)
      throws IOException {
    Path folder = DurableFiles.folderOf(move.target());
    Set<Path> found = new TreeSet<>();
    mounts.points().stream().filter(point -> point.startsWith(move.target())).forEach(found::add);
    if (DurableFiles.isFolder(folder)) {
      Optional<Path> here = mounts.around(layout.work().of(move.target()).base());
      mounts.around(folder).filter(mount -> !here.equals(Optional.of(mount))).ifPresent(found::add);
    }
    return found;
  }

  private static String elsewhere(SystemPlace place) {
    boolean tree = place.role() == Role.TREE;
    return "place %s elsewhere below the folder, by place(\"%s\", \"%s.restored\"), and copy it to that disk (cp -a %s)"
        .formatted(
            place.name(),
            place.name(),
            place.name(),
            place.name() + ".restored" + (tree ? "/. " + place.path() + "/" : " " + place.path()));
  }
}
