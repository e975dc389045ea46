package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.naming.KnownTables;
import dev.sevenfold.backup.schema.Table;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Tables of no tenant: those that frameworks bring, and in the end those that nothing claims. */
final class Leftovers {

  private final Look look;
  private final Draft draft;

  Leftovers(Look look, Draft draft) {
    this.look = look;
    this.draft = draft;
  }

  /** Those that are known by their names: of any, as long as nothing is said of the tables. */
  boolean known() {
    int before = draft.size();
    for (Table table : look.tables(each -> isOpen(each))) {
      Optional<KnownTables.Known> known = KnownTables.find(table.toSchema());
      known.ifPresent(
          is ->
              draft.add(
                  new Proposal.SetAside(is.names(), is.isShared()),
                  is.what() + ", by the well-known name"));
    }
    return draft.size() > before;
  }

  private boolean isOpen(Table table) {
    boolean root = table.name().equals(look.ownership.root().name());
    return look.isUnclaimed(table) || (draft.given().isBare() && look.isOwned(table) && !root);
  }

  /** All others. */
  boolean rest() throws SQLException {
    int before = draft.size();
    Nameless nameless = new Nameless(look, draft);
    for (Table table : look.tables(look::isUnclaimed)) {
      nameless.ask(table);
      draft.add(
          new Proposal.SetAside(table.name(), true),
          look.isEmpty(table)
              ? "empty: nothing to go by"
              : Evidence.number(look.rows(table))
                  + " rows; none of them leads to a tenant, and no tenant's row leads here");
    }
    look.schema.standalone().stream()
        .filter(name -> !look.ownership.ignored().contains(name))
        .filter(name -> !look.ownership.shared().contains(name))
        .forEach(this::standalone);
    return draft.size() > before;
  }

  /**
   * Ignored tables that a restore would run into: it may not take away what their rows point at.
   */
  void inTheWay() {
    for (Table table : look.tables(each -> look.ownership.ignored().contains(each.name()))) {
      List<String> owned =
          table.foreignKeys().stream()
              .filter(key -> look.ownership.owned(key.parent()).isPresent())
              .filter(
                  key -> key.onDelete().equals("NO ACTION") || key.onDelete().equals("RESTRICT"))
              .map(Table.ForeignKey::parent)
              .distinct()
              .toList();
      boolean known = KnownTables.find(table.toSchema()).isPresent();
      if (known && !owned.isEmpty() && !isDeleted(table)) {
        draft.add(
            new Proposal.DeletedIgnored(table.name()),
            "its rows would keep those of " + String.join(", ", owned) + " from going");
      }
    }
  }

  private boolean isDeleted(Table table) {
    return look.ownership.rules().deletedIgnored().stream()
        .anyMatch(table.name()::equalsIgnoreCase);
  }

  private void standalone(String name) {
    draft.add(
        new Proposal.SetAside(name, false), "a virtual table with rows that no backup can copy");
    draft.ask(
        name
            + " keeps rows of its own, as search indexes do, and no backup copies them: can they be"
            + " made anew from other tables?");
  }
}
