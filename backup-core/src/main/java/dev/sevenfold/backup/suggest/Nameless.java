package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.naming.ReferenceNames;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.suggest.Look.Found;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables that nothing else claims, and a column of theirs that is named for no table: {@code scope}
 * with keys of tenants, {@code rt_id}. Keys that are drawn at random are found nowhere by chance;
 * small numbers are found everywhere, so that they are asked about, lest the rows be in no archive
 * in silence.
 */
final class Nameless {

  private static final int FEW = 3;

  private final Look look;
  private final Draft draft;
  private final Table root;

  Nameless(Look look, Draft draft) {
    this.look = look;
    this.draft = draft;
    this.root = look.schema.table(look.ownership.root().name());
  }

  /** Claims the tables of which there is no doubt. */
  boolean run() throws SQLException {
    int before = draft.size();
    for (Table table : look.tables(look::isUnclaimed)) {
      for (String column : look.open(table)) {
        if (look.isTelling(table, column)) {
          claim(table, column);
        }
      }
    }
    return draft.size() > before;
  }

  private void claim(Table table, String column) throws SQLException {
    look.targets(table, column, found -> found.found() >= FEW && found.isMost(), 1)
        .forEach(
            to ->
                draft.add(
                    new Proposal.Reference(table.name(), column, to.parent().name(), to.key()),
                    Evidence.found(to.found().found(), to.found().values())
                        + ", and none is found by chance"));
  }

  /**
   * Asks about a table that nothing claims, where its values may be keys of owned rows; where some
   * columns are named as ids are, of these alone.
   */
  void ask(Table table) throws SQLException {
    List<String> open = new ArrayList<>();
    for (String column : look.open(table)) {
      if (look.namedForOthers(table, column) == 0) {
        open.add(column);
      }
    }
    boolean asked = false;
    for (String column : open) {
      if (ReferenceNames.isEnded(column) && !look.isTyped(table, column)) {
        asked |= ask(table, column, parents(table, column));
      }
    }
    for (String column : asked ? List.<String>of() : open) {
      if (isOfTenants(table, column)) {
        ask(table, column, List.of(root.name()));
      }
    }
  }

  private boolean ask(Table table, String column, List<String> parents) throws SQLException {
    if (parents.isEmpty()) {
      return false;
    }
    draft.ask(
        "Does %s.%s lead to %s? All of its values are found there, as small numbers often are; shared, these %s rows are in no archive"
            .formatted(
                table.name(),
                column,
                Evidence.some(parents.subList(0, Math.min(FEW, parents.size())), parents.size()),
                Evidence.number(look.rows(table))));
    return true;
  }

  /** The tables whose keys all values of a column are. */
  private List<String> parents(Table table, String column) throws SQLException {
    return look
        .targets(table, column, found -> found.values() >= FEW && found.isAll(), Integer.MAX_VALUE)
        .stream()
        .map(to -> to.parent().name())
        .toList();
  }

  /** Whether the rows repeat keys of most tenants. */
  private boolean isOfTenants(Table table, String column) throws SQLException {
    Found found = look.found(table, column, root, look.ownership.keyColumn());
    return found.values() >= FEW
        && found.isAll()
        && 2 * found.values() >= look.tenants
        && 2 * found.values() <= look.rows(table);
  }
}
