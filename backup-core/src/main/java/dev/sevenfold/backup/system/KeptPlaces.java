package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.LiveFiles;
import dev.sevenfold.backup.journal.TenantLocks;
import dev.sevenfold.backup.scratch.OwnPlaces;
import dev.sevenfold.backup.source.OwnPlace;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What lies in the places of a restore and is Sevenfold's own, so that it neither moves nor goes:
 * the archive that is being restored may be among it. Use from one thread.
 */
public final class KeptPlaces {

  private final RestoreLayout layout;
  private final OwnPlaces own;
  private final Map<Path, String> kept = new TreeMap<>();
  private final Set<Path> around = new HashSet<>();
  private final Map<Path, List<OwnPlace>> partly = new HashMap<>();

  private KeptPlaces(RestoreLayout layout, OwnPlaces own) {
    this.layout = layout;
    this.own = own;
  }

  /** Looks through the trees that are there now. */
  public static KeptPlaces find(RestoreLayout layout, OwnPlaces own) throws IOException {
    KeptPlaces places = new KeptPlaces(layout, own);
    for (SystemPlace place : layout.places()) {
      Path target = layout.target(place);
      if (place.role() == Role.TREE) {
        places.look(target);
      } else if (own.isDatabase(target)) {
        places.keepDatabase(target);
      }
    }
    return places;
  }

  private void keepDatabase(Path database) {
    if (DurableFiles.exists(database)) {
      LiveFiles.withCompanions(database).forEach(file -> keep(file, "a database"));
    }
  }

  private void look(Path tree) throws IOException {
    if (!DurableFiles.isFolder(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (!folder.equals(tree) && (layout.isOwn(folder) || isOurs(folder, attributes))) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            List<OwnPlace> named = own.folders(folder, attributes.fileKey());
            if (!named.isEmpty()) {
              partly.put(folder, named);
              around(folder);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            isOurs(file, attributes);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            // Whoever may not look into a folder has put nothing there, and can still rename it.
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void keep(Path path, String what) {
    kept.put(path, what);
    around(DurableFiles.folderOf(path));
  }

  /** Remembers that a folder, and those above it, are to stay where they are. */
  private void around(Path folder) {
    Path each = folder;
    while (each != null && around.add(each)) {
      each = each.getParent();
    }
  }

  /** Tells whether something is ours, and remembers it. */
  private boolean isOurs(Path path, BasicFileAttributes attributes) {
    String name = String.valueOf(path.getFileName());
    List<String> found = new ArrayList<>();
    own.whole(path, attributes.fileKey()).ifPresent(place -> found.add(place.what()));
    named(path).map(OwnPlace::what).forEach(found::add);
    if (own.isLink(path)) {
      found.add("a link to one of them");
    }
    if (attributes.isDirectory() && TreeGuard.isOwnFolder(path)) {
      found.add("what restores have replaced");
    }
    if (attributes.isRegularFile() && name.endsWith(TenantLocks.SUFFIX)) {
      found.add("a lock");
    }
    if (found.isEmpty()) {
      return false;
    }
    keep(path, found.get(0));
    return true;
  }

  /** The places of which a file's name is one, in its folder. */
  private Stream<OwnPlace> named(Path file) {
    String name = String.valueOf(file.getFileName());
    return partly.getOrDefault(file.getParent(), List.of()).stream()
        .filter(place -> place.isOwnName(name));
  }

  /** Whether a path is one that stays. */
  boolean isKept(Path path) {
    return kept.containsKey(path);
  }

  /** Whether something in a folder stays, or the folder itself has to be there for it. */
  boolean isInside(Path folder) {
    return around.contains(folder);
  }

  /** Whether all that is in a folder stays, be it nothing. */
  boolean isAll(Path folder) throws IOException {
    for (Path child : DurableFiles.list(folder)) {
      boolean stays =
          isKept(child)
              || layout.isOwn(child)
              || layout.isLostAndFound(child)
              || (isInside(child) && DurableFiles.isFolder(child) && isAll(child));
      if (!stays) {
        return false;
      }
    }
    return true;
  }

  /** Whether a path is one that stays, or in one. */
  public boolean covers(Path path) {
    return Stream.<Path>iterate(path, Objects::nonNull, Path::getParent).anyMatch(this::isKept);
  }

  /**
   * Takes out of the staged trees what would come to lie where something stays, and what was the
   * store's own at the time of the backup.
   *
   * @return what a person should know
   */
  public List<String> clear(DurableFiles disk) throws IOException {
    Set<Path> cleared = new TreeSet<>();
    for (SystemPlace tree : layout.of(Role.TREE)) {
      Path target = layout.target(tree);
      for (Path path : kept.keySet()) {
        if (path.startsWith(target) && !path.equals(target)) {
          clear(tree, path, cleared, disk);
          clearAbove(tree, path, cleared, disk);
        }
      }
      for (Path folder : partly.keySet()) {
        if (folder.startsWith(target)) {
          clearAbove(tree, folder.resolve("any"), cleared, disk);
          for (Path staged : DurableFiles.list(layout.staged(tree, folder))) {
            Path file = folder.resolve(staged.getFileName());
            if (named(file).findAny().isPresent()) {
              clear(tree, file, cleared, disk);
            }
          }
        }
      }
    }
    return notes(cleared);
  }

  /** What was a file or a link then, where now a folder has to be. */
  private void clearAbove(SystemPlace tree, Path path, Set<Path> cleared, DurableFiles disk)
      throws IOException {
    Path target = layout.target(tree);
    for (Path above = DurableFiles.folderOf(path);
        !above.equals(target);
        above = DurableFiles.folderOf(above)) {
      if (!DurableFiles.isFolder(layout.staged(tree, above))) {
        clear(tree, above, cleared, disk);
      }
    }
  }

  private void clear(SystemPlace tree, Path path, Set<Path> cleared, DurableFiles disk)
      throws IOException {
    Path staged = layout.staged(tree, path);
    if (DurableFiles.exists(staged)) {
      disk.deleteAll(staged);
      cleared.add(path);
    }
  }

  private List<String> notes(Set<Path> cleared) {
    List<String> notes = new ArrayList<>();
    Map<String, Set<Path>> byWhat = new TreeMap<>();
    kept.forEach(
        (path, what) -> {
          // Locks are in the way of nobody, and nobody misses them.
          if (!path.toString().endsWith(TenantLocks.SUFFIX)) {
            boolean named = named(path).anyMatch(place -> place.what().equals(what));
            byWhat
                .computeIfAbsent(what, any -> new TreeSet<>())
                .add(named ? DurableFiles.folderOf(path) : path);
          }
        });
    byWhat.forEach(
        (what, paths) ->
            notes.add(
                "Left as it is, since it is Sevenfold's own: %s, %s".formatted(what, text(paths))));
    if (!cleared.isEmpty()) {
      notes.add(
          "Not taken out of the archive, since it is Sevenfold's own (%d): %s"
              .formatted(cleared.size(), text(cleared)));
    }
    return notes;
  }

  private static String text(Set<Path> paths) {
    return Printable.of(String.join(", ", paths.stream().map(Path::toString).toList()));
  }
}
