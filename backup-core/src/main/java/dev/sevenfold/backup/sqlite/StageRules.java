package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.RestoreRules;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Changes staged rows as the host's rules say, so that the plan, the merge and the proof all know
 * of it.
 */
final class StageRules {

  private final Session session;
  private final Ownership ownership;
  private final SqliteSchema schema;
  private final List<SqliteTable> staged;
  private final List<String> notes = new ArrayList<>();

  StageRules(Session session, Ownership ownership, SqliteSchema schema, List<SqliteTable> staged) {
    this.session = session;
    this.ownership = ownership;
    this.schema = schema;
    this.staged = staged;
  }

  /** Applies every rule, and says what was done. */
  List<String> apply() throws SQLException {
    RestoreRules rules = ownership.rules();
    for (String table : rules.emptied()) {
      if (isStaged(table)) {
        note(
            session.update("DELETE FROM " + stage(table)),
            "rows of table " + table + " are not brought back");
      }
    }
    for (RestoreRules.Reset reset : rules.resets()) {
      if (isStaged(reset.table())) {
        note(
            session.update(
                "UPDATE OR ABORT "
                    + stage(reset.table())
                    + " SET "
                    + Sql.name(reset.column())
                    + " = ?",
                reset.value()),
            "rows of table " + reset.table() + " have their " + reset.column() + " reset");
      }
    }
    for (RestoreRules.Erasure erasure : rules.erasures()) {
      if (isStaged(erasure.table())) {
        erase(erasure);
      }
    }
    return notes;
  }

  private void note(long rows, String what) {
    if (rows > 0) {
      notes.add(rows + " " + what);
    }
  }

  private boolean isStaged(String table) {
    return staged.stream().anyMatch(candidate -> candidate.name().equalsIgnoreCase(table));
  }

  private static String stage(String table) {
    return Sql.name(RowDiff.STAGE, table);
  }

  private void erase(RestoreRules.Erasure erasure) throws SQLException {
    long erased =
        remove(
            erasure.table(),
            Sql.name(erasure.column())
                + " IN (SELECT "
                + Sql.name(erasure.ledgerColumn())
                + " FROM "
                + Sql.name(SnapshotTaker.LIVE, erasure.ledger())
                + ')');
    note(
        erased,
        "rows of table "
            + erasure.table()
            + " stay erased, as table "
            + erasure.ledger()
            + " says");
    if (erased > 0) {
      removeWhatHungBelow(erasure.table());
    }
  }

  private static String gone(String table) {
    return Sql.name(RowDiff.PLAN, "gone_" + table);
  }

  /** Removes staged rows, and remembers them for what hangs below them. */
  private long remove(String table, String condition) throws SQLException {
    String rows = "SELECT * FROM " + stage(table) + " WHERE " + condition;
    session.execute("CREATE TABLE IF NOT EXISTS " + gone(table) + " AS " + rows + " AND 0");
    session.execute("INSERT INTO " + gone(table) + ' ' + rows);
    return session.update("DELETE FROM " + stage(table) + " WHERE " + condition);
  }

  /** Follows references to rows that are gone: what was owned through one goes as well. */
  private void removeWhatHungBelow(String erasedFrom) throws SQLException {
    Deque<String> due = new ArrayDeque<>(List.of(erasedFrom));
    while (!due.isEmpty()) {
      String parent = due.removeFirst();
      for (Ownership.Reference reference : ownership.references()) {
        Edge edge = Edge.of(reference.child(), reference.claim());
        if (edge.parent().equalsIgnoreCase(parent) && isStaged(edge.child())) {
          if (follow(reference, edge)) {
            due.addLast(edge.child());
          }
        }
      }
    }
  }

  private boolean follow(Ownership.Reference reference, Edge edge) throws SQLException {
    SqliteTable child = schema.table(edge.child());
    String dangling =
        edge.isSet("t")
            + " AND EXISTS (SELECT 1 FROM "
            + gone(edge.parent())
            + " g WHERE "
            + Sql.equal("g", edge.parentColumns(), "t", edge.columns())
            + ')';
    String keys =
        '('
            + Sql.columns(child.key())
            + ") IN (SELECT "
            + Sql.columns("t", child.key())
            + " FROM "
            + stage(child.name())
            + " t WHERE "
            + dangling
            + ')';
    String action = onDelete(child, edge);
    OwnedTable owned = ownership.owned(child.name()).orElseThrow();
    boolean hangs =
        action.isEmpty() && owned.claims().contains(reference.claim()) && !isReversed(owned);
    if (action.equals("CASCADE") || hangs) {
      long rows = remove(child.name(), keys);
      note(
          rows,
          "rows of table " + child.name() + " go with the erased rows of table " + edge.parent());
      return rows > 0;
    }
    if (action.equals("NO ACTION") || action.equals("RESTRICT")) {
      requireNone(child, edge, keys);
      return false;
    }
    long rows =
        session.update(
            "UPDATE OR ABORT "
                + stage(child.name())
                + " SET "
                + Sql.commas(edge.columns(), column -> Sql.name(column) + " = NULL")
                + " WHERE "
                + keys);
    note(
        rows,
        "rows of table "
            + child.name()
            + " lose their reference to erased rows of table "
            + edge.parent());
    return false;
  }

  private static boolean isReversed(OwnedTable owned) {
    return owned.claims().stream().anyMatch(Claim.ReferencedBy.class::isInstance);
  }

  private void requireNone(SqliteTable child, Edge edge, String keys) throws SQLException {
    long rows = session.queryLong("SELECT count(*) FROM " + stage(child.name()) + " WHERE " + keys);
    if (rows > 0) {
      throw new RestoreRefused(
          rows
              + " archived rows of table "
              + child.name()
              + " point through "
              + edge.columns()
              + " at rows of table "
              + edge.parent()
              + " that were erased since",
          List.of(),
          "Declare ON DELETE CASCADE or SET NULL for this reference, or an erasure for the table");
    }
  }

  /** The action of the declared foreign key that the edge stands for; empty if none is declared. */
  private static String onDelete(SqliteTable child, Edge edge) {
    return child.foreignKeys().stream()
        .filter(
            key ->
                key.columns().equals(edge.columns())
                    && key.parent().equalsIgnoreCase(edge.parent()))
        .map(SqliteTable.ForeignKey::onDelete)
        .findFirst()
        .orElse("");
  }
}
