package dev.sevenfold.backup.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where something is mounted, as Linux says; elsewhere nothing is known of it. A part of the same
 * file system may be mounted, too (a bind mount): no file can be renamed into it all the same.
 * Immutable.
 *
 * @param points real paths
 */
public record MountPoints(Set<Path> points) {

  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final int POINT = 4;
  private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");

  /** Copies the set. */
  public MountPoints {
    points = Set.copyOf(points);
  }

  /** What is mounted now. */
  public static MountPoints now() {
    Set<Path> points = new TreeSet<>();
    try (Stream<String> lines = Files.lines(TABLE, StandardCharsets.UTF_8)) {
      lines
          .map(line -> line.split(" ", -1))
          .filter(fields -> fields.length > POINT)
          .forEach(fields -> points.add(Path.of(text(fields[POINT]))));
    } catch (IOException | RuntimeException e) {
      return new MountPoints(Set.of()); // no Linux, or a name that is no text
    }
    return new MountPoints(points);
  }

  /** Spaces and the like are octal numbers there. */
  private static String text(String field) {
    return ESCAPED
        .matcher(field)
        .replaceAll(
            (MatchResult found) ->
                Matcher.quoteReplacement(Character.toString(Integer.parseInt(found.group(1), 8))));
  }

  /** Mount points in a folder, or the folder itself if it is one, by their real paths. */
  public Stream<Path> within(Path folder) throws IOException {
    Path real = folder.toRealPath();
    return points.stream().filter(point -> point.startsWith(real)).sorted();
  }

  /** The mount that a folder is in, or is; empty if that is not known. */
  public Optional<Path> around(Path folder) throws IOException {
    Path real = folder.toRealPath();
    return points.stream()
        .filter(real::startsWith)
        .max(Comparator.comparingInt(Path::getNameCount));
  }

  /**
   * Whether something is mounted right there, or another file system begins there for another
   * reason: nothing can be renamed into a folder that is on another disk than the one above it.
   */
  public boolean isMount(Path path) throws IOException {
    Path real = path.toRealPath();
    if (points.contains(real)) {
      return true;
    }
    Path above = real.getParent();
    // Of files it says nothing: where file systems are laid over each other, each may have its own.
    return above != null && DurableFiles.isFolder(real) && !disk(real).equals(disk(above));
  }

  /** What tells the file system of a file or folder from others. */
  static Object disk(Path file) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? Files.getAttribute(file, "unix:dev")
        : Files.getFileStore(file);
  }
}
