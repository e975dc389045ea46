package dev.sevenfold.backup.system;

import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.io.LiveFiles;
import dev.sevenfold.backup.scratch.OwnPlaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What a system is made of, in the order that the host gave. Immutable.
 *
 * @param all at least one database or tree
 */
public record SystemParts(List<Part> all) {

  private static final int MOST_LETTERS = 90;

  /**
   * One part.
   *
   * @param path absolute and normalized
   */
  public record Part(Role role, String name, Path path) {
    @Override
    public String toString() {
      return "%s %s, %s".formatted(role == Role.TREE ? "tree" : "database", name, path);
    }
  }

  /** Refuses parts that contradict each other. */
  public SystemParts {
    all = List.copyOf(all);
    if (all.stream().allMatch(part -> part.role() == Role.REBUILT)) {
      throw new IllegalArgumentException("A system without any database or tree holds nothing");
    }
    for (int i = 0; i < all.size(); i++) {
      for (Part later : all.subList(i + 1, all.size())) {
        requireApart(all.get(i), later);
      }
    }
  }

  private static void requireApart(Part one, Part other) {
    if (one.name().equals(other.name())) {
      throw new IllegalArgumentException("Two parts have one name: " + one + ", and " + other);
    }
    boolean overlap =
        one.path().equals(other.path())
            || (one.role() == Role.TREE && other.role() == Role.TREE && isNested(one, other));
    if (overlap) {
      throw new IllegalArgumentException("Two parts overlap: " + one + ", and " + other);
    }
  }

  private static boolean isNested(Part one, Part other) {
    return one.path().startsWith(other.path()) || other.path().startsWith(one.path());
  }

  public List<Part> of(Role role) {
    return all.stream().filter(part -> part.role() == role).toList();
  }

  /**
   * Where the parts belong, below the folder of the first database: there as they are here, if they
   * are below it here; else by their own names.
   */
  public List<SystemPlace> places() {
    Path base = base();
    List<SystemPlace> places = new ArrayList<>();
    for (Part part : all) {
      String path = part.path().startsWith(base) ? below(base, part.path()) : ownName(part);
      boolean taken = places.stream().anyMatch(place -> place.path().equals(path));
      // Two databases of one file name, each in a folder of its own.
      places.add(
          new SystemPlace(part.role(), part.name(), taken ? part.name() + '/' + path : path));
    }
    return places;
  }

  /**
   * These parts and the databases of Sevenfold's own that are in one of the trees, unless the host
   * has named them itself.
   */
  public SystemParts with(OwnPlaces own) throws IOException {
    List<Part> parts = new ArrayList<>(all);
    for (Path database : own.databases()) {
      for (Part tree : of(Role.TREE)) {
        Path root = Files.exists(tree.path()) ? tree.path().toRealPath() : tree.path();
        if (database.startsWith(root) && !isNamed(database)) {
          // As seen through the tree: a link may lead to it.
          Path path = tree.path().resolve(root.relativize(database));
          parts.add(new Part(Role.DATABASE, freeName(parts, database), path));
          break;
        }
      }
    }
    return new SystemParts(parts);
  }

  /**
   * Where these parts belong, and those that {@link #with} has added: in their tree, wherever that
   * goes.
   */
  public List<SystemPlace> placesOf(SystemParts extended) {
    List<SystemPlace> places = new ArrayList<>(places());
    for (Part added : extended.all().subList(all.size(), extended.all().size())) {
      for (int i = 0; i < all.size(); i++) {
        Part tree = all.get(i);
        if (tree.role() == Role.TREE && added.path().startsWith(tree.path())) {
          String folder = places.get(i).path();
          String inTree = below(tree.path(), added.path());
          String path = folder.equals(SystemPlace.HERE) ? inTree : folder + '/' + inTree;
          places.add(new SystemPlace(added.role(), added.name(), path));
        }
      }
    }
    return places;
  }

  private boolean isNamed(Path database) throws IOException {
    for (Part part : all) {
      if (part.role() != Role.TREE && LiveFiles.isSame(part.path(), database)) {
        return true;
      }
    }
    return false;
  }

  /** The name of the file, as a part may have it and none has. */
  private static String freeName(List<Part> parts, Path database) {
    String name =
        String.valueOf(database.getFileName())
            .replaceFirst("\\.(sqlite3?|db)$", "")
            .replaceAll("[^A-Za-z0-9_.-]", "_")
            .replaceFirst("^[.-]", "_");
    String plain = name.substring(0, Math.min(name.length(), MOST_LETTERS));
    String free = plain;
    for (int number = 2; isTaken(parts, free); number++) {
      free = plain + '-' + number;
    }
    return free;
  }

  private static boolean isTaken(List<Part> parts, String name) {
    return parts.stream().anyMatch(part -> part.name().equals(name));
  }

  private Path base() {
    Path first = of(of(Role.DATABASE).isEmpty() ? Role.TREE : Role.DATABASE).get(0).path();
    Path parent = first.getParent();
    return parent == null ? first : parent;
  }

  private static String ownName(Part part) {
    return part.role() == Role.TREE ? part.name() : String.valueOf(part.path().getFileName());
  }

  private static String below(Path base, Path path) {
    return path.equals(base)
        ? SystemPlace.HERE
        : StreamSupport.stream(base.relativize(path).spliterator(), false)
            .map(Path::toString)
            .collect(Collectors.joining("/"));
  }

  @Override
  public String toString() {
    return all.stream().map(Part::toString).collect(Collectors.joining("; "));
  }
}
