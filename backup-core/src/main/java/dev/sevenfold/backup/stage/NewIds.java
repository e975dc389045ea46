package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.rows.TenantKey;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.SqliteSchema;
import dev.sevenfold.backup.schema.SqliteTable;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.TypedValues;
import dev.sevenfold.backup.tenant.Replacement;
import dev.sevenfold.backup.tenant.RestoreRules;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Maps from old ids to new ones, a table in the plan for each column with ids of its own: {@code
 * old, new}. Every id is made in the manner of the old one, unless the host says how.
 */
final class NewIds {

  private static final int MOST_ATTEMPTS = 100;

  /** The version stays, and of version 7 the time that it begins with. */
  private static final String UUID =
      """
      CASE substr(old, 15, 1) WHEN '7' THEN substr(old, 1, 15)
        ELSE hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' END
        || substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + abs(random() % 4), 1)
        || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))
      """;

  private static final String IS_UUID =
      """
      typeof(old) = 'text' AND old LIKE '________-____-____-____-____________'
        AND old NOT GLOB '*[^0-9a-fA-F-]*'
      """;

  /** As many bytes as cannot be drawn twice. */
  private static final String IS_BYTES = "typeof(old) = 'blob' AND length(old) >= 8";

  private final Session session;
  private final SqliteSchema schema;
  private final List<RestoreRules.Taken> rules;
  private final long distance;
  private final TextIds texts = new TextIds();
  private final Map<IdOrigins.Origin, String> maps = new LinkedHashMap<>();

  /**
   * Makes ids.
   *
   * @param rules how the host makes some of them
   * @param distance how many numbers to leave free for rows that others insert meanwhile
   */
  NewIds(Session session, SqliteSchema schema, List<RestoreRules.Taken> rules, long distance) {
    this.session = session;
    this.schema = schema;
    this.rules = rules;
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
   * Makes a new id for each one that {@code which} selects. Those that cannot be made anew, reals
   * and a few bytes, stay as they are.
   */
  void make(IdOrigins.Origin origin, String which) throws SQLException {
    if (!session.exists(which)) {
      return;
    }
    String ids = "(SELECT NULL AS id WHERE 0 UNION ALL " + which + ')';
    String map = create(origin, affinity(ids));
    // New numbers are in the order of the old ones: rows keep theirs.
    session.execute(
        "INSERT OR IGNORE INTO " + map + " (old) SELECT id FROM " + ids + " ORDER BY id");
    Optional<Replacement> rule =
        rules.stream()
            .filter(taken -> taken.table().equals(origin.table()))
            .filter(taken -> taken.column().equals(origin.column()))
            .map(RestoreRules.Taken::replacement)
            .findFirst();
    if (rule.isPresent()) {
      makeEach(origin, map, "1", rule.get());
    } else {
      makeNumbers(origin, map);
      session.execute(
          Sql.of(
              """
              UPDATE {map} SET new =
                CASE WHEN old = upper(old) COLLATE BINARY THEN upper({uuid}) ELSE lower({uuid}) END
              WHERE {is uuid}
              """,
              map,
              UUID,
              IS_UUID));
      session.execute(
          "UPDATE " + map + " SET new = randomblob(length(old)) WHERE new IS NULL AND " + IS_BYTES);
      makeEach(origin, map, "new IS NULL AND typeof(old) = 'text'", texts);
    }
    session.execute("DELETE FROM " + map + " WHERE new IS NULL");
  }

  /** So that an id and what repeats it as another type are found to be equal. */
  private String affinity(String ids) throws SQLException {
    List<String> types =
        session.query("SELECT DISTINCT typeof(id) FROM " + ids, row -> row.getString(1));
    if (types.size() != 1) {
      return "BLOB";
    }
    return switch (types.get(0)) {
      case "integer" -> "INTEGER";
      case "text" -> "TEXT";
      default -> "BLOB";
    };
  }

  /**
   * Gives the rows of a table the new values of a column. What is text stays text, in a column that
   * takes anything too.
   *
   * @param condition which rows, under the alias {@code t}
   */
  static String replaced(String table, String column, String map, String condition) {
    return Sql.of(
        """
        UPDATE OR ABORT {table} AS t SET "{column}" =
          (SELECT CASE typeof(t."{column}") WHEN 'text' THEN CAST(new AS TEXT) ELSE new END
            FROM {map} WHERE old = t."{column}")
        WHERE {condition} AND EXISTS (SELECT 1 FROM {map} WHERE old = t."{column}")
        """,
        table,
        column,
        map,
        condition);
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
    String map = Sql.name(Workbench.PLAN, "ids_" + maps.size());
    // References to an id are compared as the id itself is, by its type and its collation.
    String collation = Sql.name(schema.table(origin.table()).collation(origin.column()));
    session.execute("DROP TABLE IF EXISTS " + map);
    session.execute(
        Sql.of(
            "CREATE TABLE {map} (n INTEGER PRIMARY KEY, old {type} UNIQUE, new)",
            map,
            affinity + " COLLATE " + collation));
    maps.put(origin, map);
    return map;
  }

  private static String isDigits(String value) {
    return "(typeof(%1$s) = 'text' AND %1$s <> '' AND %1$s NOT GLOB '*[^0-9]*' AND length(%1$s) < 19)"
        .formatted(value);
  }

  /** Whole numbers, and texts that are some, get the numbers above all others. */
  private void makeNumbers(IdOrigins.Origin origin, String map) throws SQLException {
    String isNumber = "(typeof(old) = 'integer' OR " + isDigits("old") + ')';
    long count = session.queryLong("SELECT count(*) FROM " + map + " WHERE " + isNumber);
    if (count > 0) {
      long highest = highest(origin, count);
      session.update(
          Sql.of(
              """
              UPDATE {map} SET new = CASE typeof(old) WHEN 'integer' THEN ?1 + n
                ELSE printf('%0*d', length(old), ?1 + n) END
              WHERE {is number}
              """,
              map, isNumber),
          highest);
    }
  }

  /** Above every number that is in use, was in use, or is in the archive. */
  private long highest(IdOrigins.Origin origin, long count) throws SQLException {
    String column = Sql.name(origin.column());
    SqliteTable table = schema.table(origin.table());
    // The highest row id is at the end of the table; other columns may hold texts among numbers.
    boolean isRowid = table.hasIntegerPrimaryKey() && table.key().contains(origin.column());
    String numbers =
        isRowid
            ? column
            : Sql.of(
                """
                CASE WHEN typeof({column}) = 'integer' OR {is digits}
                  THEN CAST({column} AS INTEGER) END
                """,
                column,
                isDigits(column));
    long highest = sequence(origin.table());
    for (String side : List.of(Workbench.LIVE, Workbench.STAGE)) {
      highest =
          Math.max(
              highest,
              session.queryLong(
                  "SELECT max(" + numbers + ") FROM " + Sql.name(side, table.name())));
    }
    // Rows that keep their ids have numbers in the map too.
    long needed =
        Math.addExact(distance, session.queryLong("SELECT max(n) FROM " + maps.get(origin)));
    if (highest > Long.MAX_VALUE - Math.max(needed, count)) {
      throw new RestoreRefused(
          "There are no " + needed + " numbers left above the ids of table " + origin.table(),
          List.of("table " + origin.table() + " has the id " + highest),
          "Give the row with the highest id another one");
    }
    return highest + distance;
  }

  private long sequence(String table) throws SQLException {
    boolean hasSequences =
        session.exists(
            Sql.of(
                "SELECT 1 FROM \"{live}\".sqlite_schema WHERE name = 'sqlite_sequence'",
                Workbench.LIVE));
    return hasSequences
        ? session.queryLong(
            Sql.of("SELECT seq FROM \"{live}\".sqlite_sequence WHERE name = ?", Workbench.LIVE),
            table)
        : 0;
  }

  private record Old(long n, Object value) {}

  private void makeEach(
      IdOrigins.Origin origin, String map, String condition, Replacement replacement)
      throws SQLException {
    List<Old> olds =
        session.query(
            "SELECT n, old FROM " + map + " WHERE " + condition + " AND old IS NOT NULL ORDER BY n",
            row -> new Old(row.getLong(1), value(row, 2)));
    Set<String> made = new HashSet<>();
    for (Old old : olds) {
      session.update(
          "UPDATE " + map + " SET new = ? WHERE n = ?",
          free(origin, old.value(), replacement, made),
          old.n());
    }
  }

  private static Object value(ResultSet row, int column) throws SQLException {
    return TenantKey.value(row.getObject(column));
  }

  private Object free(
      IdOrigins.Origin origin, Object old, Replacement replacement, Set<String> made)
      throws SQLException {
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      Object candidate = replacement.replace(old, attempt);
      if (candidate == null) {
        throw new RestoreRefused(
            "The model clears " + origin + ", which is an id",
            List.of(),
            "Let its replacement make another id");
      }
      // Ids that differ in case alone may be the same to the column's collation.
      if (!isInUse(origin, candidate) && made.add(folded(candidate))) {
        return candidate;
      }
    }
    throw new RestoreRefused(
        "No free id was found for " + origin + " = " + TypedValues.shown(old),
        List.of("the last of " + MOST_ATTEMPTS + " that were tried is taken too"),
        "Declare a replacement for " + origin + " that makes ids which nobody has");
  }

  private static String folded(@Nullable Object candidate) {
    return TypedValues.shown(candidate).toLowerCase(Locale.ROOT);
  }

  private boolean isInUse(IdOrigins.Origin origin, Object candidate) throws SQLException {
    for (String side : List.of(Workbench.LIVE, Workbench.STAGE)) {
      String rows = Sql.name(side, origin.table());
      String column = Sql.name(origin.column());
      if (session.exists("SELECT 1 FROM " + rows + " WHERE " + column + " = ?", candidate)) {
        return true;
      }
    }
    return false;
  }
}
