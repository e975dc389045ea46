package dev.sevenfold.backup.io;

import dev.sevenfold.backup.error.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which places archives were kept in, in a small file beside a database: a place with
 * nothing in it that was used before is on a disk that is not mounted, and not a new one. What
 * cannot be noted, or read again, stays unknown, and stops nothing. Thread-safe.
 */
public final class UsedPlaces {

  /** Ends the name of the file beside a database. */
  public static final String SUFFIX = "-sevenfold.stores";

  private static final Logger log = LoggerFactory.getLogger(UsedPlaces.class);

  private final Set<Path> databases = ConcurrentHashMap.newKeySet();
  private final Set<Path> noted = ConcurrentHashMap.newKeySet();

  /** Keeps notes beside this database, too. */
  public void beside(Path database) {
    databases.add(database.toAbsolutePath());
  }

  /** The file that says that a place was used; empty if none does. */
  public Optional<Path> noteOf(String place) {
    return databases.stream()
        .sorted()
        .map(UsedPlaces::file)
        .filter(file -> lines(file).contains(Printable.of(place)))
        .findFirst();
  }

  /** Notes that a place is used. */
  public void note(String place) {
    for (Path database : databases) {
      if (noted.add(database)) {
        note(place, database);
      }
    }
  }

  private static void note(String place, Path database) {
    Path file = file(database);
    try {
      if (!lines(file).contains(Printable.of(place))) {
        FileOwners.createBeside(file, database);
        Files.write(
            file,
            List.of(Printable.of(place)),
            StandardOpenOption.APPEND,
            LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      log.debug("It is not noted that {} is used", place, Printable.failure(e));
    }
  }

  private static Path file(Path database) {
    return database.resolveSibling(database.getFileName() + SUFFIX);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      log.debug("{} cannot be read", file, Printable.failure(e));
      return List.of();
    }
  }
}
