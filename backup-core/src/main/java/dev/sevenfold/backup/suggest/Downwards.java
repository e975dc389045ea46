package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.naming.ReferenceNames;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.suggest.Look.Found;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tables that nobody claims, and that owned rows point at: theirs, if each row is named by one
 * tenant alone; everybody's, if several name the same rows.
 */
final class Downwards {

  /** So few rows may be told apart by chance. */
  private static final int FEW = 5;

  private final Look look;
  private final Draft draft;
  private final String hits;

  /** A column of an owned table that points at a table. */
  private record From(Table child, String column) {
    @Override
    public String toString() {
      return child.name() + '.' + column;
    }
  }

  /** By how many tenants the rows of a table are named. */
  private record Named(long rows, long one, long several, List<String> samples) {
    long nobody() {
      return rows - one - several;
    }
  }

  Downwards(Look look, Draft draft) {
    this.look = look;
    this.draft = draft;
    this.hits = Sql.name(look.scope.scratch(), "suggest_hits");
  }

  boolean run() throws SQLException {
    int before = draft.size();
    for (Table table : look.tables(look::isUnclaimed)) {
      Optional<String> key = Look.key(table);
      if (key.isPresent() && !look.isEmpty(table)) {
        List<From> from = from(table, key.get());
        if (!from.isEmpty()) {
          decide(table, key.get(), from);
        }
      }
    }
    return draft.size() > before;
  }

  private List<From> from(Table table, String key) throws SQLException {
    List<From> from = new ArrayList<>();
    for (Table child : look.tables(look::isOwned)) {
      for (Table.ForeignKey declared : child.foreignKeys()) {
        if (declared.parent().equalsIgnoreCase(table.name())
            && declared.columns().size() == 1
            && declared.parentColumns().equals(List.of(key))) {
          from.add(new From(child, declared.columns().get(0)));
        }
      }
      for (String column : look.open(child)) {
        if (isNamed(child, column, table, key)) {
          from.add(new From(child, column));
        }
      }
    }
    return from;
  }

  /** Whether a column is named for this table, better than for an owned one, and finds its rows. */
  private boolean isNamed(Table child, String column, Table table, String key) throws SQLException {
    int fits = look.fits(child, column, table);
    if (fits == 0) {
      return false;
    }
    Found found = look.found(child, column, table, key);
    boolean clear = fits >= ReferenceNames.CLEAR;
    return found.values() > 0 && (clear ? found.isMost() : found.isAll());
  }

  private void decide(Table table, String key, List<From> from) throws SQLException {
    Named named = named(table, key, from);
    if (named.one() + named.several() == 0) {
      return;
    }
    String names = String.join(", ", from.stream().map(From::toString).toList());
    String said =
        "%s of %s rows are named by one tenant alone, %s by several, in %s"
            .formatted(
                Evidence.number(named.one()),
                Evidence.number(named.rows()),
                Evidence.number(named.several()),
                names);
    if (isShared(named)) {
      draft.add(new Proposal.SetAside(table.name(), true), said);
      return;
    }
    for (From each : from) {
      draft.add(new Proposal.ReferencedBy(table.name(), each.child().name(), each.column()), said);
    }
    if (named.several() > 0) {
      draft.ask(
          "Is %s shared? %s rows of it are named by several tenants: %s"
              .formatted(
                  table.name(),
                  Evidence.number(named.several()),
                  Evidence.some(named.samples(), named.several())));
    } else if (look.tenants < 2 || named.one() < FEW) {
      draft.ask("Is %s shared? %s, which is too little to tell by".formatted(table.name(), said));
    }
  }

  /** Rows that others may name too are few among those that are somebody's. */
  private boolean isShared(Named named) {
    if (named.several() > 0) {
      return 10 * named.several() > named.one();
    }
    // Of rows that are tenants' few are forgotten; of what there is to choose from, many are left.
    return named.nobody() > named.one();
  }

  private Named named(Table table, String key, List<From> from) throws SQLException {
    look.session.make(hits, "(k, o INTEGER, UNIQUE (k, o))");
    for (From each : from) {
      look.session.update(
          Sql.of(
              "INSERT OR IGNORE INTO {hits} SELECT p.\"{key}\", w.o FROM {rows} CROSS JOIN {table} p ON {leads}",
              hits,
              key,
              look.owners.rowsWithTenants(look.owned(each.child()), "t", "w"),
              look.live(table),
              table.isPointedAt(each.child(), "t", List.of(each.column()), "p", List.of(key))));
    }
    String grouped = "(SELECT k, count(*) AS n FROM " + hits + " GROUP BY k)";
    List<String> samples =
        look.session.texts("SELECT '[' || k || ']' FROM " + grouped + " WHERE n > 1 LIMIT 5");
    return new Named(
        look.rows(table),
        look.session.queryLong("SELECT count(*) FROM " + grouped + " WHERE n = 1"),
        look.session.queryLong("SELECT count(*) FROM " + grouped + " WHERE n > 1"),
        samples);
  }
}
