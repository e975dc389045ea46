package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.EntryPlaces;
import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.LiveFiles;
import dev.sevenfold.backup.scratch.DatabaseLocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the parts of an archived system go. Immutable.
 *
 * @param directory the folder of the system
 * @param places the parts, each with a path below the folder
 * @param conflicts places that get in each other's way, or that nothing is known of
 * @param work the folders that the restore works in
 */
public record RestoreLayout(
    Path directory, List<SystemPlace> places, List<String> conflicts, WorkFolders work) {

  private static final String LOST_AND_FOUND = "lost+found";

  public RestoreLayout {
    places = List.copyOf(places);
    conflicts = List.copyOf(conflicts);
  }

  /**
   * Lays an archive out.
   *
   * @param chosen paths that the host has chosen, by the names of the parts
   */
  public static RestoreLayout of(
      Path directory, ArchiveManifest manifest, Map<String, String> chosen) {
    List<String> conflicts = new ArrayList<>();
    List<SystemPlace> places = new ArrayList<>();
    for (SystemPlace place : withDefaults(manifest, conflicts)) {
      String path = chosen.getOrDefault(place.name(), place.path());
      places.add(new SystemPlace(place.role(), place.name(), path));
    }
    for (String name : chosen.keySet()) {
      if (places.stream().noneMatch(place -> place.name().equals(name))) {
        conflicts.add("A path is chosen for " + name + ", and the archive has no such part");
      }
    }
    RestoreLayout layout =
        new RestoreLayout(directory, places, List.of(), WorkFolders.in(directory));
    layout.findContradictions(manifest, conflicts);
    return new RestoreLayout(directory, places, conflicts, WorkFolders.in(directory));
  }

  /** The archive's places, and those of parts that it names no place of. */
  private static List<SystemPlace> withDefaults(ArchiveManifest manifest, List<String> conflicts) {
    Map<String, SystemPlace> byName = new HashMap<>();
    manifest.places().forEach(place -> byName.put(place.name(), place));
    List<SystemPlace> places = new ArrayList<>(manifest.places());
    for (String entry : names(manifest)) {
      boolean database = SystemEntries.isDatabase(entry);
      if (!database && !SystemEntries.isInTree(entry)) {
        conflicts.add("Nothing is known of the entry " + entry);
        continue;
      }
      String name = database ? SystemEntries.databaseName(entry) : SystemEntries.treeName(entry);
      SystemPlace place = byName.get(name);
      if (place == null) {
        place =
            database
                ? new SystemPlace(Role.DATABASE, name, name + ".sqlite3")
                : new SystemPlace(Role.TREE, name, name);
        byName.put(name, place);
        places.add(place);
      } else if (place.role() != (database ? Role.DATABASE : Role.TREE)) {
        conflicts.add("The entry " + entry + " contradicts " + place);
      }
    }
    return places;
  }

  /** All entries; a folder's name ends with a slash, as those of what is in it go on. */
  private static List<String> names(ArchiveManifest manifest) {
    List<String> names = new ArrayList<>();
    manifest.entries().forEach(entry -> names.add(entry.name()));
    manifest.folders().forEach(folder -> names.add(folder.name() + '/'));
    manifest.links().forEach(link -> names.add(link.name()));
    return names;
  }

  private void findContradictions(ArchiveManifest manifest, List<String> conflicts) {
    Set<String> entries = new HashSet<>();
    manifest.entries().forEach(entry -> entries.add(entry.name()));
    Map<Path, SystemPlace> taken = new HashMap<>();
    for (SystemPlace place : places) {
      if (place.role() == Role.DATABASE && !entries.contains(place.databaseEntry())) {
        conflicts.add("The archive has no entry " + place.databaseEntry());
      }
      if (WorkFolder.isOwn(directory.relativize(target(place)))) {
        conflicts.add("The place " + place.path() + " is one that restores work in");
      }
      for (Path file : files(place)) {
        SystemPlace other = taken.put(file, place);
        if (other != null) {
          conflicts.add("The places %s and %s overlap".formatted(other, place));
        }
      }
    }
    for (SystemPlace place : places) {
      for (SystemPlace other : places) {
        if (!place.equals(other)
            && !(place.role() == Role.TREE && other.role() != Role.TREE)
            && target(other).startsWith(target(place))) {
          conflicts.add("The place %s is inside %s".formatted(other, place));
        }
      }
    }
  }

  public List<SystemPlace> of(Role role) {
    return places.stream().filter(place -> place.role() == role).toList();
  }

  /** Where a part goes. */
  public Path target(SystemPlace place) {
    return directory.resolve(place.path()).normalize();
  }

  /** Where an entry of a tree goes. */
  public Path target(SystemPlace tree, String entryName) {
    int length = Math.min(tree.treePrefix().length(), entryName.length());
    return target(tree).resolve(entryName.substring(length));
  }

  /** Where to extract to: what goes into a mount, into the work folder there. */
  public EntryPlaces entryPlaces() {
    Map<String, Path> elsewhere = new HashMap<>();
    for (SystemPlace place : places) {
      Path target = target(place);
      String name = place.entryName();
      WorkFolder own = work.within(target);
      if (place.role() != Role.REBUILT && !own.equals(work.main())) {
        elsewhere.put(name, own.staged().resolve(name));
      }
      for (Path mount : work.mounts()) {
        if (place.role() == Role.TREE && mount.startsWith(target) && !mount.equals(target)) {
          String inside = entryName(place, mount);
          elsewhere.put(inside, WorkFolder.in(mount).staged().resolve(inside));
        }
      }
    }
    return new EntryPlaces(work.main().staged(), elsewhere);
  }

  /** Where an entry was extracted to. */
  public Path staged(String entryName) {
    return entryPlaces().of(entryName);
  }

  /** Where what goes to a path in a tree, or to the tree's own, was extracted to. */
  Path staged(SystemPlace tree, Path path) {
    return staged(entryName(tree, path));
  }

  /** What stands for a path in a tree, or for the tree's own, in an archive. */
  String entryName(SystemPlace tree, Path path) {
    Path target = target(tree);
    return path.equals(target)
        ? tree.entryName()
        : tree.treePrefix() + entryText(target.relativize(path));
  }

  private static String entryText(Path relative) {
    return relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
  }

  /** The path of a part, and those of the folders above it that are below the system's folder. */
  List<Path> above(SystemPlace place) {
    List<Path> paths = new ArrayList<>();
    for (Path path = target(place);
        path.startsWith(directory) && !path.equals(directory);
        path = DurableFiles.folderOf(path)) {
      paths.add(path);
    }
    return paths;
  }

  /** Whether an archive has something else than a folder for a path in a tree. */
  boolean isNoFolder(SystemPlace tree, Path path, ArchiveManifest manifest) {
    return names(manifest).contains(entryName(tree, path));
  }

  /** Whether an archive has nothing that belongs into a folder in a tree. */
  boolean isBare(Path folder, ArchiveManifest manifest) {
    return of(Role.TREE).stream()
        .filter(tree -> folder.startsWith(target(tree)))
        .map(tree -> entryName(tree, folder) + '/')
        .allMatch(
            prefix ->
                names(manifest).stream()
                    .noneMatch(name -> name.startsWith(prefix) && !name.equals(prefix)));
  }

  /** Whether a path is one that restores work in, or keep what they replace in. */
  boolean isOwn(Path path) {
    return WorkFolder.isOwn(work.of(path).base().relativize(path));
  }

  /** Whether something is a file system's own, in its root: it stays, as it is in no backup. */
  boolean isLostAndFound(Path path) {
    return path.endsWith(LOST_AND_FOUND)
        && DurableFiles.isFolder(path)
        && work.of(path).base().equals(path.getParent());
  }

  /** The folders of a tree, itself among them. */
  static List<Folder> folders(SystemPlace tree, ArchiveManifest manifest) {
    return manifest.folders().stream()
        .filter(folder -> (folder.name() + '/').startsWith(tree.treePrefix()))
        .toList();
  }

  /** Where a part goes, and for a database what SQLite keeps beside it. */
  List<Path> files(SystemPlace place) {
    return place.role() == Role.TREE
        ? List.of(target(place))
        : LiveFiles.withCompanions(target(place));
  }

  private List<Path> databases() {
    return places.stream().filter(place -> place.role() != Role.TREE).map(this::target).toList();
  }

  /** The files that are databases, or belong to one. */
  List<Path> databaseFiles() {
    return databases().stream()
        .flatMap(database -> LiveFiles.withCompanions(database).stream())
        .toList();
  }

  /** Locks the databases that are there, unless they may be in use. */
  public DatabaseLocks hold(RestoreSettings settings, DurableFiles disk) throws IOException {
    for (WorkFolder each : work.all()) {
      disk.deleteAll(each.links());
      Files.createDirectory(each.links());
    }
    List<Path> held = settings.evenIfOpen() ? List.of() : databases();
    return DatabaseLocks.hold(held, database -> work.of(database).links(), settings.busyTimeout());
  }

  /** Removes what {@link #hold} has made. */
  public void deleteLinks(DurableFiles disk) throws IOException {
    for (WorkFolder each : work.all()) {
      disk.deleteAll(each.links());
    }
  }

  /** This layout, with the mounts that the restore has to work in. */
  public RestoreLayout in(WorkFolders folders) {
    return new RestoreLayout(directory, places, conflicts, folders);
  }
}
