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

    boolean isAs(Sure sure) {
      return switch (sure) {
        case FOUND -> isClear() && 10 * found.found() >= 9 * found.values();
        case NAMED -> isClear();
        case LIKELY -> true;
      };
    }

    /** Whether no rows that name the table's own say more than the name of the column. */
    boolean isWhole() {
      return fits >= ReferenceNames.WHOLE;
    }
  }

  /** A table that a column may be named for. */
  private record Target(Table table, String key, int fits) {}

  /** How much has to speak for a way, the surest first. */
  enum Sure {
    /** Named clearly, and nearly all values are found. */
    FOUND,
    /** Named clearly: rows may be gone, or the values are numbers of another kind. */
    NAMED,
    /**
     * When nothing else is left: who has done something is less telling than what it was done to,
     * which may come to be known.
     */
    LIKELY
  }

  /** Claims what is as sure as that. */
  boolean run(Sure sure) throws SQLException {
    boolean any = false;
    Downwards downwards = new Downwards(look, draft);
    for (Table table : look.tables(look::isUnclaimed)) {
      Optional<Way> way = best(table).filter(each -> each.isAs(sure));
      if (way.isEmpty()) {
        continue;
      }
      Way it = way.get();
      if (!it.isWhole() && downwards.isEverybodys(table)) {
        askIfClear(table, it);
      } else {
        any = true;
        draft.add(
            new Proposal.Reference(table.name(), it.column(), it.parent().name(), it.key()),
            evidence(it));
      }
    }
    return any;
  }

  /** A user has a team of the moment, and belongs to several. */
  private void askIfClear(Table table, Way way) {
    if (way.isClear()) {
      draft.ask(
          "Is %s shared? Its rows are named by several tenants, though %s leads to %s"
              .formatted(table.name(), way.column(), way.parent().name()));
    }
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
      if (!look.isTyped(table, column)) {
        way(table, column).filter(way -> look.isOwned(way.parent())).ifPresent(ways::add);
      }
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

  /**
   * The table that a column is best named for, of those that have its values; owned or not. Where
   * that is the table of the column ({@code users.created_by}), it leads no way up.
   */
  private Optional<Way> way(Table table, String column) throws SQLException {
    List<Target> targets = new ArrayList<>();
    for (Table parent : look.schema.tables()) {
      int fits = look.fits(table, column, parent);
      if (fits > 0) {
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
              ? (clear || ReferenceNames.isEnded(column))
                  && look.isEmpty(table)
                  && Look.isAlike(table, column, target.table(), target.key())
              : clear ? found.isMost() : found.isAll();
      boolean unclear = !clear && isOfTenants(table, column, target, found);
      if (likely && target.table().name().equals(table.name())) {
        return Optional.empty();
      }
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
