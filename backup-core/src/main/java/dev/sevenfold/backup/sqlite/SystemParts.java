package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.archive.SystemPlace.Role;
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
record SystemParts(List<Part> all) {

  /**
   * One part.
   *
   * @param path absolute and normalized
   */
  record Part(Role role, String name, Path path) {
    @Override
    public String toString() {
      return "%s %s, %s".formatted(role == Role.TREE ? "tree" : "database", name, path);
    }
  }

  /** Refuses parts that contradict each other. */
  SystemParts {
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

  List<Part> of(Role role) {
    return all.stream().filter(part -> part.role() == role).toList();
  }

  /**
   * Where the parts belong, below the folder of the first database: there as they are here, if they
   * are below it here; else by their own names.
   */
  List<SystemPlace> places() {
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
