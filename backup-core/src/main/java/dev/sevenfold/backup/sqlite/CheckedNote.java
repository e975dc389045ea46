package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.io.FileOwners;
import dev.sevenfold.backup.system.TreeGuard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A note beside a database of when its indexes were last found to agree with their tables, for the
 * next process. It only saves work: what cannot be written or read is looked at again.
 */
final class CheckedNote {

  private static final Logger log = LoggerFactory.getLogger(CheckedNote.class);

  private final Path database;
  private final Path file;

  private CheckedNote(Path database) {
    this.database = database;
    this.file = database.resolveSibling(database.getFileName() + TreeGuard.CHECKED_NOTE);
  }

  static CheckedNote beside(Path database) {
    return new CheckedNote(database);
  }

  /** What was noted of this very file; empty if nothing was, or it cannot be read. */
  Optional<Completeness.Found> read() {
    try {
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      return lines.size() == 3 && lines.get(2).equals(identity())
          ? Optional.of(
              new Completeness.Found(Instant.parse(lines.get(0)), lines.get(1), List.of()))
          : Optional.empty();
    } catch (IOException | DateTimeException e) {
      log.debug("Nothing is known of an earlier check of {}", database, Printable.failure(e));
      return Optional.empty();
    }
  }

  void write(Completeness.Found found) {
    try {
      FileOwners.createBeside(file, database);
      Files.write(file, List.of(found.at().toString(), found.schema(), identity()));
    } catch (IOException e) {
      log.debug("The check of {} is not noted, and is done again", database, Printable.failure(e));
    }
  }

  /** Takes back what was noted: it does not hold any more. */
  void forget() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn(
          "The note {} of an earlier check does not hold any more; delete it",
          file,
          Printable.failure(e));
    }
  }

  /** A database that was put in the place of another one was not checked. */
  private String identity() throws IOException {
    // A stat alone: a live database is never opened but through SQLite.
    return String.valueOf(Files.readAttributes(database, BasicFileAttributes.class).fileKey());
  }
}
