package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.TypedValues;
import dev.sevenfold.backup.tenant.Replacement;
import dev.sevenfold.backup.tenant.RestoreRules;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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

  private final LiveRows live;
  private final Session session;
  private final Schema schema;
  private final List<RestoreRules.ColumnRule<Replacement>> rules;
  private final long distance;
  private final TextIds texts = new TextIds();
  private final Map<IdOrigins.Origin, String> maps = new LinkedHashMap<>();

  /**
   * Makes ids, some of them as the model's rules say.
   *
   * @param distance how many numbers to leave free for rows that others insert meanwhile
   */
  NewIds(LiveRows live, long distance) throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.schema = live.model().schema();
    this.rules = live.model().ownership().rules().replacements();
    this.distance = distance;
  }

  /** The map of a column, as SQL names it; empty if its ids stay. */
  Optional<String> map(IdOrigins.Origin origin) {
    return Optional.ofNullable(maps.get(origin));
  }

  /** The columns that get new ids, in the order of their names. */
  Map<IdOrigins.Origin, String> maps() {
    Map<IdOrigins.Origin, String> sorted =
        new TreeMap<>(
            Comparator.comparing(IdOrigins.Origin::table).thenComparing(IdOrigins.Origin::column));
    sorted.putAll(maps);
    return sorted;
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
            .map(RestoreRules.ColumnRule::with)
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
    List<String> types = session.texts("SELECT DISTINCT typeof(id) FROM " + ids);
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
    String old = affinity + " COLLATE " + collation;
    session.make(map, "(n INTEGER PRIMARY KEY, old " + old + " UNIQUE, new)");
    maps.put(origin, map);
    return map;
  }

  /** Whole numbers, and texts that are some, get the numbers above all others. */
  private void makeNumbers(IdOrigins.Origin origin, String map) throws SQLException {
    String isNumber = "(typeof(old) = 'integer' OR " + TypedValues.isDigits("old") + ')';
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
    String staged =
        "SELECT max(%s) FROM %s"
            .formatted(
                TypedValues.wholeNumber(Sql.name(origin.column())),
                Sql.name(Workbench.STAGE, origin.table()));
    long highest =
        Math.max(live.highest(origin.table(), origin.column()), session.queryLong(staged));
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

  private record Old(long n, Object value) {}

  private void makeEach(
      IdOrigins.Origin origin, String map, String condition, Replacement replacement)
      throws SQLException {
    List<Old> olds =
        session.query(
            "SELECT n, old FROM " + map + " WHERE " + condition + " AND old IS NOT NULL ORDER BY n",
            row -> new Old(row.getLong(1), value(row, 2)));
    Set<String> made = new HashSet<>();
    for (int attempt = 1; !olds.isEmpty(); attempt++) {
      if (attempt > MOST_ATTEMPTS) {
        throw new RestoreRefused(
            "No free id was found for " + origin + " = " + TypedValues.shown(olds.get(0).value()),
            List.of("the last of " + MOST_ATTEMPTS + " that were tried is taken too"),
            "Declare a replacement for " + origin + " that makes ids which nobody has");
      }
      olds = notFree(origin, map, olds, replacement, attempt, made);
    }
  }

  private static Object value(ResultSet row, int column) throws SQLException {
    return TenantKey.value(row.getObject(column));
  }

  /** Gives each a new id, and returns those whose new id somebody has. */
  private List<Old> notFree(
      IdOrigins.Origin origin,
      String map,
      List<Old> olds,
      Replacement replacement,
      int attempt,
      Set<String> made)
      throws SQLException {
    List<Old> again = new ArrayList<>();
    Map<Long, Old> tried = new LinkedHashMap<>();
    for (Old old : olds) {
      Object candidate = replacement.replace(old.value(), attempt);
      if (candidate == null) {
        throw new RestoreRefused(
            "The model clears " + origin + ", which is an id",
            List.of(),
            "Let its replacement make another id");
      }
      // Ids that differ in case alone may be the same to the column's collation.
      if (made.add(folded(candidate))) {
        session.update("UPDATE " + map + " SET new = ? WHERE n = ?", candidate, old.n());
        tried.put(old.n(), old);
      } else {
        again.add(old);
      }
    }
    inUse(origin, map).forEach(n -> Optional.ofNullable(tried.get(n)).ifPresent(again::add));
    return again;
  }

  /** The numbers of the new ids that a live row or a staged one has. */
  private List<Long> inUse(IdOrigins.Origin origin, String map) throws SQLException {
    Table table = schema.table(origin.table());
    String values = "SELECT new FROM " + map + " WHERE new IS NOT NULL";
    live.bring(List.of(Question.holding(table, List.of(origin.column()), values)));
    String column = Sql.name(origin.column());
    return session.query(
        """
        SELECT n FROM %1$s x WHERE new IS NOT NULL
          AND (EXISTS (SELECT 1 FROM %2$s t WHERE t.%4$s = x.new)
            OR EXISTS (SELECT 1 FROM %3$s t WHERE t.%4$s = x.new))
        """
            .formatted(
                map, live.table(table.name()), Sql.name(Workbench.STAGE, table.name()), column),
        row -> row.getLong(1));
  }

  private static String folded(@Nullable Object candidate) {
    return TypedValues.shown(candidate).toLowerCase(Locale.ROOT);
  }
}
