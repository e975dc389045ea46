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
  private static final String SET = "own_";
  private static final String GAINED = "gained_";

  private final Session session;
  private final String live;
  private final String scratch;
  private final Ownership ownership;
  private final SqliteSchema schema;
  private final TenantKey key;
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
      TenantKey key,
      List<SqliteTable> returning) {
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
    OwnedRows rows = new OwnedRows(session, live, scratch, ownership, schema, key, staged);
    rows.createSets();
    rows.keepKey();
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
      String set = SET + number++;
      sets.put(owned.name(), set);
      session.execute("DROP TABLE IF EXISTS " + Sql.name(scratch, set));
      session.execute("DROP TABLE IF EXISTS " + Sql.name(scratch, GAINED + set));
      session.execute("CREATE TABLE " + Sql.name(scratch, set) + keyDefinition(table));
    }
  }

  /** Keeps the tenant's key in a column that compares as that of the root does. */
  private void keepKey() throws SQLException {
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

  /** The columns and the primary key of a set of a table's keys. */
  static String keyDefinition(SqliteTable table) {
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
    List<Step> back = new ArrayList<>();
    for (OwnedTable owned : ownership.owned()) {
      for (Claim claim : owned.claims()) {
        Step step = new Step(owned, claim, false);
        Optional<String> source = source(claim);
        if (source.isEmpty()) {
          due.addFirst(step);
        } else {
          dependents.computeIfAbsent(lower(source.get()), name -> new ArrayList<>()).add(step);
          if (returning.contains(source.get())) {
            back.add(new Step(owned, claim, true));
          }
        }
      }
    }
    drain(due, dependents, false);
    if (!returning.isEmpty()) {
      due.addAll(back);
      do {
        drain(due, dependents, true);
        for (OwnedTable owned : ownership.owned()) {
          if (returning.contains(owned.name()) && countIn(owned)) {
            enqueue(dependents, owned, due);
          }
        }
      } while (!due.isEmpty());
    }
  }

  /**
   * Follows what is due until nothing more is found.
   *
   * @param coming whether what is found is the tenant's only once rows have come back
   */
  private void drain(Deque<Step> due, Map<String, List<Step>> dependents, boolean coming)
      throws SQLException {
    while (!due.isEmpty()) {
      Step step = due.removeFirst();
      if (follow(step, coming) > 0) {
        enqueue(dependents, step.table(), due);
      }
    }
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

  /**
   * Counts in rows that come back and are still there, but nobody's: their only reference upwards
   * was set to null since, by {@code ON DELETE SET NULL} or by mistake. Without this, their ids
   * would look taken.
   */
  private boolean countIn(OwnedTable owned) throws SQLException {
    SqliteTable table = schema.table(owned.name());
    if (table.identity().isEmpty()) {
      return false;
    }
    String keys = Sql.columns("t", table.key());
    String there =
        "SELECT "
            + keys
            + " FROM "
            + staged(table.name())
            + " s CROSS JOIN "
            + Sql.name(live, table.name())
            + " t ON "
            + Sql.equal("t", table.identity(), "s", table.identity())
            + " WHERE NOT "
            + isOwned(table, "t")
            + neverHeldKey(owned);
    if (session.queryLong("SELECT EXISTS (" + there + ')') == 0) {
      return false;
    }
    Owners owners = Owners.in(live, session, scratch, "coming", ownership, schema, key);
    owners.ask(table, live, there);
    owners.climb();
    String leadsToOthers = owners.isOthers(table, live, "t", table.key());
    long found =
        session.update(
            "INSERT OR IGNORE INTO "
                + set(table.name())
                + ' '
                + there
                + " AND NOT "
                + leadsToOthers);
    if (found > 0) {
      abandoned.merge(table.name(), found, Long::sum);
    }
    return found > 0;
  }

  /**
   * A condition: the row did not hold the tenant's key then, and does not now. One that has lost it
   * may have been made everybody's.
   */
  private static String neverHeldKey(OwnedTable owned) {
    return owned
        .byKey()
        .map(byKey -> Sql.name(byKey.column()))
        .map(column -> " AND t." + column + " IS NULL AND s." + column + " IS NULL")
        .orElse("");
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

  private long follow(Step step, boolean coming) throws SQLException {
    SqliteTable table = schema.table(step.table().name());
    Optional<Claim.ByKey> decides = step.table().byKey();
    boolean byKey = step.claim() instanceof Claim.ByKey;
    if (!byKey && decides.isPresent() && !hasUndecided(table, decides.get())) {
      return 0;
    }
    String rows =
        "SELECT " + Sql.columns("t", table.key()) + " FROM " + Sql.name(live, table.name()) + " t";
    String undecided =
        decides.map(key -> " AND t." + Sql.name(key.column()) + " IS NULL").orElse("");
    Optional<String> leading = leading(step, table);
    if (leading.isEmpty()) {
      return 0;
    }
    String found =
        followsItself(step)
            ? chain(step, table, undecided)
            : rows + " WHERE " + leading.get() + (byKey ? "" : undecided);
    return coming
        ? bringBack(table, found, step.returning())
        : session.update("INSERT OR IGNORE INTO " + set(table.name()) + ' ' + found);
  }

  /** A condition: the row {@code t} is the tenant's by the step's claim; empty if none is. */
  private Optional<String> leading(Step step, SqliteTable table) {
    Claim claim = step.claim();
    if (claim instanceof Claim.ByKey byKey) {
      return Optional.of(holdsKey(table, byKey));
    }
    if (claim instanceof Claim.ReferencedBy by) {
      return Optional.of(isPointedAt(step, table, by));
    }
    Edge edge = Edge.of(table.name(), claim);
    if (ownership.owned(edge.parent()).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        edge.isSet("t")
            + " AND "
            + pointsAt(step, edge.columns(), edge.parent(), edge.parentColumns()));
  }

  private static boolean followsItself(Step step) {
    return !step.returning()
        && !(step.claim() instanceof Claim.ReferencedBy)
        && source(step.claim()).filter(step.table().name()::equalsIgnoreCase).isPresent();
  }

  /** All rows below those of the set, in one go: a chain of references may be very long. */
  private String chain(Step step, SqliteTable table, String undecided) {
    Edge edge = Edge.of(table.name(), step.claim());
    String rows = Sql.name(live, table.name());
    return "WITH RECURSIVE down ("
        + Sql.columns(keyColumns(table))
        + ") AS (SELECT "
        + Sql.columns(keyColumns(table))
        + " FROM "
        + set(table.name())
        + " UNION SELECT "
        + Sql.columns("t", table.key())
        + " FROM down d CROSS JOIN "
        + rows
        + " p ON "
        + Sql.equal("p", table.key(), "d", keyColumns(table))
        + " CROSS JOIN "
        + rows
        + " t ON "
        + table.isPointedAt(table, "t", edge.columns(), "p", edge.parentColumns())
        + " WHERE "
        + edge.isSet("t")
        + undecided
        + ") SELECT "
        + Sql.columns(keyColumns(table))
        + " FROM down";
  }

  private String isPointedAt(Step step, SqliteTable table, Claim.ReferencedBy by) {
    String pointing =
        table.selected(schema.table(by.child()), "s", by.childColumns(), by.columns());
    String children =
        step.returning()
            ? "SELECT " + pointing + " FROM " + staged(by.child()) + " s"
            : "SELECT " + pointing + " FROM " + ownedRowsOf(schema.table(by.child()), "o", "s");
    // The row's own collation is that of what is pointed at, which decides.
    return table.compared(table, "t", by.columns(), by.columns()) + " IN (" + children + ')';
  }

  /**
   * Counts in rows that will be the tenant's once others have come back, if they are nobody's now.
   * Of somebody else's, only those that the stage has exactly as they are: they stay as they are.
   *
   * @param direct whether restored rows themselves lead to these, or these to them
   */
  private long bringBack(SqliteTable table, String select, boolean direct) throws SQLException {
    String keys = Sql.columns(keyColumns(table));
    String found =
        "SELECT * FROM ("
            + select
            + ") EXCEPT SELECT "
            + keys
            + " FROM "
            + set(table.name());
    if (session.queryLong("SELECT EXISTS (" + found + ')') == 0) {
      return 0;
    }
    String coming = Sql.name(scratch, "own_coming");
    session.execute("DROP TABLE IF EXISTS " + coming);
    session.execute("CREATE TABLE " + coming + keyDefinition(table));
    session.update("INSERT OR IGNORE INTO " + coming + ' ' + found);
    Owners owners =
        Owners.in(live, session, scratch, "coming", ownership, schema, key);
    owners.ask(table, live, "SELECT " + keys + " FROM " + coming);
    owners.climb();
    String mayCome =
        "(NOT "
            + owners.isOthers(table, live, "c", keyColumns(table))
            + " OR "
            + isAsStaged(table, "c")
            + ')';
    String rows = "SELECT " + Sql.columns("c", keyColumns(table)) + " FROM " + coming + " c WHERE ";
    long others = session.queryLong("SELECT count(*) FROM (" + rows + "NOT " + mayCome + ')');
    if (others > 0) {
      gain(table, rows + "NOT " + mayCome, direct);
    }
    return session.update("INSERT OR IGNORE INTO " + set(table.name()) + ' ' + rows + mayCome);
  }

  private void gain(SqliteTable table, String select, boolean direct) throws SQLException {
    String gained = Sql.name(scratch, GAINED + sets.getOrDefault(table.name(), "?"));
    session.execute(
        "CREATE TABLE IF NOT EXISTS "
            + gained
            + " ("
            + String.join(", ", keyDefinitions(table))
            + ", direct, PRIMARY KEY ("
            + Sql.columns(keyColumns(table))
            + "))");
    session.update(
        "INSERT INTO "
            + gained
            + " SELECT *, "
            + (direct ? 1 : 0)
            + " FROM ("
            + select
            + ") WHERE true ON CONFLICT DO UPDATE SET direct = max(direct, excluded.direct)");
  }

  /** A condition: the stage has the row with the key under {@code alias} just as it is. */
  private String isAsStaged(SqliteTable table, String alias) {
    if (table.identity().isEmpty() || !returning.contains(table.name())) {
      return "0";
    }
    return "EXISTS (SELECT 1 FROM "
        + Sql.name(live, table.name())
        + " t CROSS JOIN "
        + staged(table.name())
        + " s ON "
        + Sql.equal("s", table.identity(), "t", table.identity())
        + " WHERE "
        + Sql.equal("t", table.key(), alias, keyColumns(table))
        + " AND "
        + RowMatch.isExact(table, "t", "s")
        + ')';
  }

  /**
   * Other tenants' rows of a table that would be the tenant's as well once rows have come back, in
   * the sets that were found last: keys, and {@code direct} where a restored row leads there itself.
   */
  static Optional<String> gained(
      Session session, String scratch, Ownership ownership, String table) throws SQLException {
    int number = 0;
    for (OwnedTable owned : ownership.owned()) {
      if (owned.name().equalsIgnoreCase(table)) {
        String set = GAINED + SET + number;
        boolean exists =
            session.queryLong(
                    "SELECT count(*) FROM " + Sql.name(scratch) + ".sqlite_schema WHERE name = ?",
                    set)
                != 0;
        return exists ? Optional.of(Sql.name(scratch, set)) : Optional.empty();
      }
      number++;
    }
    return Optional.empty();
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
