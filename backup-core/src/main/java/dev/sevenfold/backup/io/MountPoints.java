package dev.sevenfold.backup.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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
 * @param unnamed folders in which something is mounted under a name that is none in the encoding of
 *     this process
 */
public record MountPoints(Set<Path> points, Set<Path> unnamed) {

  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final int POINT = 4;
  private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");

  /** Copies the sets. */
  public MountPoints {
    points = Set.copyOf(points);
    unnamed = Set.copyOf(unnamed);
  }

  /** Points that all have names. */
  public MountPoints(Set<Path> points) {
    this(points, Set.of());
  }

  /** What is mounted now. */
  public static MountPoints now() {
    // Each byte is a character of its own: a name is whatever bytes somebody has mounted it by.
    try (Stream<String> lines = Files.lines(TABLE, StandardCharsets.ISO_8859_1)) {
      return read(lines, Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
    } catch (IOException | UncheckedIOException e) {
      return new MountPoints(Set.of()); // no Linux
    }
  }

  /** Reads the lines of the table, of which each character is a byte. */
  static MountPoints read(Stream<String> lines, Charset encoding) {
    Set<Path> points = new TreeSet<>();
    Set<Path> unnamed = new TreeSet<>();
    lines
        .map(line -> line.split(" ", -1))
        .filter(fields -> fields.length > POINT)
        .map(fields -> unescaped(fields[POINT]))
        .forEach(
            name -> {
              Optional<Path> point = path(name, encoding);
              Set<Path> found = point.isPresent() ? points : unnamed;
              for (String known = name; point.isEmpty(); ) {
                known = known.substring(0, Math.max(1, known.lastIndexOf('/')));
                point = path(known, encoding);
              }
              found.add(point.get());
            });
    return new MountPoints(points, unnamed);
  }

  private static Optional<Path> path(String bytes, Charset encoding) {
    try {
      return Optional.of(
          Path.of(
              encoding
                  .newDecoder()
                  .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                  .toString()));
    } catch (CharacterCodingException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Spaces and the like are octal numbers there. */
  private static String unescaped(String field) {
    return ESCAPED
        .matcher(field)
        .replaceAll(
            (MatchResult found) ->
                Matcher.quoteReplacement(Character.toString(Integer.parseInt(found.group(1), 8))));
  }

  /**
   * Mount points in a folder, or the folder itself if it is one, by their real paths.
   *
   * @throws FileSystemException if there is one that has no name here
   */
  public Stream<Path> within(Path folder) throws IOException {
    Path real = folder.toRealPath();
    for (Path in : unnamed) {
      if (in.startsWith(real)) {
        String why =
            "something is mounted in it under a name that is no text in this process's encoding, "
                + System.getProperty("sun.jnu.encoding")
                + "; unmount it, or start with LC_ALL=C.UTF-8";
        throw new FileSystemException(in.toString(), null, why);
      }
    }
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
