package dev.sevenfold.backup.scratch;

import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.io.LiveFiles;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.source.OwnPlace.Extent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The places that backups themselves live in, as the file system sees them: links on the way to
 * them are followed, and what has a second path, by a hard link or a mount, is known by what it is.
 * Looks at names and at what a stat tells, and opens nothing. For one piece of work: what is around
 * a file is looked at once for each folder. Thread-safe.
 */
public final class OwnPlaces {

  /** None at all. */
  public static final OwnPlaces NONE = new OwnPlaces(List.of());

  private static final int MOST_LINKS = 40;

  /**
   * One place.
   *
   * @param files its real path; of a database, those of what SQLite keeps beside it too
   * @param keys what those are that are there
   */
  private record Resolved(OwnPlace place, List<Path> files, Set<Object> keys) {
    boolean is(Path path, @Nullable Object key) {
      return files.contains(path) || (key != null && keys.contains(key));
    }
  }

  /**
   * What is around the files of a folder.
   *
   * @param folder its real path
   * @param whole the place that it is in with all that is in it
   */
  private record Surroundings(Path folder, Optional<OwnPlace> whole) {}

  private final List<Resolved> places;
  private final Set<Path> links = new HashSet<>();
  private final Map<Path, Surroundings> surroundings = new ConcurrentHashMap<>();

  private OwnPlaces(List<OwnPlace> all) {
    List<Resolved> resolved = new ArrayList<>();
    for (OwnPlace place : all) {
      resolved.add(resolve(place));
    }
    this.places = List.copyOf(resolved);
  }

  /** Resolves places as they are now; those that are not there yet too. */
  public static OwnPlaces of(List<OwnPlace> all) {
    return all.isEmpty() ? NONE : new OwnPlaces(all);
  }

  private Resolved resolve(OwnPlace place) {
    Path real = follow(place.path(), new HashSet<>(), links);
    List<Path> files =
        place.extent() == Extent.DATABASE ? LiveFiles.withCompanions(real) : List.of(real);
    Set<Object> keys = new HashSet<>();
    for (Path file : files) {
      Object key = key(file);
      if (key != null) {
        keys.add(key);
      }
    }
    return new Resolved(place, files, keys);
  }

  /**
   * The real path of what need not be there.
   *
   * @param seen links that were followed already
   * @param led hears of each link that leads there
   */
  private static Path follow(Path path, Set<Path> seen, Collection<Path> led) {
    Path parent = path.getParent();
    if (parent == null) {
      return path;
    }
    Path here = follow(parent, seen, led).resolve(path.getFileName());
    // A link that leads to itself leads nowhere.
    if (!Files.isSymbolicLink(here) || seen.size() >= MOST_LINKS || !seen.add(here)) {
      return here;
    }
    led.add(here);
    try {
      Path target = here.resolveSibling(Files.readSymbolicLink(here));
      return follow(target.toAbsolutePath().normalize(), seen, led);
    } catch (IOException e) {
      // What cannot be read leads nowhere either: the link itself is the place.
      return here;
    }
  }

  private static @Nullable Object key(Path file) {
    return DurableFiles.key(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * The place that a file or folder is, with all that is in it.
   *
   * @param path a real path
   * @param key what tells it from others, if anything does
   */
  public Optional<OwnPlace> whole(Path path, @Nullable Object key) {
    return find(path, key, false).findFirst();
  }

  /** The places that a folder is, of which certain names are ours; as {@link #whole}. */
  public List<OwnPlace> folders(Path path, @Nullable Object key) {
    Path parent = path.getParent();
    if (parent == null) {
      return find(path, key, true).toList();
    }
    String name = String.valueOf(path.getFileName());
    Stream<OwnPlace> around =
        places.stream()
            .filter(each -> each.place().isOwnFolder(name))
            .filter(each -> each.is(parent, key(parent)))
            .map(Resolved::place);
    return Stream.concat(find(path, key, true), around).toList();
  }

  private Stream<OwnPlace> find(Path path, @Nullable Object key, boolean named) {
    return places.stream()
        .filter(each -> (each.place().extent() == Extent.NAMED) == named)
        .filter(each -> each.is(path, key))
        .map(Resolved::place);
  }

  /** Whether a path is a link that leads to one of the places, or to a folder above one. */
  public boolean isLink(Path path) {
    return links.contains(path);
  }

  /** The real paths of databases that are there, and hold something. */
  public List<Path> databases() {
    return places.stream()
        .filter(each -> each.place().extent() == Extent.DATABASE)
        .map(each -> each.files().get(0))
        .filter(OwnPlaces::holdsSomething)
        .distinct()
        .toList();
  }

  private static boolean holdsSomething(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) > 0;
    } catch (IOException e) {
      // It went in between.
      return false;
    }
  }

  /** Whether a path is that of one of the databases. */
  public boolean isDatabase(Path path) {
    return places.stream()
        .filter(each -> each.place().extent() == Extent.DATABASE)
        .anyMatch(each -> Objects.equals(each.files().get(0), path) || each.is(path, key(path)));
  }

  /** The place that a file, which need not be there, is or is in; by whatever path it is named. */
  public Optional<OwnPlace> holding(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (places.isEmpty() || parent == null) {
      return Optional.empty();
    }
    Surroundings around = surroundings.computeIfAbsent(parent, this::lookAround);
    Path real = around.folder().resolve(absolute.getFileName());
    return around.whole().or(() -> at(real));
  }

  private Surroundings lookAround(Path folder) {
    Path real = follow(folder, new HashSet<>(), new ArrayList<>());
    Optional<OwnPlace> whole =
        Stream.<Path>iterate(real, path -> path.getParent() != null, Path::getParent)
            .flatMap(path -> at(path).stream())
            .findFirst();
    return new Surroundings(real, whole);
  }

  /** The place that a file or folder is by itself, or by its name in the folder that it is in. */
  private Optional<OwnPlace> at(Path real) {
    Path folder = DurableFiles.folderOf(real);
    String name = String.valueOf(real.getFileName());
    return whole(real, key(real))
        .or(
            () ->
                folders(folder, key(folder)).stream()
                    .filter(each -> each.isOwnName(name))
                    .findFirst());
  }
}
