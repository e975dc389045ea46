package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.naming.ReferenceNames;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.suggest.Look.Found;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Tables that nobody claims, and whose columns are named for nothing that is known. Where two of
 * them lead to rows of one tenant, row by row, they are references; where one has the keys of
 * nearly all tenants, it may be theirs.
 */
final class Agreement {

  private static final long ENOUGH = 20;
  private static final double NO_CHANCE = Math.log(1e-4);
  private static final int MOST_TARGETS = 40;

  private final Look look;
  private final Draft draft;

  /** A column and a table that has all of its values. */
  private record Way(String column, Table parent, String key, int fits, Found found) {
    Proposal.Reference of(Table table) {
      return new Proposal.Reference(table.name(), column, parent.name(), key);
    }

    @Override
    public String toString() {
      return column + " -> " + parent.name();
    }
  }

  /** Two ways that lead each row to one tenant. */
  private record Both(Way one, Way other, long rows) {
    int fits() {
      return one.fits() + other.fits();
    }
  }

  /** What may be the tenants' keys, and whether the column is named for no other table. */
  private record Guess(Table table, Way way, boolean isUnnamed) {}

  Agreement(Look look, Draft draft) {
    this.look = look;
    this.draft = draft;
  }

  boolean run() throws SQLException {
    int before = draft.size();
    List<Guess> guesses = new ArrayList<>();
    Upwards upwards = new Upwards(look, draft);
    for (Table table : look.tables(look::isUnclaimed)) {
      if (upwards.isPutOff(table)) {
        continue;
      }
      List<Way> ways = new ArrayList<>();
      for (String column : look.open(table)) {
        boolean named = ReferenceNames.isEnded(column) || ReferenceNames.isRole(column);
        if (named && !look.isTyped(table, column) && look.namedForOthers(table, column) == 0) {
          ways.addAll(ways(table, column));
        }
      }
      Optional<Both> both = both(table, ways);
      List<Way> telling = telling(table, ways);
      if (!telling.isEmpty()) {
        telling.forEach(
            way ->
                draft.add(
                    way.of(table),
                    Evidence.found(way.found().found(), way.found().values())
                        + ", too long to be there by chance"));
      } else if (both.isPresent()) {
        Both it = both.get();
        String said =
            "in %s rows, %s and %s lead to the same tenant"
                .formatted(Evidence.number(it.rows()), it.one(), it.other());
        draft.add(it.one().of(table), said);
        draft.add(it.other().of(table), said);
      } else if (!new Downwards(look, draft).isEverybodys(table)) {
        tenants(table, ways).ifPresent(guesses::add);
      }
    }
    if (draft.size() == before) {
      // One alone: what it says may tell more of the others than a guess.
      guesses.stream()
          .max(
              Comparator.comparing(Guess::isUnnamed)
                  .thenComparing(guess -> guess.way().found().values()))
          .ifPresent(this::guess);
    }
    return draft.size() > before;
  }

  /** Ways by values that no two tables have by chance: UUIDs. */
  private List<Way> telling(Table table, List<Way> ways) throws SQLException {
    List<Way> telling = new ArrayList<>();
    for (Way way : ways) {
      if (way.found().values() > 2 && look.isTelling(table, way.column())) {
        telling.add(way);
      }
    }
    return telling;
  }

  private List<Way> ways(Table table, String column) throws SQLException {
    return look
        .targets(table, column, found -> found.values() > 1 && found.isAll(), MOST_TARGETS)
        .stream()
        .map(to -> way(table, column, to))
        .toList();
  }

  private Way way(Table table, String column, Look.Target to) {
    return new Way(
        column, to.parent(), to.key(), look.fits(table, column, to.parent()), to.found());
  }

  private Optional<Both> both(Table table, List<Way> ways) throws SQLException {
    List<Both> all = new ArrayList<>();
    for (int i = 0; i < ways.size(); i++) {
      for (Way other : ways.subList(i + 1, ways.size())) {
        if (!other.column().equals(ways.get(i).column())) {
          agreeing(table, ways.get(i), other).ifPresent(all::add);
        }
      }
    }
    return all.stream().max(Comparator.comparing(Both::fits));
  }

  private Optional<Both> agreeing(Table table, Way one, Way other) throws SQLException {
    String from =
        Sql.of(
            """
            FROM (SELECT DISTINCT "{columns}" FROM {table}) t
              CROSS JOIN {one} p ON {p} CROSS JOIN {other} q ON {q}
            """,
            List.of(one.column(), other.column()),
            look.live(table),
            look.live(one.parent()),
            leads(table, one, "p"),
            look.live(other.parent()),
            leads(table, other, "q"));
    String ones = look.owners.tenantsOf(look.owned(one.parent()), "p");
    String others = look.owners.tenantsOf(look.owned(other.parent()), "q");
    long rows =
        look.session.queryLong(
            "SELECT count(*) " + from + " WHERE EXISTS (" + ones + ") AND EXISTS (" + others + ")");
    if (rows < ENOUGH || rows * Math.log(evenness(other.parent())) > NO_CHANCE) {
      return Optional.empty();
    }
    boolean parting =
        look.session.exists(
            "SELECT 1 " + from + " WHERE NOT EXISTS (" + ones + " INTERSECT " + others + ")");
    return parting ? Optional.empty() : Optional.of(new Both(one, other, rows));
  }

  private static String leads(Table table, Way way, String alias) {
    return way.parent().isPointedAt(table, "t", List.of(way.column()), alias, List.of(way.key()));
  }

  /** How probable it is that two rows of a table, drawn at random, are of one tenant. */
  private double evenness(Table parent) throws SQLException {
    List<Long> rows =
        look.session.query(
            "SELECT count(*) FROM "
                + look.owners.rowsWithTenants(look.owned(parent), "t", "w")
                + " GROUP BY w.o",
            row -> row.getLong(1));
    double all = rows.stream().mapToLong(each -> each).sum();
    return rows.stream().mapToDouble(each -> each / all * (each / all)).sum();
  }

  /** A column of the keys of tenants, as far as it goes by their number. */
  private Optional<Guess> tenants(Table table, List<Way> ways) {
    String root = look.ownership.root().name();
    return ways.stream()
        .filter(way -> way.parent().name().equals(root))
        .filter(way -> way.found().values() > 2 && 2 * way.found().values() >= look.tenants)
        .map(way -> new Guess(table, way, isUnnamed(table, way.column())))
        .max(Comparator.comparing(Guess::isUnnamed));
  }

  private boolean isUnnamed(Table table, String column) {
    return look.tables(each -> look.fits(table, column, each) > 0).isEmpty();
  }

  private void guess(Guess guess) {
    Way way = guess.way();
    String root = way.parent().name();
    draft.add(
        way.of(guess.table()),
        "%s: the keys of %s of %s tenants"
            .formatted(
                Evidence.found(way.found().found(), way.found().values()),
                Evidence.number(way.found().values()),
                Evidence.number(look.tenants)));
    draft.ask(
        "Is %s.%s a key of %s? Its values are, and nothing else says so"
            .formatted(guess.table().name(), way.column(), root));
  }
}
