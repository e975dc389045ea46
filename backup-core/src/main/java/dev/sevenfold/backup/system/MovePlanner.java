package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.io.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the fewest renames that put a staged system into its place: a whole tree is one, unless
 * another part of the system is inside of it. Use from one thread.
 */
public final class MovePlanner {

  private final RestoreLayout layout;
  private final WorkFolders work;
  private final KeptPlaces kept;
  private final List<Move> moves = new ArrayList<>();
  private final Set<Path> planned = new HashSet<>();

  private MovePlanner(RestoreLayout layout, KeptPlaces kept) {
    this.layout = layout;
    this.work = layout.work();
    this.kept = kept;
  }

  /** Looks at what is there, and makes the folders in the work folders that places lack. */
  public static List<Move> plan(RestoreLayout layout, KeptPlaces kept, DurableFiles disk)
      throws IOException {
    MovePlanner planner = new MovePlanner(layout, kept);
    for (SystemPlace tree : layout.of(Role.TREE)) {
      planner.keepOut(tree, disk);
    }
    for (SystemPlace place : layout.places()) {
      planner.folders(layout.target(place));
    }
    for (SystemPlace place : layout.places()) {
      switch (place.role()) {
        case DATABASE -> planner.database(place, layout.staged(place.databaseEntry()));
        case REBUILT -> planner.database(place, null);
        case TREE -> planner.tree(place, layout.target(place));
      }
    }
    return planner.moves;
  }

  /** The topmost folder above a place that is not there, or is none. */
  private void folders(Path target) throws IOException {
    Path folder = layout.directory();
    Path relative = layout.directory().relativize(target);
    for (int i = 0; i + 1 < relative.getNameCount(); i++) {
      folder = folder.resolve(relative.getName(i));
      if (!DurableFiles.isFolder(folder)) {
        Path fresh = fresh(folder);
        Files.createDirectories(fresh.resolve(folder.relativize(DurableFiles.folderOf(target))));
        if (planned.add(folder)) {
          moves.add(move(folder, Move.Kind.OTHER, fresh));
        }
        return;
      }
    }
  }

  /** A folder that is made for a place; in a tree it is the tree's own, with all that is in it. */
  private Path fresh(Path folder) {
    return layout.of(Role.TREE).stream()
        .filter(tree -> isInside(folder, layout.target(tree)))
        .map(tree -> layout.staged(tree, folder))
        .filter(DurableFiles::isFolder)
        .findFirst()
        .orElseGet(() -> work.of(folder).in(work.of(folder).folders(), folder));
  }

  private static boolean isInside(Path path, Path folder) {
    return path.startsWith(folder) && !path.equals(folder);
  }

  /** Removes from a staged tree what would come to lie where a database does, or beside one. */
  private void keepOut(SystemPlace tree, DurableFiles disk) throws IOException {
    for (Path file : layout.databaseFiles()) {
      if (file.startsWith(layout.target(tree))) {
        disk.deleteAll(layout.staged(tree, file));
      }
    }
  }

  private void database(SystemPlace place, @Nullable Path fresh) {
    if (kept.isKept(layout.target(place))) {
      return;
    }
    boolean kept = place.role() == Role.DATABASE;
    List<Path> files = layout.files(place);
    moves.add(move(files.get(0), kept ? Move.Kind.DATABASE : Move.Kind.REBUILT, fresh));
    for (Path companion : files.subList(1, files.size())) {
      moves.add(move(companion, kept ? Move.Kind.BESIDE : Move.Kind.BESIDE_REBUILT, null));
    }
  }

  /**
   * A tree as a whole, or what is in it one by one if another part is in it too, or something is
   * mounted there or below: a mount point stays where it is.
   */
  private void tree(SystemPlace tree, Path target) throws IOException {
    Path fresh = layout.staged(tree, target);
    if (!hasPartsInside(target)) {
      moves.add(move(target, Move.Kind.OTHER, Files.createDirectories(fresh)));
      return;
    }
    Set<Path> names = new TreeSet<>();
    DurableFiles.list(target).forEach(file -> names.add(file.getFileName()));
    DurableFiles.list(fresh).forEach(file -> names.add(file.getFileName()));
    for (Path name : names) {
      Path child = target.resolve(name.toString());
      if (planned.contains(child) || isOtherPart(child)) {
        continue;
      }
      if (hasPartsInside(child)) {
        tree(tree, child);
      } else {
        Path freshChild = layout.staged(tree, child);
        moves.add(
            move(child, Move.Kind.OTHER, DurableFiles.exists(freshChild) ? freshChild : null));
      }
    }
  }

  /** Whether a path below the system's folder is for somebody else to move, or for nobody. */
  private boolean isOtherPart(Path path) {
    return layout.isOwn(path)
        || layout.isLostAndFound(path)
        || layout.databaseFiles().contains(path)
        || kept.isKept(path);
  }

  private boolean hasPartsInside(Path path) {
    return work.all().stream().anyMatch(each -> each.root().startsWith(path))
        || kept.isInside(path)
        || layout.places().stream().anyMatch(place -> isInside(layout.target(place), path));
  }

  private Move move(Path target, Move.Kind kind, @Nullable Path fresh) {
    return new Move(
        target,
        kind,
        DurableFiles.exists(target),
        work.of(target).in(work.of(target).old(), target),
        fresh);
  }
}
