package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.OwnedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Whether the values of a column are references that nobody declared, as the rows of all tenants
 * show: they find rows of another table, and these are the same tenant's. Names prove nothing by
 * themselves, and integers match by chance: {@code position} is among the ids of every table, but
 * in other tenants' rows too. Use from one thread, in the snapshot that the owners are of.
 */
public final class ReferenceProof {

  /** So many values that differ are no coincidence, whatever the column is called. */
  private static final long ENOUGH = 20;

  /**
   * How improbable it has to be, as a logarithm, that rows drawn at random are the tenant's own.
   */
  private static final double NO_CHANCE = Math.log(1e-4);

  /** So many, where each of them is one that nobody has twice by chance. */
  private static final long ENOUGH_TELLING = 3;

  private static final int SAMPLE = 20;

  /** The tenant of a value, beside the column of the host, which may have any other name. */
  private static final String OWNER = "\"sevenfold owner\"";

  /** What stands for nothing where null is not used. */
  private static final String NOTHING = "(0, -1, '', '0', '-1')";

  /**
   * A column with what it may point at, and what speaks for it. Immutable.
   *
   * @param child the table of the column
   * @param column the column
   * @param parent the table that its values are found in
   * @param parentColumn the key there
   * @param values how many values there are, each counted once for each tenant that has it
   * @param distinct how many of them differ
   * @param found how many are keys of the parent
   * @param own how many are keys of rows of the tenant that has them
   * @param chance the logarithm of the probability that rows drawn at random are all the tenant's
   */
  public record Evidence(
      String child,
      String column,
      String parent,
      String parentColumn,
      long values,
      long distinct,
      long found,
      long own,
      double chance) {

    /** Whether each value leads to a row of the same tenant. */
    public boolean isWithoutException() {
      return values > 0 && found == values && own == values;
    }

    /** As that, but for a few values that lead nowhere: their rows may be gone. */
    private boolean isWithoutContradiction() {
      return found > 0 && own == found && 10 * found >= 9 * values;
    }

    /** Whether rows drawn at random would hardly all be the tenant's. */
    public boolean isNoChance() {
      return isWithoutContradiction()
          && chance <= NO_CHANCE
          && distinct >= (chance == Double.NEGATIVE_INFINITY ? ENOUGH_TELLING : ENOUGH);
    }

    /**
     * Whether this can be nothing but a reference.
     *
     * @param named whether the column is named like one to that table, so that few values do
     */
    public boolean isProven(boolean named) {
      return (named && isWithoutContradiction()) || isNoChance();
    }
  }

  /** A table that may be pointed at, by one column. */
  private record Target(OwnedTable owned, Table table, String column, ColumnProfile profile) {}

  private final Scope scope;
  private final Session session;
  private final AllOwners owners;
  private final List<Target> targets = new ArrayList<>();
  private final Map<Target, Map<Long, Double>> shares = new HashMap<>();

  private ReferenceProof(Scope scope, AllOwners owners) {
    this.scope = scope;
    this.session = scope.session();
    this.owners = owners;
  }

  /** Looks at what can be pointed at: the keys of all owned tables. */
  public static ReferenceProof by(Scope scope, AllOwners owners) throws SQLException {
    ReferenceProof proof = new ReferenceProof(scope, owners);
    for (OwnedTable owned : scope.ownership().owned()) {
      Interrupts.check();
      Table table = scope.table(owned);
      List<String> keys = keys(table);
      proof
          .profiles(table, keys)
          .forEach((key, profile) -> proof.targets.add(new Target(owned, table, key, profile)));
    }
    return proof;
  }

  /** What a reference of one column can point at: the primary key, and texts that are unique. */
  private static List<String> keys(Table table) {
    List<String> keys = new ArrayList<>();
    if (table.primaryKey().size() == 1) {
      keys.addAll(table.primaryKey());
    }
    for (Table.Unique unique : table.uniques()) {
      if (unique.columns().size() == 1
          && unique.condition().isEmpty()
          && !keys.contains(unique.columns().get(0))) {
        keys.add(unique.columns().get(0));
      }
    }
    return keys;
  }

  private Map<String, ColumnProfile> profiles(Table table, List<String> columns)
      throws SQLException {
    return columns.isEmpty()
        ? Map.of()
        : ColumnProfile.of(session, scope.live(table.name()), table, columns);
  }

  /**
   * What columns of an owned table may point at, as far as half of the values that are looked at
   * first are found there.
   *
   * @param columns those in question
   */
  public List<Evidence> of(OwnedTable child, List<String> columns) throws SQLException {
    Table table = scope.table(child);
    List<Evidence> found = new ArrayList<>();
    for (Map.Entry<String, ColumnProfile> column : profiles(table, columns).entrySet()) {
      Interrupts.check();
      found.addAll(of(child, table, column.getKey(), column.getValue(), "1"));
    }
    return found;
  }

  /**
   * As {@link #of(OwnedTable, List)}, of one column in several parts of the rows.
   *
   * @param conditions over a row {@code t}, one for each part
   * @return what was found for each of them
   */
  public List<List<Evidence>> of(OwnedTable child, String column, List<String> conditions)
      throws SQLException {
    Table table = scope.table(child);
    List<List<Evidence>> found = new ArrayList<>();
    if (!conditions.isEmpty()) {
      ColumnProfile profile =
          Objects.requireNonNull(profiles(table, List.of(column)).get(column), column);
      for (String condition : conditions) {
        found.add(of(child, table, column, profile, condition));
      }
    }
    return found;
  }

  private List<Evidence> of(
      OwnedTable child, Table table, String column, ColumnProfile profile, String condition)
      throws SQLException {
    List<Target> possible = new ArrayList<>();
    for (Target target : targets) {
      boolean itself = target.table().name().equals(table.name()) && target.column().equals(column);
      if (!itself && profile.mayBeAmong(target.profile())) {
        possible.add(target);
      }
    }
    if (possible.isEmpty()) {
      return List.of();
    }
    String sample = values("sample", table, column);
    String value = "t." + Sql.name(column);
    String rows =
        Sql.of(
            "SELECT DISTINCT {value}, w.o FROM {rows} WHERE {value} NOT IN {nothing} AND {condition}",
            value,
            owners.rowsWithTenants(child, "t", "w"),
            NOTHING,
            '(' + condition + ')');
    session.update("INSERT INTO " + sample + ' ' + rows + " LIMIT " + SAMPLE);
    long sampled = session.queryLong("SELECT count(*) FROM " + sample);
    List<Target> likely = new ArrayList<>();
    for (Target target : possible) {
      // Most tables have such a number among their ids; few have it as the tenant's.
      long telling = sampled - count(sample, isEverybodys(table, column, target));
      if (sampled > 0 && 2 * count(sample, own(table, column, target)) >= telling) {
        likely.add(target);
      }
    }
    if (likely.isEmpty()) {
      return List.of();
    }
    String pairs = values("pairs", table, column);
    session.update("INSERT INTO " + pairs + ' ' + rows);
    List<Evidence> evidence = new ArrayList<>();
    for (Target target : likely) {
      evidence.add(evidence(table, column, profile, target, pairs));
    }
    return evidence;
  }

  /** A new scratch table of values that compare as the column's do, each with a tenant. */
  private String values(String name, Table table, String column) throws SQLException {
    String values = scope.scratch("proof_" + name);
    session.make(
        values,
        Sql.of(
            "({column} {affinity} COLLATE {collation}, {owner} INTEGER)",
            Sql.name(column),
            ' ' + table.affinity(column) + ' ',
            Sql.name(table.collation(column)),
            OWNER));
    return values;
  }

  private Evidence evidence(
      Table table, String column, ColumnProfile profile, Target target, String all)
      throws SQLException {
    // A row that is everybody's speaks neither for a reference nor against it.
    String everybodys = isEverybodys(table, column, target);
    String pairs =
        everybodys.equals("0") ? all : "(SELECT * FROM " + all + " v WHERE NOT " + everybodys + ')';
    return new Evidence(
        table.name(),
        column,
        target.table().name(),
        target.column(),
        session.queryLong("SELECT count(*) FROM " + pairs),
        session.queryLong(
            "SELECT count(*) FROM (SELECT DISTINCT " + Sql.name(column) + " FROM " + pairs + ")"),
        count(pairs, found(table, column, target)),
        count(pairs, own(table, column, target)),
        profile.isTelling() ? Double.NEGATIVE_INFINITY : chance(target, pairs));
  }

  private long count(String values, String condition) throws SQLException {
    return session.queryLong("SELECT count(*) FROM " + values + " v WHERE " + condition);
  }

  private String found(Table table, String column, Target target) {
    return Sql.of(
        "EXISTS (SELECT 1 FROM {parent} p WHERE {leads})",
        scope.live(target.table().name()),
        leads(table, column, target));
  }

  private String own(Table table, String column, Target target) {
    return Sql.of(
        "EXISTS (SELECT 1 FROM {parent} p WHERE {leads} AND {owner} IN ({tenants}))",
        scope.live(target.table().name()),
        leads(table, column, target),
        "v." + OWNER,
        owners.tenantsOf(target.owned(), "p"));
  }

  private String isEverybodys(Table table, String column, Target target) {
    String everybodys = owners.isEverybodysAlone(target.owned(), "p");
    return everybodys.equals("0")
        ? "0"
        : Sql.of(
            "EXISTS (SELECT 1 FROM {parent} p WHERE {leads} AND {everybody's})",
            scope.live(target.table().name()),
            leads(table, column, target),
            everybodys);
  }

  private static String leads(Table table, String column, Target target) {
    return target.table().isPointedAt(table, "v", List.of(column), "p", List.of(target.column()));
  }

  /** How probable it is that as many rows, drawn at random, are each the tenant's. */
  private double chance(Target target, String pairs) throws SQLException {
    Map<Long, Double> share = shares.get(target);
    if (share == null) {
      share = shares(target);
      shares.put(target, share);
    }
    double chance = 0;
    Map<Long, Long> drawn = new TreeMap<>();
    session.forEach(
        "SELECT " + OWNER + ", count(*) FROM " + pairs + " GROUP BY 1",
        row -> drawn.put(row.getLong(1), row.getLong(2)));
    for (Map.Entry<Long, Long> each : drawn.entrySet()) {
      chance += each.getValue() * Math.log(share.getOrDefault(each.getKey(), 0.0));
    }
    return chance;
  }

  /** Which part of the rows of a table each tenant has. */
  private Map<Long, Double> shares(Target target) throws SQLException {
    double all =
        session.queryLong("SELECT count(*) FROM " + scope.live(target.table().name()))
            - owners.everybodys(target.owned());
    Map<Long, Double> shares = new HashMap<>();
    session.forEach(
        "SELECT w.o, count(*) FROM "
            + owners.rowsWithTenants(target.owned(), "t", "w")
            + " GROUP BY w.o",
        row -> shares.put(row.getLong(1), row.getLong(2) / all));
    return shares;
  }
}
