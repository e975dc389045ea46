package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import java.util.List;

/**
 * One table while a part of the tenant is brought into it: its rows as they were, its rows as they
 * are, and sets of their keys in the plan. Immutable.
 *
 * @param names how people name its rows
 * @param chosen whether the table is restored at all
 * @param columns the columns that updated rows take; empty for all
 */
record PartTable(int number, Table table, RowNames names, boolean chosen, List<String> columns) {

  /** The two states of a table. */
  enum Side {
    THEN,
    NOW
  }

  String name() {
    return table.name();
  }

  /** The columns that say which row is which; empty if only all values together do. */
  List<String> identity() {
    return names.identity();
  }

  /** The rows of a state: those of the archive are set aside, while the stage is filled anew. */
  String rows(Side side) {
    return side == Side.THEN ? set("then") : Sql.name(Workbench.COPY, table.name());
  }

  String stage() {
    return Sql.name(Workbench.STAGE, table.name());
  }

  /** The keys of rows that were chosen: {@code n, k0, …}. */
  String chosen(Side side) {
    return set(side == Side.THEN ? "chosen_then" : "chosen_now");
  }

  /** The keys of archived rows that come in the place of what is there: {@code n, k0, …}. */
  String taken() {
    return set("taken");
  }

  /** The keys of archived rows that are missing now: {@code n, k0, …}. */
  String missing() {
    return set("missing");
  }

  /** The keys of live rows that go: {@code n, k0, …}. */
  String going() {
    return set("going");
  }

  /** The keys of live rows that stay as they are: {@code n, k0, …}. */
  String staying() {
    return set("staying");
  }

  /** Those of them that were to go, and that others use: {@code n, k0, …}. */
  String held() {
    return set("held");
  }

  /** The keys of archived rows that others need, and that nobody chose: {@code n, k0, …}. */
  String needed() {
    return set("needed");
  }

  /** What a restore wrote that is to be taken back: {@code what, id, print}. */
  String written() {
    return set("written");
  }

  /** The same table, of which updated rows take only these columns, if they are not all. */
  PartTable taking(List<String> some) {
    boolean all = some.size() == table.stored().size();
    return new PartTable(number, table, names, chosen, all ? List.of() : some);
  }

  /** Rows of a state as texts: {@code k0, …, id, print}. */
  String prints(Side side) {
    return set(side == Side.THEN ? "prints_then" : "prints_now");
  }

  private String set(String what) {
    return Sql.name(Workbench.PLAN, "part_" + what + '_' + number);
  }

  List<String> keys() {
    return OwnedRows.keyColumns(table);
  }

  String keyDefinition() {
    return Sql.of(
        "(n INTEGER PRIMARY KEY, {columns}, UNIQUE (\"{key}\"))",
        OwnedRows.keyDefinitions(table),
        keys());
  }

  /** {@code set alias CROSS JOIN rows row ON …}: the rows of a state that a set has. */
  String rowsOf(String set, Side side, String row) {
    return Sql.of(
        "{set} f CROSS JOIN {rows} ON {same key}",
        set,
        rows(side) + ' ' + row,
        Sql.equal(row, table.key(), "f", keys()));
  }

  /** A condition: the row under the alias is in a set. */
  String isIn(String set, String alias) {
    return Sql.of(
        "EXISTS (SELECT 1 FROM {set} f WHERE {same key})",
        set,
        Sql.equal("f", keys(), alias, table.key()));
  }

  /** A condition: the rows of both states are one; only of a table with an identity. */
  String isSame(String left, String right) {
    return Sql.equal(left, identity(), right, identity());
  }

  boolean hasIdentity() {
    return !identity().isEmpty();
  }
}
