package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.naming.ReferenceNames;
import dev.sevenfold.backup.rows.AllOwners;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.rows.Scope;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.RestoreRules;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The database as the draft of this moment says whose it is. Use from one thread. */
final class Look {

  /** How many of the values that are there a reference finds at least, where rows were lost. */
  private static final double LEGACY = 0.5;

  /** A length at which two values that nobody has copied are not the same. */
  private static final int TELLING = 16;

  /** So many types are enough to see what they are named like. */
  private static final int TYPES = 20;

  final Scope scope;
  final AllOwners owners;
  final Session session;
  final Schema schema;
  private final Names names;
  private final Answers answers;
  final Ownership ownership;
  final long tenants;

  private Look(Scope scope, AllOwners owners, Names names, Answers answers) throws SQLException {
    this.scope = scope;
    this.owners = owners;
    this.names = names;
    this.answers = answers;
    this.session = scope.session();
    this.schema = scope.model().schema();
    this.ownership = scope.model().ownership();
    this.tenants = rows(schema.table(ownership.root().name()));
  }

  static Look at(
      Session session,
      String live,
      String scratch,
      Schema schema,
      Names names,
      Answers answers,
      Draft draft)
      throws SQLException {
    LiveModel model = new LiveModel(schema, draft.model().resolveClaimed(schema.toSchema()));
    Scope scope = new Scope(session, live, scratch, model, null);
    return new Look(scope, AllOwners.find(scope), names, answers);
  }

  /** The database as a model says whose it is. */
  static Look at(LiveRows live) throws SQLException {
    AllOwners owners = AllOwners.find(live);
    Scope scope = AllOwners.scope(live);
    Names names = new Names(live.model().schema());
    return new Look(scope, owners, names, new Answers(scope.session()));
  }

  /** Values that differ, and how many of them are keys of another table. */
  record Found(long values, long found) {
    boolean isAll() {
      return found == values;
    }

    /** Whether so many are found that the others may have been lost. */
    boolean isMost() {
      return found >= LEGACY * values;
    }
  }

  String live(Table table) {
    return Sql.name(scope.live(), table.name());
  }

  long rows(Table table) throws SQLException {
    return answers.number("SELECT count(*) FROM " + live(table));
  }

  boolean isEmpty(Table table) throws SQLException {
    return !answers.exists("SELECT 1 FROM " + live(table));
  }

  boolean isOwned(Table table) {
    return ownership.owned(table.name()).isPresent();
  }

  boolean isUnclaimed(Table table) {
    return !isOwned(table)
        && !ownership.shared().contains(table.name())
        && !ownership.ignored().contains(table.name());
  }

  List<Table> tables(Predicate<Table> which) {
    return schema.tables().stream().filter(which).toList();
  }

  OwnedTable owned(Table table) {
    return ownership.owned(table.name()).orElseThrow();
  }

  /** How well a column is named for another table. */
  int fits(Table child, String column, Table parent) {
    return names.fits(child, column, parent);
  }

  /** How well a type is named for a table. */
  int fitsType(String type, Table table) {
    return names.fitsType(type, table);
  }

  /**
   * The columns that something is said of already, and the key of a table that has one column;
   * unless that is another table's: {@code profiles(user_id)}.
   */
  Set<String> modelled(Table table) {
    Set<String> modelled = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    table.foreignKeys().forEach(key -> modelled.addAll(key.columns()));
    for (Ownership.Reference reference : ownership.references()) {
      if (reference.child().equalsIgnoreCase(table.name())) {
        modelled.addAll(columns(reference.claim()));
      }
    }
    ownership
        .owned(table.name())
        .ifPresent(owned -> owned.claims().forEach(claim -> modelled.addAll(columns(claim))));
    if (table.primaryKey().size() == 1 && !isAnothers(table, table.primaryKey().get(0))) {
      modelled.addAll(table.primaryKey());
    }
    modelled.addAll(ownership.notReferences(table.name()));
    Stream.concat(
            ownership.rules().rewriters().stream()
                .filter(rule -> rule.table().equalsIgnoreCase(table.name()))
                .map(RestoreRules.ColumnRule::column),
            ownership.rules().resets().stream()
                .filter(rule -> rule.table().equalsIgnoreCase(table.name()))
                .map(RestoreRules.Reset::column))
        .forEach(modelled::add);
    return modelled;
  }

  /** Whether the key of a table is named for another, and not for the table itself. */
  private boolean isAnothers(Table table, String key) {
    return fits(table, key, table) < ReferenceNames.CLEAR
        && schema.tables().stream()
            .filter(other -> !other.name().equals(table.name()))
            .anyMatch(other -> fits(table, key, other) >= ReferenceNames.CLEAR);
  }

  /**
   * Whether a column has a type beside it that is named like it, as {@code item_id, item_type} are,
   * and whose values are named like tables; or that has none, so that nothing else is known.
   */
  boolean isTyped(Table table, String column) throws SQLException {
    String lower = column.toLowerCase(Locale.ROOT);
    int end = Math.max(lower.lastIndexOf("id"), lower.lastIndexOf("uuid"));
    Optional<String> type =
        table.stored().stream()
            .filter(each -> end > 0)
            .filter(each -> each.toLowerCase(Locale.ROOT).equals(lower.substring(0, end) + "type"))
            .findFirst();
    if (type.isEmpty()) {
      return false;
    }
    List<String> types =
        answers.texts(
            Sql.of(
                "SELECT DISTINCT CAST({type} AS TEXT) FROM {table} WHERE {type} <> '' LIMIT 0 + {most}",
                Sql.name(type.get()),
                live(table),
                String.valueOf(TYPES)));
    return types.isEmpty()
        || types.stream().anyMatch(each -> tables(to -> fitsType(each, to) > 0).size() > 0);
  }

  static List<String> columns(Claim claim) {
    if (claim instanceof Claim.ByKey key) {
      return List.of(key.column());
    }
    if (claim instanceof Claim.ByReference reference) {
      return reference.columns();
    }
    return claim instanceof Claim.ByType type
        ? List.of(type.typeColumn(), type.idColumn())
        : List.of();
  }

  /** The columns that nothing is said of. */
  List<String> open(Table table) {
    Set<String> modelled = modelled(table);
    return table.stored().stream().filter(column -> !modelled.contains(column)).toList();
  }

  /** The one column that a reference to a table points at, unless it has no such key. */
  static Optional<String> key(Table table) {
    return table.primaryKey().size() == 1
        ? Optional.of(table.primaryKey().get(0))
        : Optional.empty();
  }

  /** The column of {@code parent} that one of {@code child} is named for. */
  static Optional<String> key(Table parent, String column) {
    String lower = column.toLowerCase(Locale.ROOT);
    return parent.uniques().stream()
        .filter(unique -> unique.columns().size() == 1 && unique.condition().isEmpty())
        .map(unique -> unique.columns().get(0))
        .filter(unique -> lower.endsWith(unique.toLowerCase(Locale.ROOT)))
        .filter(unique -> !parent.primaryKey().contains(unique))
        .findFirst()
        .or(() -> key(parent));
  }

  Found found(Table child, String column, Table parent, String key) throws SQLException {
    String isSet = "t." + Sql.name(column) + " IS NOT NULL";
    return found(child, List.of(column), parent, List.of(key), isSet);
  }

  /** How many values of a reference are found. */
  Found found(Edge edge) throws SQLException {
    return found(
        schema.table(edge.child()),
        edge.columns(),
        schema.table(edge.parent()),
        edge.parentColumns(),
        edge.isSet("t"));
  }

  private Found found(
      Table child, List<String> columns, Table parent, List<String> keys, String which)
      throws SQLException {
    return answers.found(
        List.of(child.name(), columns, parent.name(), keys, which),
        () -> count(child, columns, parent, keys, which));
  }

  private Found count(
      Table child, List<String> columns, Table parent, List<String> keys, String which)
      throws SQLException {
    return session
        .query(
            Sql.of(
                """
                SELECT count(*), coalesce(sum(EXISTS (SELECT 1 FROM {parent} p WHERE {leads})), 0)
                FROM (SELECT DISTINCT "{columns}" FROM {child} t WHERE {which}) c
                """,
                live(parent),
                parent.isPointedAt(child, "c", columns, "p", keys),
                columns,
                live(child),
                which),
            row -> new Found(row.getLong(1), row.getLong(2)))
        .get(0);
  }

  /** An owned table that a column may lead to, by its key. */
  record Target(Table parent, String key, Found found) {}

  /** The first owned tables, in the order of the schema, whose keys a column has as a test says. */
  List<Target> targets(Table child, String column, Predicate<Found> which, int most)
      throws SQLException {
    List<Target> targets = new ArrayList<>();
    for (Table parent : tables(this::isOwned)) {
      Optional<String> key = key(parent);
      if (key.isPresent() && targets.size() < most) {
        Found found = found(child, column, parent, key.get());
        if (which.test(found)) {
          targets.add(new Target(parent, key.get(), found));
        }
      }
    }
    return targets;
  }

  /** Whether each row has a value in a column. */
  boolean isAlwaysSet(Table table, String column) throws SQLException {
    return !answers.exists(
        "SELECT 1 FROM " + live(table) + " WHERE " + Sql.name(column) + " IS NULL");
  }

  /** How well a column is named for a table that is not owned, and that has its values. */
  int namedForOthers(Table table, String column) throws SQLException {
    int best = 0;
    for (Table other : tables(each -> !isOwned(each) && !each.name().equals(table.name()))) {
      int fits = fits(table, column, other);
      Optional<String> key = key(other, column);
      if (fits > best && key.isPresent()) {
        Found found = found(table, column, other, key.get());
        if (found.values() > 0 ? found.isMost() : isAlike(table, column, other, key.get())) {
          best = fits;
        }
      }
    }
    return best;
  }

  /** Whether values are so long that those found elsewhere are found there for a reason. */
  boolean isTelling(Table table, String column) throws SQLException {
    return answers.number(
            Sql.of(
                "SELECT coalesce(min(typeof({c}) IN ('text', 'blob') AND length({c}) >= 0 + {long}), 0) FROM {table} WHERE {c} IS NOT NULL",
                Sql.name(column),
                String.valueOf(TELLING),
                live(table)))
        != 0;
  }

  /** Whether a value of one column could be one of another, where there are no rows to ask. */
  static boolean isAlike(Table child, String column, Table parent, String key) {
    return child.affinity(column).equals(parent.affinity(key));
  }
}
