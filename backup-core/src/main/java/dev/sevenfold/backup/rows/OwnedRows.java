package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private final Session session;
  private final String live;
  private final String scratch;
  private final Ownership ownership;
  private final Schema schema;
  private final TenantKey key;
  private final Set<String> returning = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, String> sets = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, Long> abandoned = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private OwnedRows(
      Session session,
      String live,
      String scratch,
      Ownership ownership,
      Schema schema,
      TenantKey key,
      List<Table> returning) {
    this.session = session;
    this.live = live;
    this.scratch = scratch;
    this.ownership = ownership;
    this.schema = schema;
    this.key = key;
    returning.forEach(table -> this.returning.add(table.name()));
  }

  /**
   * Finds the rows of the tenant with this key.
   *
   * @param live the schema with the rows
   * @param scratch the attached schema that takes the sets; those of an earlier call are replaced
   */
  public static OwnedRows find(
      Session session,
      String live,
      String scratch,
      Ownership ownership,
      Schema schema,
      TenantKey key)
      throws SQLException {
    return findForRestore(session, live, scratch, ownership, schema, key, List.of());
  }

  /**
   * Finds the rows of the tenant with this key, and also those that are nobody's now and will be
   * the tenant's again after a restore: what points at rows that it brings back, left behind when
   * those were deleted, and what it brings back itself, having lost the reference to its owner.
   *
   * @param staged the tables of the attached {@link Workbench#STAGE} with the rows that come back
   */
  public static OwnedRows findForRestore(
      Session session,
      String live,
      String scratch,
      Ownership ownership,
      Schema schema,
      TenantKey key,
      List<Table> staged)
      throws SQLException {
    OwnedRows rows = new OwnedRows(session, live, scratch, ownership, schema, key, staged);
    rows.createSets();
    key.keep(
        session,
        Sql.name(scratch, TENANT),
        schema.table(ownership.root().name()),
        ownership.keyColumn());
    rows.fill();
    return rows;
  }

  /** The set of a table's keys, as SQL names it. Its columns are {@code k0}, {@code k1}, …. */
  String set(String table) {
    return Sql.name(scratch, sets.getOrDefault(table, "?"));
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
    List<String> names = new ArrayList<>();
    for (int i = 0; i < table.key().size(); i++) {
      names.add("k" + i);
    }
    return names;
  }

  /** {@code set o CROSS JOIN live.table t ON …}: the tenant's rows, each found by its key. */
  public String ownedRowsOf(Table table, String setAlias, String alias) {
    // CROSS JOIN keeps SQLite from scanning the table to look up each row's key in the set.
    return Sql.of(
        "{set} \"{s}\" CROSS JOIN {live} \"{t}\" ON {same key}",
        set(table.name()),
        setAlias,
        Sql.name(live, table.name()),
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
    Table table = schema.table(source);
    // The keys of the set are all that is needed where the row's key is what is pointed at.
    return columns.equals(table.key())
        ? "SELECT " + Sql.columns("o", keyColumns(table)) + " FROM " + set(source) + " o"
        : "SELECT " + Sql.columns("s", columns) + " FROM " + ownedRowsOf(table, "o", "s");
  }

  private void createSets() throws SQLException {
    int number = 0;
    for (OwnedTable owned : ownership.owned()) {
      Table table = schema.table(owned.name());
      String set = "own_" + number++;
      sets.put(owned.name(), set);
      session.execute("DROP TABLE IF EXISTS " + Sql.name(scratch, set));
      session.execute("CREATE TABLE " + Sql.name(scratch, set) + ' ' + keyDefinition(table));
    }
  }

  /** A condition: the row under {@code t} holds the tenant's key. */
  String holdsKey(Table table, Claim.ByKey claim) {
    Table root = schema.table(ownership.root().name());
    return Sql.of(
        "{column} = (SELECT k FROM {tenant})",
        root.compared(table, "t", List.of(claim.column()), List.of(ownership.keyColumn())),
        Sql.name(scratch, TENANT));
  }

  /** The columns and the primary key of a set of a table's keys. */
  static String keyDefinition(Table table) {
    return table.hasRowid()
        ? "(k0 INTEGER PRIMARY KEY)"
        : Sql.of(
            "({columns}, PRIMARY KEY (\"{key}\")) WITHOUT ROWID",
            String.join(", ", keyDefinitions(table)),
            keyColumns(table));
  }

  /** The columns of a set of a table's keys, which compare as the table's own do. */
  public static List<String> keyDefinitions(Table table) {
    List<String> definitions = new ArrayList<>();
    for (int i = 0; i < table.key().size(); i++) {
      String affinity = table.hasRowid() ? "INTEGER" : table.affinity(table.key().get(i));
      definitions.add(
          "k" + i + ' ' + affinity + " COLLATE " + Sql.name(table.collation(table.key().get(i))));
    }
    return definitions;
  }

  private void fill() throws SQLException {
    ReturningRows coming =
        new ReturningRows(session, live, scratch, ownership, schema, key, this, returning);
    coming.clear();
    abandoned.putAll(
        new OwnedSearch(session, live, ownership, schema, this, coming, returning).fill());
  }

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
