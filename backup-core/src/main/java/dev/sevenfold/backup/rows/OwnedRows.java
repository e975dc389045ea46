package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The keys of every row that is one tenant's, in one snapshot: a set of keys for each owned table,
 * in a scratch schema. Rows that hold the tenant's key come first; from them references are
 * followed, until no more rows are found, so that self references and cycles between tables need no
 * care.
 */
public final class OwnedRows {

  private static final String TENANT = "own_tenant";

  private final Scope scope;
  private final Session session;
  private final Map<String, String> sets = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, Long> abandoned = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private OwnedRows(Scope scope) {
    this.scope = scope;
    this.session = scope.session();
  }

  /**
   * Finds the rows of the tenant, and also those that are nobody's now and will be the tenant's
   * again after a restore: what points at rows that it brings back, left behind when those were
   * deleted, and what it brings back itself, having lost the reference to its owner. The sets of an
   * earlier call are replaced.
   *
   * @param staged the tables of the attached {@link Workbench#STAGE} with the rows that come back;
   *     none for a backup
   */
  public static OwnedRows find(Scope scope, List<Table> staged) throws SQLException {
    OwnedRows rows = new OwnedRows(scope);
    rows.createSets();
    Objects.requireNonNull(scope.key(), "key")
        .keep(scope.session(), scope.scratch(TENANT), scope.root(), scope.ownership().keyColumn());
    Decided.requireNoTenants(scope, scope.scratch(TENANT), "k");
    Set<String> returning = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    staged.forEach(table -> returning.add(table.name()));
    ReturningRows coming = new ReturningRows(scope, rows, returning);
    coming.clear();
    rows.abandoned.putAll(new OwnedSearch(scope, rows, coming, returning).fill());
    return rows;
  }

  /** The set of a table's keys, as SQL names it. Its columns are {@code k0}, {@code k1}, …. */
  String set(String table) {
    return scope.scratch(sets.getOrDefault(table, "?"));
  }

  /** How many rows of a table are the tenant's. */
  public long count(String table) throws SQLException {
    return session.queryLong("SELECT count(*) FROM " + set(table));
  }

  /** How many rows of each table had lost their owner, and are counted in for a restore. */
  public Map<String, Long> abandoned() {
    return new TreeMap<>(abandoned);
  }

  /** The names of the columns of a key set for a table's key. */
  public static List<String> keyColumns(Table table) {
    return table.numberedKey("k");
  }

  /** {@code set o CROSS JOIN live.table t ON …}: the tenant's rows, each found by its key. */
  public String ownedRowsOf(Table table, String setAlias, String alias) {
    // CROSS JOIN keeps SQLite from scanning the table to look up each row's key in the set.
    return Sql.of(
        "{set} \"{s}\" CROSS JOIN {live} \"{t}\" ON {same key}",
        set(table.name()),
        setAlias,
        scope.live(table.name()),
        alias,
        Sql.equal(alias, table.key(), setAlias, keyColumns(table)));
  }

  /** A condition: the row of {@code table} under {@code alias} is the tenant's. */
  String isOwned(Table table, String alias) {
    return Sql.of(
        "EXISTS (SELECT 1 FROM {set} q WHERE {same key})",
        set(table.name()),
        Sql.equal(alias, table.key(), "q", keyColumns(table)));
  }

  /** Selects columns of the tenant's rows of a table. */
  String owned(String source, List<String> columns) {
    Table table = scope.schema().table(source);
    // The keys of the set are all that is needed where the row's key is what is pointed at.
    return columns.equals(table.key())
        ? "SELECT " + Sql.columns("o", keyColumns(table)) + " FROM " + set(source) + " o"
        : "SELECT " + Sql.columns("s", columns) + " FROM " + ownedRowsOf(table, "o", "s");
  }

  /** Whether the tenant's rows of these tables are those of the copy, value by value. */
  public boolean areThoseCopied(List<Table> tables) throws SQLException {
    for (Table table : tables) {
      String copy = Sql.name(Workbench.COPY, table.name());
      long copied = session.queryLong("SELECT count(*) FROM " + copy);
      String same =
          Sql.of(
              "SELECT count(*) FROM {rows} CROSS JOIN {copy} b ON {same key} WHERE {exact}",
              ownedRowsOf(table, "o", "m"),
              copy,
              RowMatch.isSameKey(table, "b", "m"),
              RowMatch.isExact(table, "b", "m"));
      if (count(table.name()) != copied || session.queryLong(same) != copied) {
        return false;
      }
    }
    return true;
  }

  private void createSets() throws SQLException {
    int number = 0;
    for (OwnedTable owned : scope.ownership().owned()) {
      String set = "own_" + number++;
      sets.put(owned.name(), set);
      session.make(scope.scratch(set), keyDefinition(scope.table(owned)));
    }
  }

  /** A condition: the row under {@code t} holds the tenant's key. */
  String holdsKey(Table table, Claim.ByKey claim) {
    List<String> rootKey = List.of(scope.ownership().keyColumn());
    return Sql.of(
        "{column} = (SELECT k FROM {tenant})",
        scope.root().compared(table, "t", List.of(claim.column()), rootKey),
        scope.scratch(TENANT));
  }

  /** The columns and the primary key of a set of a table's keys. */
  static String keyDefinition(Table table) {
    return table.hasRowid()
        ? "(k0 INTEGER PRIMARY KEY)"
        : Sql.of(
            "({columns}, PRIMARY KEY (\"{key}\")) WITHOUT ROWID",
            keyDefinitions(table),
            keyColumns(table));
  }

  /** The columns of a set of a table's keys, which compare as the table's own do. */
  public static String keyDefinitions(Table table) {
    return keyDefinitions(table, "k");
  }

  /** As {@link #keyDefinitions(Table)}, of {@code prefix0, prefix1, …}. */
  public static String keyDefinitions(Table table, String prefix) {
    List<String> definitions = new ArrayList<>();
    for (int i = 0; i < table.key().size(); i++) {
      String column = table.key().get(i);
      String affinity = table.hasRowid() ? "INTEGER" : table.affinity(column);
      definitions.add(
          prefix + i + ' ' + affinity + " COLLATE " + Sql.name(table.collation(column)));
    }
    return String.join(", ", definitions);
  }

  /** The table whose rows a claim leads to; none if it decides by the row alone. */
  public static Optional<String> source(Claim claim) {
    if (claim instanceof Claim.ByReference reference) {
      return Optional.of(reference.parent());
    }
    if (claim instanceof Claim.ByType type) {
      return Optional.of(type.parent());
    }
    return claim instanceof Claim.ReferencedBy by ? Optional.of(by.child()) : Optional.empty();
  }
}
