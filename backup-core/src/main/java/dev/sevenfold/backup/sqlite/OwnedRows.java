package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
final class OwnedRows {

  /**
   * One way in which rows of {@code table} become the tenant's.
   *
   * @param returning whether the claim is followed from rows that a restore will bring back, rather
   *     than from rows that are there
   */
  private record Step(OwnedTable table, Claim claim, boolean returning) {}

  private static final String TENANT = "own_tenant";

  private final Session session;
  private final String live;
  private final String scratch;
  private final Ownership ownership;
  private final SqliteSchema schema;
  private final Set<String> returning = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, String> sets = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, Boolean> undecided = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, Long> abandoned = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private OwnedRows(
      Session session,
      String live,
      String scratch,
      Ownership ownership,
      SqliteSchema schema,
      List<SqliteTable> returning) {
    this.session = session;
    this.live = live;
    this.scratch = scratch;
    this.ownership = ownership;
    this.schema = schema;
    returning.forEach(table -> this.returning.add(table.name()));
  }

  /**
   * Finds the rows of the tenant with this key.
   *
   * @param live the schema with the rows
   * @param scratch the attached schema that takes the sets; those of an earlier call are replaced
   */
  static OwnedRows find(
      Session session,
      String live,
      String scratch,
      Ownership ownership,
      SqliteSchema schema,
      TenantKey key)
      throws SQLException {
    return findForRestore(session, live, scratch, ownership, schema, key, List.of());
  }

  /**
   * Finds the rows of the tenant with this key, and also those that are nobody's now and will be
   * the tenant's again after a restore: what points at rows that it brings back, left behind when
   * those were deleted, and what it brings back itself, having lost the reference to its owner.
   *
   * @param staged the tables of the attached {@link RowDiff#STAGE} with the rows that come back
   */
  static OwnedRows findForRestore(
      Session session,
      String live,
      String scratch,
      Ownership ownership,
      SqliteSchema schema,
      TenantKey key,
      List<SqliteTable> staged)
      throws SQLException {
    OwnedRows rows = new OwnedRows(session, live, scratch, ownership, schema, staged);
    rows.createSets();
    rows.keepKey(key);
    rows.fill();
    return rows;
  }

  /** The set of a table's keys, as SQL names it. Its columns are {@code k0}, {@code k1}, …. */
  String set(String table) {
    return Sql.name(scratch, sets.getOrDefault(table, "?"));
  }

  /** How many rows of a table are the tenant's. */
  long count(String table) throws SQLException {
    return session.queryLong("SELECT count(*) FROM " + set(table));
  }

  /** How many rows of each table had lost their owner, and are counted in for a restore. */
  Map<String, Long> abandoned() {
    return new TreeMap<>(abandoned);
  }

  /** The names of the columns of a key set for a table's key. */
  static List<String> keyColumns(SqliteTable table) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < table.key().size(); i++) {
      names.add("k" + i);
    }
    return names;
  }

  /** {@code set o CROSS JOIN live.table t ON …}: the tenant's rows, each found by its key. */
  String ownedRowsOf(SqliteTable table, String setAlias, String alias) {
    // CROSS JOIN keeps SQLite from scanning the table to look up each row's key in the set.
    return set(table.name())
        + ' '
        + setAlias
        + " CROSS JOIN "
        + Sql.name(live, table.name())
        + ' '
        + alias
        + " ON "
        + Sql.equal(alias, table.key(), setAlias, keyColumns(table));
  }

  /** A condition: the row of {@code table} under {@code alias} is the tenant's. */
  String isOwned(SqliteTable table, String alias) {
    return "EXISTS (SELECT 1 FROM "
        + set(table.name())
        + " q WHERE "
        + Sql.equal(alias, table.key(), "q", keyColumns(table))
        + ')';
  }

  /** A condition: the row of {@code child} under {@code alias} points at a row of the tenant's. */
  String isAmong(
      SqliteTable child,
      String alias,
      List<String> columns,
      String source,
      List<String> sourceColumns) {
    return schema.table(source).compared(child, alias, columns, sourceColumns)
        + " IN ("
        + owned(source, sourceColumns)
        + ')';
  }

  /** Selects columns of the tenant's rows of a table. */
  private String owned(String source, List<String> columns) {
    SqliteTable table = schema.table(source);
    // The keys of the set are all that is needed where the row's key is what is pointed at.
    return columns.equals(table.key())
        ? "SELECT " + Sql.columns("o", keyColumns(table)) + " FROM " + set(source) + " o"
        : "SELECT " + Sql.columns("s", columns) + " FROM " + ownedRowsOf(table, "o", "s");
  }

  private void createSets() throws SQLException {
    int number = 0;
    for (OwnedTable owned : ownership.owned()) {
      SqliteTable table = schema.table(owned.name());
      String set = "own_" + number++;
      sets.put(owned.name(), set);
      session.execute("DROP TABLE IF EXISTS " + Sql.name(scratch, set));
      session.execute("CREATE TABLE " + Sql.name(scratch, set) + keyDefinition(table));
    }
  }

  /** Keeps the tenant's key in a column that compares as that of the root does. */
  private void keepKey(TenantKey key) throws SQLException {
    SqliteTable root = schema.table(ownership.root().name());
    session.execute("DROP TABLE IF EXISTS " + Sql.name(scratch, TENANT));
    session.execute(
        "CREATE TABLE "
            + Sql.name(scratch, TENANT)
            + " (k "
            + root.affinity(ownership.keyColumn())
            + " COLLATE "
            + Sql.name(root.collation(ownership.keyColumn()))
            + ')');
    session.update("INSERT INTO " + Sql.name(scratch, TENANT) + " VALUES (?)", key.value());
  }

  /** A condition: the row under {@code t} holds the tenant's key. */
  private String holdsKey(SqliteTable table, Claim.ByKey claim) {
    SqliteTable root = schema.table(ownership.root().name());
    return root.compared(table, "t", List.of(claim.column()), List.of(ownership.keyColumn()))
        + " = (SELECT k FROM "
        + Sql.name(scratch, TENANT)
        + ')';
  }

  private static String keyDefinition(SqliteTable table) {
    return table.hasRowid()
        ? " (k0 INTEGER PRIMARY KEY)"
        : " ("
            + String.join(", ", keyDefinitions(table))
            + ", PRIMARY KEY ("
            + Sql.columns(keyColumns(table))
            + ")) WITHOUT ROWID";
  }

  /** The columns of a set of a table's keys, which compare as the table's own do. */
  static List<String> keyDefinitions(SqliteTable table) {
    List<String> definitions = new ArrayList<>();
    for (int i = 0; i < table.key().size(); i++) {
      String affinity = table.hasRowid() ? "INTEGER" : table.affinity(table.key().get(i));
      definitions.add(
          "k" + i + ' ' + affinity + " COLLATE " + Sql.name(table.collation(table.key().get(i))));
    }
    return definitions;
  }

  private void fill() throws SQLException {
    Map<String, List<Step>> dependents = new LinkedHashMap<>();
    Deque<Step> due = new ArrayDeque<>();
    for (OwnedTable owned : ownership.owned()) {
      for (Claim claim : owned.claims()) {
        Step step = new Step(owned, claim, false);
        Optional<String> source = source(claim);
        if (source.isEmpty()) {
          due.addFirst(step);
        } else {
          dependents.computeIfAbsent(lower(source.get()), name -> new ArrayList<>()).add(step);
          if (returning.contains(source.get())) {
            due.addLast(new Step(owned, claim, true));
          }
        }
      }
    }
    do {
      while (!due.isEmpty()) {
        Step step = due.removeFirst();
        if (follow(step) > 0) {
          enqueue(dependents, step.table(), due);
        }
      }
      for (OwnedTable owned : ownership.owned()) {
        if (returning.contains(owned.name()) && countIn(owned)) {
          enqueue(dependents, owned, due);
        }
      }
    } while (!due.isEmpty());
  }

  private static void enqueue(
      Map<String, List<Step>> dependents, OwnedTable found, Deque<Step> due) {
    for (Step next : dependents.getOrDefault(lower(found.name()), List.of())) {
      // Behind what is due already: most of its source's rows are there by then.
      if (!due.contains(next)) {
        due.addLast(next);
      }
    }
  }

  /** Whether rows that come back were found to be there, and nobody's. */
  private boolean countIn(OwnedTable owned) throws SQLException {
    SqliteTable table = schema.table(owned.name());
    long found =
        new AbandonedRows(session, live, ownership, schema).addTo(set(table.name()), table);
    if (found > 0) {
      abandoned.merge(table.name(), found, Long::sum);
    }
    return found > 0;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  static Optional<String> source(Claim claim) {
    if (claim instanceof Claim.ByReference reference) {
      return Optional.of(reference.parent());
    }
    if (claim instanceof Claim.ByType type) {
      return Optional.of(type.parent());
    }
    return claim instanceof Claim.ReferencedBy by ? Optional.of(by.child()) : Optional.empty();
  }

  private long follow(Step step) throws SQLException {
    SqliteTable table = schema.table(step.table().name());
    String insert =
        "INSERT OR IGNORE INTO "
            + set(table.name())
            + " SELECT "
            + Sql.columns("t", table.key())
            + " FROM "
            + Sql.name(live, table.name())
            + " t WHERE ";
    Claim claim = step.claim();
    if (claim instanceof Claim.ByKey byKey) {
      return session.update(insert + holdsKey(table, byKey));
    }
    Optional<Claim.ByKey> decides = step.table().byKey();
    if (decides.isPresent() && !hasUndecided(table, decides.get())) {
      return 0;
    }
    String undecided =
        decides.map(byKey -> " AND t." + Sql.name(byKey.column()) + " IS NULL").orElse("");
    if (claim instanceof Claim.ByReference reference) {
      return session.update(
          insert
              + pointsAt(step, reference.columns(), reference.parent(), reference.parentColumns())
              + undecided);
    }
    if (claim instanceof Claim.ByType type) {
      return ownership.owned(type.parent()).isEmpty()
          ? 0
          : session.update(
              insert
                  + "t."
                  + Sql.name(type.typeColumn())
                  + " = ? AND "
                  + pointsAt(
                      step, List.of(type.idColumn()), type.parent(), List.of(type.parentColumn()))
                  + undecided,
              type.type());
    }
    Claim.ReferencedBy by = (Claim.ReferencedBy) claim;
    String pointing =
        table.selected(schema.table(by.child()), "s", by.childColumns(), by.columns());
    String children =
        step.returning()
            ? "SELECT " + pointing + " FROM " + staged(by.child()) + " s"
            : "SELECT " + pointing + " FROM " + ownedRowsOf(schema.table(by.child()), "o", "s");
    // The row's own collation is that of what is pointed at, which decides.
    String own = table.compared(table, "t", by.columns(), by.columns());
    return session.update(insert + own + " IN (" + children + ')' + undecided);
  }

  /** Whether a table has rows without the tenant's key, for which other claims must be followed. */
  private boolean hasUndecided(SqliteTable table, Claim.ByKey byKey) throws SQLException {
    Boolean known = undecided.get(table.name());
    if (known == null) {
      known =
          session.queryLong(
                  "SELECT EXISTS (SELECT 1 FROM "
                      + Sql.name(live, table.name())
                      + " WHERE "
                      + Sql.name(byKey.column())
                      + " IS NULL)")
              != 0;
      undecided.put(table.name(), known);
    }
    return known;
  }

  private String pointsAt(
      Step step, List<String> columns, String parent, List<String> parentColumns) {
    String rows = step.returning() ? missing(parent, parentColumns) : owned(parent, parentColumns);
    SqliteTable child = schema.table(step.table().name());
    return schema.table(parent).compared(child, "t", columns, parentColumns) + " IN (" + rows + ')';
  }

  /**
   * Selects columns of the rows that come back. Where one of them is, it is followed from there.
   */
  private String missing(String table, List<String> columns) {
    return "SELECT "
        + Sql.columns("s", columns)
        + " FROM "
        + staged(table)
        + " s WHERE NOT EXISTS (SELECT 1 FROM "
        + Sql.name(live, table)
        + " x WHERE "
        + Sql.equal("x", columns, "s", columns)
        + ')';
  }

  private static String staged(String table) {
    return Sql.name(RowDiff.STAGE, table);
  }
}
