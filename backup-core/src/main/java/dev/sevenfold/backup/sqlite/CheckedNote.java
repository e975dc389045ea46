package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.FileOwners;
import dev.sevenfold.backup.system.TreeGuard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A note beside a database of what was last found of all of it, and when, for the next process. It
 * only saves work: what cannot be written or read is looked at again.
 */
final class CheckedNote {

  private static final Logger log = LoggerFactory.getLogger(CheckedNote.class);

  /** The last line: of what two processes wrote at a time, nothing is believed. */
  private static final String END = "end";

  private static final int PARTS = 4;

  private final Path database;
  private final Path file;

  /**
   * What was found of one kind.
   *
   * @param at when
   * @param version of what: of the schema, and of whatever else it depends on
   * @param what it was, on one line
   */
  record Line(Instant at, String version, String what) {}

  private CheckedNote(Path database) {
    this.database = database;
    this.file = database.resolveSibling(database.getFileName() + TreeGuard.CHECKED_NOTE);
  }

  static CheckedNote beside(Path database) {
    return new CheckedNote(database);
  }

  /** What was noted of this very file; empty if nothing was, or it cannot be read. */
  Optional<Line> read(String kind) {
    try {
      String line = lines().get(kind);
      if (line == null) {
        return Optional.empty();
      }
      String[] parts = line.split(" ", PARTS);
      return parts.length == PARTS
          ? Optional.of(new Line(Instant.parse(parts[1]), parts[2], parts[PARTS - 1]))
          : Optional.empty();
    } catch (IOException | DateTimeException e) {
      log.debug("Nothing is known of an earlier check of {}", database, Printable.failure(e));
      return Optional.empty();
    }
  }

  synchronized void write(String kind, Line line) {
    try {
      Map<String, String> lines = lines();
      lines.put(kind, String.join(" ", kind, line.at().toString(), line.version(), line.what()));
      write(lines);
    } catch (IOException e) {
      log.debug("The check of {} is not noted, and is done again", database, Printable.failure(e));
    }
  }

  /** Takes back what was noted: it does not hold any more. */
  synchronized void forget(String kind) {
    try {
      Map<String, String> lines = lines();
      if (lines.remove(kind) != null) {
        write(lines);
      }
    } catch (IOException e) {
      log.warn(
          "The note {} of an earlier check does not hold any more; delete it",
          file,
          Printable.failure(e));
    }
  }

  private void write(Map<String, String> lines) throws IOException {
    FileOwners.createBeside(file, database);
    Files.write(
        file,
        Stream.of(Stream.of(identity()), lines.values().stream(), Stream.of(END))
            .flatMap(each -> each)
            .toList());
  }

  /** What is noted of this file, by its kind. */
  private Map<String, String> lines() throws IOException {
    Map<String, String> known = new LinkedHashMap<>();
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return known;
    }
    if (lines.size() > 1
        && lines.get(0).equals(identity())
        && lines.indexOf(END) == lines.size() - 1) {
      for (String line : lines.subList(1, lines.size() - 1)) {
        known.put(line.split(" ", 2)[0], line);
      }
    }
    return known;
  }

  /** A database that was put in the place of another one was not checked. */
  private String identity() throws IOException {
    // A stat alone: a live database is never opened but through SQLite.
    return String.valueOf(Files.readAttributes(database, BasicFileAttributes.class).fileKey());
  }
}
