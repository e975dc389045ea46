package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import java.sql.SQLException;
import java.util.List;

/**
 * By how many tenants the rows of a table are named, in columns of owned rows. Immutable.
 *
 * @param rows how many rows there are
 * @param one how many are named by one tenant alone
 * @param several how many by several
 * @param samples the first of these
 */
record NamedBy(long rows, long one, long several, List<String> samples) {

  private static final int SAMPLES = 5;

  /**
   * A column of an owned table that points at a table.
   *
   * @param which a condition of the rows of {@code child} that do, which are {@code t}
   */
  record From(Table child, String column, String which) {
    @Override
    public String toString() {
      return child.name() + '.' + column;
    }
  }

  NamedBy {
    samples = List.copyOf(samples);
  }

  boolean isAny() {
    return one + several > 0;
  }

  /** Rows that others may name too are few among those that are somebody's. */
  boolean isSeverals() {
    return 10 * several > one;
  }

  /** Whether rows are everybody's. */
  boolean isShared() {
    if (several > 0) {
      return isSeverals();
    }
    // Of rows that are tenants' few are forgotten; of what there is to choose from, many are left.
    return rows - one > one;
  }

  /** Whether rows are there only for those that name them. */
  boolean isEachOnes() {
    return several == 0 && 10 * one >= 9 * rows;
  }

  /** What is said of it. */
  String said() {
    return "%s of %s rows are named by one tenant alone, %s by several"
        .formatted(Evidence.number(one), Evidence.number(rows), Evidence.number(several));
  }

  static NamedBy count(Look look, Table table, String key, List<From> from) throws SQLException {
    String hits = Sql.name(look.scope.scratch(), "suggest_hits");
    look.session.make(hits, "(k, o INTEGER, UNIQUE (k, o))");
    for (From each : from) {
      look.session.update(
          Sql.of(
              """
              INSERT OR IGNORE INTO {hits}
              SELECT p."{key}", w.o FROM {rows} CROSS JOIN {table} p ON {leads} WHERE {which}
              """,
              hits,
              key,
              look.owners.rowsWithTenants(look.owned(each.child()), "t", "w"),
              look.live(table),
              table.isPointedAt(each.child(), "t", List.of(each.column()), "p", List.of(key)),
              each.which()));
    }
    String grouped = "(SELECT k, count(*) AS n FROM " + hits + " GROUP BY k)";
    List<String> samples =
        look.session.texts(
            "SELECT '[' || k || ']' FROM " + grouped + " WHERE n > 1 LIMIT 0 + " + SAMPLES);
    return new NamedBy(
        look.rows(table),
        look.session.queryLong("SELECT count(*) FROM " + grouped + " WHERE n = 1"),
        look.session.queryLong("SELECT count(*) FROM " + grouped + " WHERE n > 1"),
        samples);
  }
}
