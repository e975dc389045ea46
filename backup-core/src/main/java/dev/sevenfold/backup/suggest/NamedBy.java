package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.RowKeys;
import java.sql.SQLException;
import java.util.List;

/**
 * By how many tenants the rows of a table are named, in columns of owned rows. Immutable.
 *
 * @param rows how many rows there are
 * @param one how many are named by one tenant alone
 * @param several how many by several
 * @param tenants how many tenants these are
 * @param samples the first rows of several
 */
record NamedBy(long rows, long one, long several, long tenants, List<String> samples) {

  private static final int SAMPLES = 5;

  /**
   * Columns of an owned table that point at a table.
   *
   * @param keys the columns there
   * @param which a condition of the rows of {@code child} that do, which are {@code t}
   */
  record From(Table child, List<String> columns, List<String> keys, String which) {
    static From of(Look look, Edge edge) {
      return new From(
          look.schema.table(edge.child()), edge.columns(), edge.parentColumns(), edge.isSet("t"));
    }

    @Override
    public String toString() {
      return child.name() + '.' + String.join(", ", columns);
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

  /** By how many tenants the rows are named. */
  static NamedBy count(Look look, Table table, List<From> from) throws SQLException {
    Hits hits = new Hits(look, table);
    for (From each : from) {
      hits.add(
          "p",
          Sql.of(
              "{rows} CROSS JOIN {table} p ON {leads} WHERE {which}",
              look.owners.rowsWithTenants(look.owned(each.child()), "t", "w"),
              look.live(table),
              table.isPointedAt(each.child(), "t", each.columns(), "p", each.keys()),
              each.which()));
    }
    return hits.counted();
  }

  /** To how many tenants the rows lead, by references to owned tables. */
  static NamedBy leading(Look look, Table table, List<Edge> ways) throws SQLException {
    Hits hits = new Hits(look, table);
    for (Edge way : ways) {
      Table parent = look.schema.table(way.parent());
      hits.add(
          "t",
          Sql.of(
              "{table} t CROSS JOIN {parent} p ON {leads}{tenants} WHERE {is set}",
              look.live(table),
              look.live(parent),
              way.leads(look.schema, "t", "p"),
              look.owners.withTenants(look.owned(parent), "p"),
              way.isSet("t")));
    }
    return hits.counted();
  }

  /** The rows of one table, each with the tenants that were found for it. */
  private record Hits(Look look, Table table, String name) {
    Hits(Look look, Table table) throws SQLException {
      this(look, table, Sql.name(look.scope.scratch(), "suggest_hits"));
      look.session.make(
          name,
          Sql.of(
              "({keys}, o INTEGER, UNIQUE (\"{key}\", o))",
              OwnedRows.keyDefinitions(table),
              OwnedRows.keyColumns(table)));
    }

    /** Adds rows under an alias, with tenants {@code w.o}. */
    void add(String alias, String from) throws SQLException {
      look.session.update(
          Sql.of(
              "INSERT OR IGNORE INTO {hits} SELECT {key}, w.o FROM {rows}",
              name,
              Sql.columns(alias, table.key()),
              from));
    }

    NamedBy counted() throws SQLException {
      List<String> key = OwnedRows.keyColumns(table);
      String grouped =
          Sql.of("(SELECT \"{key}\", count(*) AS n FROM {hits} GROUP BY \"{key}\")", key, name);
      List<String> shown = table.identity().isEmpty() ? table.key() : table.identity();
      List<String> samples =
          look.session.query(
              Sql.of(
                  "SELECT {shown} FROM {grouped} g CROSS JOIN {t} t ON {same} WHERE g.n > 1 LIMIT {some}",
                  Sql.columns("t", shown),
                  grouped,
                  look.live(table),
                  Sql.equal("t", table.key(), "g", key),
                  "0 + " + SAMPLES),
              row -> RowKeys.text(RowKeys.values(row, shown.size())));
      return new NamedBy(
          look.rows(table),
          look.session.queryLong("SELECT count(*) FROM " + grouped + " WHERE n = 1"),
          look.session.queryLong("SELECT count(*) FROM " + grouped + " WHERE n > 1"),
          look.session.queryLong("SELECT count(DISTINCT o) FROM " + name),
          samples);
    }
  }
}
