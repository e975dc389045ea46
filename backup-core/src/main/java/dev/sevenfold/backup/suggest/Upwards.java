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
 * Tables that nobody claims, and a column of theirs that leads to owned rows. Whose their rows are
 * is not known yet, so that a name and found values have to do for the first one; all others are
 * compared with it.
 */
final class Upwards {

  private final Look look;
  private final Draft draft;

  Upwards(Look look, Draft draft) {
    this.look = look;
    this.draft = draft;
  }

  /** A column and what it is likely to point at. */
  record Way(String column, Table parent, String key, int fits, Found found, boolean always) {
    boolean isClear() {
      return fits >= ReferenceNames.CLEAR;
    }
  }

  /** A table that a column may be named for. */
  private record Target(Table table, String key, int fits) {}

  /**
   * Claims what is named clearly, or, when nothing else is left, also what is not: who has done
   * something is less telling than what it was done to, which may come to be known.
   */
  boolean run(boolean clear) throws SQLException {
    boolean any = false;
    for (Table table : look.tables(look::isUnclaimed)) {
      Optional<Way> way = best(table).filter(each -> each.isClear() || !clear);
      if (way.isPresent()) {
        any = true;
        Way it = way.get();
        draft.add(
            new Proposal.Reference(table.name(), it.column(), it.parent().name(), it.key()),
            evidence(it));
      }
    }
    return any;
  }

  private static String evidence(Way way) {
    return way.found().values() == 0
        ? "no values to look at: the name alone says so"
        : Evidence.found(way.found().found(), way.found().values())
            + "; nothing else says whose these rows are";
  }

  private Optional<Way> best(Table table) throws SQLException {
    return ways(table).stream()
        .max(
            Comparator.comparing(Way::isClear)
                .thenComparing(way -> way.found().values() > 0)
                .thenComparing(Way::always)
                .thenComparing(Way::fits));
  }

  /** What each column is likely to point at, of owned tables. */
  List<Way> ways(Table table) throws SQLException {
    List<Way> ways = new ArrayList<>();
    for (String column : look.open(table)) {
      way(table, column).filter(way -> look.isOwned(way.parent())).ifPresent(ways::add);
    }
    return ways;
  }

  /** Whether values make a greater part of all tenants' keys than of those of the table. */
  private boolean isOfTenants(Table table, String column, Target target, Found found)
      throws SQLException {
    Table root = look.schema.table(look.ownership.root().name());
    return found.values() > 2
        && look.tenants < look.rows(target.table())
        && 2 * found.values() >= look.tenants
        && look.found(table, column, root, look.ownership.keyColumn()).isAll();
  }

  /** The table that a column is best named for, of those that have its values; owned or not. */
  private Optional<Way> way(Table table, String column) throws SQLException {
    List<Target> targets = new ArrayList<>();
    for (Table parent : look.schema.tables()) {
      int fits = look.fits(table, column, parent);
      if (fits > 0 && !parent.name().equals(table.name())) {
        Look.key(parent, column).ifPresent(key -> targets.add(new Target(parent, key, fits)));
      }
    }
    targets.sort(
        Comparator.comparing(Target::fits)
            .thenComparing(target -> look.isOwned(target.table()))
            .reversed());
    for (Target target : targets) {
      Found found = look.found(table, column, target.table(), target.key());
      boolean clear = target.fits() >= ReferenceNames.CLEAR;
      boolean likely =
          found.values() == 0
              ? clear
                  && look.isEmpty(table)
                  && Look.isAlike(table, column, target.table(), target.key())
              : clear ? found.isMost() : found.isAll();
      boolean unclear =
          !clear && (look.isTyped(table, column) || isOfTenants(table, column, target, found));
      if (likely && !unclear) {
        boolean always =
            !look.session.exists(
                "SELECT 1 FROM " + look.live(table) + " WHERE " + Sql.name(column) + " IS NULL");
        return Optional.of(
            new Way(column, target.table(), target.key(), target.fits(), found, always));
      }
    }
    return Optional.empty();
  }
}
