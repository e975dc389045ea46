package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.RestoreRefused;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Maps from old ids to new ones, a table in the plan for each column with ids of its own: {@code
 * old, new}.
 */
final class NewIds {

  private static final String UUID =
      "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2)"
          + " || '-' || substr('89ab', 1 + abs(random() % 4), 1) || substr(hex(randomblob(2)), 2)"
          + " || '-' || hex(randomblob(6)))";
  private static final String LOOKS_LIKE_UUID = "________-____-____-____-____________";

  /** What new ids are made of. */
  private enum Kind {
    INTEGER,
    UUID,
    BYTES
  }

  private final Session session;
  private final SqliteSchema schema;
  private final long distance;
  private final Map<IdOrigins.Origin, String> maps = new LinkedHashMap<>();

  /**
   * Makes ids.
   *
   * @param distance how many numbers to leave free for rows that others insert meanwhile
   */
  NewIds(Session session, SqliteSchema schema, long distance) {
    this.session = session;
    this.schema = schema;
    this.distance = distance;
  }

  /** The map of a column, as SQL names it; empty if its ids stay. */
  Optional<String> map(IdOrigins.Origin origin) {
    return Optional.ofNullable(maps.get(origin));
  }

  /** The columns that get new ids. */
  Map<IdOrigins.Origin, String> maps() {
    return Map.copyOf(maps);
  }

  /**
   * Makes a new id for each one that {@code which} selects. Ids that cannot be made anew stay as
   * they are.
   */
  void make(IdOrigins.Origin origin, String which) throws SQLException {
    Optional<Kind> kind = kindOf(origin);
    if (kind.isEmpty() || session.queryLong("SELECT EXISTS (" + which + ')') == 0) {
      return;
    }
    String affinity =
        switch (kind.get()) {
          case INTEGER -> "INTEGER";
          case UUID -> "TEXT";
          case BYTES -> "BLOB";
        };
    String map = create(origin, affinity);
    session.execute("INSERT INTO " + map + " (old) " + which);
    String value =
        switch (kind.get()) {
          case INTEGER -> highest(origin, map) + " + n";
          case UUID -> UUID;
          case BYTES -> "randomblob(16)";
        };
    session.execute("UPDATE " + map + " SET new = " + value);
  }

  /** Maps to values that are known. */
  void put(IdOrigins.Origin origin, Object old, Object now) throws SQLException {
    String affinity = old instanceof Long ? "INTEGER" : old instanceof String ? "TEXT" : "BLOB";
    String map = maps.get(origin);
    if (map == null) {
      map = create(origin, affinity);
    }
    session.update("INSERT INTO " + map + " (old, new) VALUES (?, ?)", old, now);
  }

  private String create(IdOrigins.Origin origin, String affinity) throws SQLException {
    String map = Sql.name(RowDiff.PLAN, "ids_" + maps.size());
    // References to an id are compared as the id itself is, by its type and its collation.
    String collation = Sql.name(schema.table(origin.table()).collation(origin.column()));
    session.execute("DROP TABLE IF EXISTS " + map);
    session.execute(
        "CREATE TABLE "
            + map
            + " (n INTEGER PRIMARY KEY, old "
            + affinity
            + " COLLATE "
            + collation
            + " UNIQUE, new)");
    maps.put(origin, map);
    return map;
  }

  private Optional<Kind> kindOf(IdOrigins.Origin origin) throws SQLException {
    String column = Sql.name(origin.column());
    List<String> kinds =
        session.query(
            "SELECT DISTINCT CASE WHEN typeof("
                + column
                + ") = 'text' AND "
                + column
                + " LIKE '"
                + LOOKS_LIKE_UUID
                + "' THEN 'uuid' WHEN typeof("
                + column
                + ") = 'blob' AND length("
                + column
                + ") = 16 THEN 'bytes' ELSE typeof("
                + column
                + ") END FROM "
                + Sql.name(RowDiff.STAGE, origin.table())
                + " WHERE "
                + column
                + " IS NOT NULL",
            row -> row.getString(1).toUpperCase(Locale.ROOT));
    if (kinds.size() != 1) {
      return Optional.empty();
    }
    return List.of(Kind.values()).stream()
        .filter(kind -> kind.name().equals(kinds.get(0)))
        .findFirst();
  }

  /** Above every id that is in use, was in use, or is in the archive. */
  private long highest(IdOrigins.Origin origin, String map) throws SQLException {
    long highest = 0;
    for (String side : List.of(SnapshotTaker.LIVE, RowDiff.STAGE)) {
      highest =
          Math.max(
              highest,
              session.queryLong(
                  "SELECT max("
                      + Sql.name(origin.column())
                      + ") FROM "
                      + Sql.name(side, origin.table())));
    }
    highest = Math.max(highest, sequence(origin.table()));
    long needed = distance + session.queryLong("SELECT count(*) FROM " + map);
    if (highest > Long.MAX_VALUE - needed) {
      throw new RestoreRefused(
          "There are no " + needed + " numbers left above the ids of table " + origin.table(),
          List.of("table " + origin.table() + " has the id " + highest),
          "Give the row with the highest id another one");
    }
    return highest + distance;
  }

  private long sequence(String table) throws SQLException {
    boolean hasSequences =
        session.queryLong(
                "SELECT count(*) FROM "
                    + Sql.name(SnapshotTaker.LIVE, "sqlite_schema")
                    + " WHERE name = 'sqlite_sequence'")
            != 0;
    return hasSequences
        ? session.queryLong(
            "SELECT seq FROM "
                + Sql.name(SnapshotTaker.LIVE, "sqlite_sequence")
                + " WHERE name = ?",
            table)
        : 0;
  }
}
