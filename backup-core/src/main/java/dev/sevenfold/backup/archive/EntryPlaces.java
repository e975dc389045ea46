package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.io.NeededSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the entries of an archive are extracted to: into one folder, but for some of a system that
 * go elsewhere, each with all that is below it, because they belong on another disk. Immutable.
 *
 * @param folder an empty folder, for all others
 * @param elsewhere paths by the names of entries and folders, of which the longest counts. The
 *     folder of each path is there, and the path itself is not
 */
public record EntryPlaces(Path folder, Map<String, Path> elsewhere) {

  /** Requires the folder, copies the map, and makes the paths absolute. */
  public EntryPlaces {
    folder = folder.toAbsolutePath().normalize();
    Map<String, Path> absolute = new HashMap<>();
    elsewhere.forEach((name, path) -> absolute.put(name, path.toAbsolutePath().normalize()));
    elsewhere = Map.copyOf(absolute);
  }

  /** One folder for all. */
  public static EntryPlaces in(Path folder) {
    return new EntryPlaces(folder, Map.of());
  }

  /** Where the entry, folder or link with this name goes. */
  public Path of(String entryName) {
    String above = above(entryName);
    if (above.equals(entryName)) {
      return root(entryName);
    }
    return root(entryName).resolve(entryName.substring(above.isEmpty() ? 0 : above.length() + 1));
  }

  /** What an entry cannot leave: the folder, or the path of those that go elsewhere with it. */
  public Path root(String entryName) {
    return elsewhere.getOrDefault(above(entryName), folder);
  }

  /** What an archive takes of the disks. */
  NeededSpace space(ArchiveManifest manifest) throws IOException {
    NeededSpace space = new NeededSpace();
    for (ArchiveManifest.Entry entry : manifest.entries()) {
      space.add(root(entry.name()), entry.size());
    }
    for (ArchiveManifest.Folder each : manifest.folders()) {
      space.add(root(each.name()), 0);
    }
    for (ArchiveManifest.Link link : manifest.links()) {
      space.add(root(link.name()), 0);
    }
    return space;
  }

  /** The longest of the names that an entry has, or is below; empty if there is none. */
  private String above(String entryName) {
    String name = entryName;
    while (!elsewhere.containsKey(name)) {
      int slash = name.lastIndexOf('/');
      if (slash < 0) {
        return "";
      }
      name = name.substring(0, slash);
    }
    return name;
  }
}
