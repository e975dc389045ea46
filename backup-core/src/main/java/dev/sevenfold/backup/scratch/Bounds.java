package dev.sevenfold.backup.scratch;

import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteLimits;

/**
 * How much time and memory a database that somebody else may have made can take: what it computes
 * is code of theirs. Both grow with the file, so that a large one of the host's own passes.
 * Immutable.
 *
 * <p>Memory is bounded by the length of a value, since SQLite has no bound on the heap that would
 * hold for one connection alone: {@code hard_heap_limit} is the whole process's, and is never
 * raised again.
 *
 * @param time that is granted to every database
 * @param timePerMebibyte that is granted beside it
 * @param length that a value may have in every database; twice the file's size if that is more
 * @param tables that there may be
 * @param columns that all tables may have together
 */
public record Bounds(Duration time, Duration timePerMebibyte, int length, int tables, int columns) {

  /** What is far beyond any database that was made to be used. */
  public static final Bounds DEFAULT =
      new Bounds(Duration.ofSeconds(15), Duration.ofMillis(500), 1 << 20, 10_000, 250_000);

  private static final int MEBIBYTE = 1 << 20;

  private static final String ADVICE =
      "Nothing of it is known to be damaged. Where its tables are those of the live database they"
          + " are computed without this bound; else take out what it computes, and bring the rows"
          + " back by hand";

  /**
   * Works on what one database of a session, which is a file, makes SQLite do.
   *
   * @throws ArchiveNotReadable if that takes more than these bounds
   */
  public <T> T within(Session session, String schema, Session.Work<T> work) throws SQLException {
    long size = size(file(session, schema));
    Duration longest = time.plus(timePerMebibyte.multipliedBy(size / MEBIBYTE));
    int most = (int) Math.min(Integer.MAX_VALUE, Math.max(length, 2 * size));
    try (Watchdog watchdog = Watchdog.over(session, longest)) {
      try {
        T done = shorterThan(session, most, work);
        if (!watchdog.hasBitten()) {
          return done;
        }
      } catch (SQLException e) {
        if (SqliteErrors.isTooLong(e)) {
          throw beyond("makes a value of more than " + most + " bytes", e);
        }
        if (!watchdog.hasBitten()) {
          throw e;
        }
      }
      throw beyond(
          "takes more than the %d s that it is given".formatted(longest.toSeconds()), null);
    }
  }

  /** Works while no value may be longer. */
  private static <T> T shorterThan(Session session, int bytes, Session.Work<T> work)
      throws SQLException {
    if (!session.hasDatabase()) {
      return work.run();
    }
    int limit = SQLiteLimits.SQLITE_LIMIT_LENGTH.getId();
    int before = session.database().limit(limit, -1);
    session.database().limit(limit, Math.min(bytes, before));
    try {
      return work.run();
    } finally {
      session.database().limit(limit, before);
    }
  }

  /** Requires no more tables and columns than these bounds allow. */
  void require(long foundTables, long foundColumns) {
    if (foundTables > tables) {
      throw beyond("has %d tables, and the bound is %d".formatted(foundTables, tables), null);
    }
    if (foundColumns > columns) {
      throw beyond("has %d columns, and the bound is %d".formatted(foundColumns, columns), null);
    }
  }

  private static ArchiveNotReadable beyond(String what, @Nullable Throwable cause) {
    return new ArchiveNotReadable(
        "The archive's database is beyond the bounds: it " + what, ADVICE, cause);
  }

  /** Asked so that SQLite does not read the schema yet. */
  private static Path file(Session session, String schema) throws SQLException {
    return session
        .query("PRAGMA database_list", row -> Map.entry(row.getString(2), row.getString(3)))
        .stream()
        .filter(each -> each.getKey().equals(schema))
        .map(each -> Path.of(each.getValue()))
        .findFirst()
        .orElseThrow();
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new OperationFailed(
          "The database " + file + " cannot be looked at: " + Printable.reason(e),
          "Check the scratch folder",
          e);
    }
  }
}
