package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.naming.ReferenceNames;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.suggest.Look.Found;
import dev.sevenfold.backup.suggest.NamedBy.From;
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
  static final int FEW = 5;

  private final Look look;
  private final Draft draft;

  Downwards(Look look, Draft draft) {
    this.look = look;
    this.draft = draft;
  }

  boolean run() throws SQLException {
    int before = draft.size();
    for (Table table : look.tables(look::isUnclaimed)) {
      Optional<String> key = Look.key(table);
      if (key.isPresent() && !look.isEmpty(table)) {
        List<From> from = from(table, key.get());
        if (!from.isEmpty()) {
          decide(table, from);
        }
      }
    }
    return draft.size() > before;
  }

  /** Whether more than a few rows of a table are named by several tenants. */
  boolean isEverybodys(Table table) throws SQLException {
    Optional<String> key = Look.key(table);
    if (key.isEmpty() || look.isEmpty(table)) {
      return false;
    }
    List<From> from = from(table, key.get());
    return !from.isEmpty() && NamedBy.count(look, table, from).isSeverals();
  }

  private List<From> from(Table table, String key) throws SQLException {
    List<From> from = new ArrayList<>();
    for (Table child : look.tables(look::isOwned)) {
      for (Table.ForeignKey declared : child.foreignKeys()) {
        if (declared.parent().equalsIgnoreCase(table.name())
            && declared.columns().size() == 1
            && declared.parentColumns().equals(List.of(key))) {
          from.add(new From(child, declared.columns(), List.of(key), "1"));
        }
      }
    }
    from.addAll(named(table, key));
    return from;
  }

  /** Columns that nobody declares, and that are named for a table and find its rows. */
  List<From> named(Table table, String key) throws SQLException {
    List<From> from = new ArrayList<>();
    for (Table child : look.tables(look::isOwned)) {
      for (String column : look.open(child)) {
        if (isNamed(child, column, table, key)) {
          from.add(new From(child, List.of(column), List.of(key), "1"));
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

  private void decide(Table table, List<From> from) throws SQLException {
    NamedBy named = NamedBy.count(look, table, from);
    if (!named.isAny()) {
      return;
    }
    String said =
        named.said() + ", in " + String.join(", ", from.stream().map(From::toString).toList());
    if (named.isShared()) {
      draft.add(new Proposal.SetAside(table.name(), true), said);
      return;
    }
    for (From each : from) {
      draft.add(
          new Proposal.ReferencedBy(table.name(), each.child().name(), each.columns().get(0)),
          said);
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
}
