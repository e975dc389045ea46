package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.rows.Owners;
import dev.sevenfold.backup.rows.Scope;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqlText;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares every index that a tenant's rows may be looked up by with its table, for all tenants in
 * one pass: a damaged one hides rows from a backup, and a later restore would delete them. An index
 * is read through SQLite as it is, and each entry is looked up in the table.
 */
final class IndexCheck {

  /**
   * An index that does not agree with its table.
   *
   * @param what a sentence that names it
   * @param tenants whose rows it hides, as ids
   * @param everyone whether nobody can tell whose rows it hides
   */
  record Finding(String index, String what, Set<String> tenants, boolean everyone) {
    Finding {
      tenants = Set.copyOf(tenants);
    }

    boolean concerns(String tenant) {
      return everyone || tenants.contains(tenant);
    }
  }

  /**
   * An index, and what of it is looked at.
   *
   * @param columns those of its columns that rows are looked up by
   * @param condition that of a partial index, else empty
   */
  private record Index(
      Table table, String scan, String name, List<String> columns, String condition) {

    /** Selects the keys and the columns, read in one way. */
    private String rows(String by) {
      List<String> selected = new ArrayList<>();
      for (int i = 0; i < table.key().size(); i++) {
        selected.add(Sql.name(table.key().get(i)) + " AS k" + i);
      }
      for (int i = 0; i < columns.size(); i++) {
        selected.add(Sql.name(columns.get(i)) + " AS c" + i);
      }
      return Sql.of(
          "SELECT {keys and columns} FROM {live} {by}{where}",
          String.join(", ", selected),
          Sql.name(Session.MAIN, table.name()),
          by,
          condition.isEmpty() ? "" : " WHERE " + condition);
    }

    String inTable() {
      return rows(scan);
    }

    String inIndex() {
      return rows("INDEXED BY " + Sql.name(name));
    }

    String missing() {
      return inTable() + " EXCEPT " + inIndex();
    }

    String leadingElsewhere() {
      return inIndex() + " EXCEPT " + inTable();
    }

    /** How many, and which of them as far as a sum tells. */
    private String sum(String from) {
      // Not count(*), which SQLite answers from whatever index is the smallest.
      String keys = table.hasRowid() ? "':' || coalesce(sum(i.k0 & 4294967295), 0)" : "''";
      return "SELECT coalesce(sum(1), 0) || " + keys + " FROM " + from;
    }

    String sumOfTable() {
      return sum("(" + inTable() + ") i");
    }

    String sumOfIndex() {
      return sum("(" + inIndex() + ") i");
    }

    /** Of the entries that lead to a row with the values that they have. */
    String sumOfAgreeing() {
      List<String> same = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        same.add("i.c" + i + " IS +r." + Sql.name(columns.get(i)));
      }
      return sum("(" + inIndex() + ") i CROSS JOIN " + row("r", "i")) + " WHERE " + Sql.allOf(same);
    }

    /** The row of the table under {@code alias} that has the key of {@code key}. */
    String row(String alias, String key) {
      return Sql.of(
          "{live} \"{alias}\" {scan} ON {same key}",
          Sql.name(Session.MAIN, table.name()),
          alias,
          scan,
          Sql.equal(alias, table.key(), key, OwnedRows.keyColumns(table)));
    }
  }

  private final Session session;
  private final LiveModel model;
  private final Map<String, Set<String>> lookedUp = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<Finding> findings = new ArrayList<>();

  private IndexCheck(Session session, LiveModel model) {
    this.session = session;
    this.model = model;
    noteLookedUp();
  }

  /** Looks at all of them, each in a transaction. Empty if all is well. */
  static List<Finding> run(Session session, LiveModel model) throws SQLException {
    IndexCheck check = new IndexCheck(session, model);
    for (OwnedTable owned : model.ownership().owned()) {
      Interrupts.check();
      check.check(owned);
    }
    return check.findings;
  }

  private void check(OwnedTable owned) throws SQLException {
    for (Index index : indexes(model.schema().table(owned.name()))) {
      // One for each: with a rollback journal others can write in between.
      session.begin();
      String inTable = session.queryText(index.sumOfTable());
      try {
        if (!inTable.equals(session.queryText(index.sumOfIndex()))
            || !inTable.equals(session.queryText(index.sumOfAgreeing()))) {
          findings.add(finding(owned, index));
        }
      } catch (SQLException e) {
        if (SqliteErrors.isDamage(e)) {
          findings.add(unreadable(index, e));
        } else if (!SqliteErrors.isOfRows(e)) {
          throw e;
        }
        // It needs a function or a collation that is not there: nothing is looked up by it, then.
      }
      session.rollback();
    }
  }

  private static Finding unreadable(Index index, SQLException e) {
    return new Finding(
        index.name(),
        "Index %s of table %s cannot be read: %s"
            .formatted(index.name(), index.table().name(), e.getMessage()),
        Set.of(),
        true);
  }

  private Finding finding(OwnedTable owned, Index index) throws SQLException {
    long missing = session.queryLong("SELECT count(*) FROM (" + index.missing() + ")");
    long elsewhere = session.queryLong("SELECT count(*) FROM (" + index.leadingElsewhere() + ")");
    Set<String> tenants = new TreeSet<>();
    boolean everyone = !findOwners(owned, index, tenants) || missing + elsewhere == 0;
    return new Finding(
        index.name(),
        "Index %s of table %s does not agree with the table: it misses %d rows, and %d entries lead to no such row"
            .formatted(index.name(), owned.name(), missing, elsewhere),
        tenants,
        everyone);
  }

  /**
   * Adds whoever has rows that the index misses. An entry that leads to a row of somebody else
   * shows in the copy of whoever it is found for.
   *
   * @return whether it is known whose all of them are
   */
  private boolean findOwners(OwnedTable owned, Index index, Set<String> tenants)
      throws SQLException {
    Table table = index.table();
    Owners owners =
        Owners.in(new Scope(session, Session.MAIN, Workbench.WORK, model, null), "index");
    owners.ask(
        table,
        Session.MAIN,
        Sql.of(
            "SELECT r.\"{key}\" FROM ({missing}) m CROSS JOIN {row}",
            table.key(),
            index.missing(),
            index.row("r", "m")));
    owners.climb();
    tenants.addAll(owners.names(table, Session.MAIN));
    // Nobody's, or not to be found through this very index.
    return !isReferencedBy(owned) || !owners.isAnyNoTenants(table, Session.MAIN);
  }

  private static boolean isReferencedBy(OwnedTable owned) {
    return owned.claims().stream().anyMatch(Claim.ReferencedBy.class::isInstance);
  }

  /** Notes the columns that rows are looked up by, whoever's claim does it. */
  private void noteLookedUp() {
    lookUp(model.ownership().root().name(), List.of(model.ownership().keyColumn()));
    for (OwnedTable owned : model.ownership().owned()) {
      for (Claim claim : owned.claims()) {
        if (claim instanceof Claim.ByKey byKey) {
          lookUp(owned.name(), List.of(byKey.column()));
        } else {
          Edge edge =
              claim instanceof Claim.ReferencedBy by ? Edge.of(by) : Edge.of(owned.name(), claim);
          lookUp(edge.child(), edge.columns());
          lookUp(edge.child(), List.of(edge.typeColumn()));
          lookUp(edge.parent(), edge.parentColumns());
        }
      }
    }
  }

  private void lookUp(String table, List<String> columns) {
    lookedUp
        .computeIfAbsent(table, name -> new TreeSet<>(String.CASE_INSENSITIVE_ORDER))
        .addAll(columns);
  }

  private List<Index> indexes(Table table) throws SQLException {
    List<Index> indexes = new ArrayList<>();
    for (String name : names(table, "origin <> 'pk' OR " + (table.hasRowid() ? "1" : "0"))) {
      List<String> columns =
          session
              .texts(
                  "SELECT name FROM pragma_index_xinfo(?, ?) WHERE key AND cid >= 0",
                  name,
                  Session.MAIN)
              .stream()
              .filter(lookedUp.getOrDefault(table.name(), Set.of())::contains)
              .toList();
      if (!columns.isEmpty()) {
        indexes.add(new Index(table, scanOf(table), name, columns, condition(name)));
      }
    }
    return indexes;
  }

  private List<String> names(Table table, String condition) throws SQLException {
    return session.texts(
        "SELECT name FROM pragma_index_list(?, ?) WHERE " + condition + " ORDER BY name",
        table.name(),
        Session.MAIN);
  }

  /** Of a table without row ids, {@code NOT INDEXED} may be answered from an index all the same. */
  private String scanOf(Table table) throws SQLException {
    return table.hasRowid()
        ? "NOT INDEXED"
        : "INDEXED BY " + Sql.name(names(table, "origin = 'pk'").get(0));
  }

  private String condition(String index) throws SQLException {
    return session
        .query(
            """
            SELECT sql FROM main.sqlite_schema
            WHERE type = 'index' AND name = ? AND sql IS NOT NULL
            """,
            row -> SqlText.condition(row.getString(1)),
            index)
        .stream()
        .findFirst()
        .orElse("");
  }
}
