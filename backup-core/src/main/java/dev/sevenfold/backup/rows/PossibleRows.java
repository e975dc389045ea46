package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Which rows of polymorphic types that the model does not know could be a tenant's. Use from one
 * thread, in one snapshot.
 */
final class PossibleRows {

  /** A column with types, with the claims that say what these stand for. */
  record Pair(OwnedTable owned, Table table, String typeColumn, List<Claim.ByType> types) {

    /** A condition: a tenant's row under {@code alias} is of a type that stands for no table. */
    String isUnknown(String alias) {
      return UnknownTypes.isUnknown(typeColumn, types, alias)
          + " AND NOT "
          + Decided.isShared(owned, alias);
    }

    /** A condition: no column decides whose the row is, so that it matters where the pair leads. */
    String isUndecided(Optional<Claim.ByKey> decides, String alias) {
      return decides.map(key -> alias + '.' + Sql.name(key.column()) + " IS NULL").orElse("1");
    }

    /** What the model lacks. */
    String advice() {
      return "%s, with {type: %s, id: %s, targets: {…}}"
          .formatted(UnknownTypes.ADVICE, typeColumn, types.get(0).idColumn());
    }

    Question question() {
      List<String> known = types.stream().map(type -> "SELECT " + Sql.text(type.type())).toList();
      return Question.lacking(table, List.of(typeColumn), String.join(" UNION ALL ", known));
    }
  }

  private final LiveRows live;
  private final Session session;
  private final Ownership ownership;
  private final Schema schema;
  private int sets;

  PossibleRows(LiveRows live) throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.ownership = live.model().ownership();
    this.schema = live.model().schema();
  }

  /**
   * Finds the rows of unknown types that are the tenant's, or could be: nobody's by all other
   * claims, with an id that the tenant has where the pair's types point, or in a table that is
   * named like the type; or, where nobody has such an id there, in any table.
   *
   * @param all the rows {@code t}
   * @return a condition over a row {@code t}
   */
  String of(Pair pair, TenantKey key, String all) throws SQLException {
    Table table = pair.table();
    String keys = keys(table, all);
    live.bring(questions(pair, keys, all));
    Owners owners = Owners.in(Scope.of(live, live.model(), key), "type");
    owners.ask(table, live.schema(), keys);
    owners.climb();
    String notOthers = "NOT " + owners.isOthers(table, live.schema(), "t", table.key());
    return find(pair, keys, typesOf(pair, all), Copied::has, notOthers);
  }

  /** As {@link #of}, those that are some tenant's, or could be. */
  String ofAny(Pair pair, AllOwners owners, String all) throws SQLException {
    String keys = keys(pair.table(), all);
    live.bring(questions(pair, keys, all));
    String nobodys = owners.isNobodys(pair.table(), "t");
    return find(pair, keys, typesOf(pair, all), owners::isTenants, nobodys);
  }

  private static String keys(Table table, String all) {
    return "SELECT " + Sql.columns("t", table.key()) + " FROM " + all;
  }

  /** Where {@code theirs} says of a row that it is the tenant's, or some tenant's. */
  private String find(
      Pair pair,
      String keys,
      List<String> ofTypes,
      BiFunction<Table, String, String> theirs,
      String notOthers)
      throws SQLException {
    Table table = pair.table();
    String set = Sql.name(Workbench.WORK, "type_possible_" + sets++);
    session.make(set, OwnedRows.keyDefinition(table));
    String insert = "INSERT OR IGNORE INTO " + set + ' ' + keys + " AND ";
    session.update(insert + theirs.apply(table, "t"));
    Map<String, String> targets = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    pair.types().forEach(type -> targets.put(type.parent(), type.parentColumn()));
    targets.keySet().removeIf(target -> schema.find(target).isEmpty());
    String possible = insert + notOthers + " AND ";
    addFromTargets(pair, targets, possible, theirs);
    addFromOthers(pair, targets, possible, ofTypes, theirs);
    return Sql.of(
        "EXISTS (SELECT 1 FROM {set} x WHERE {same key})",
        set,
        Sql.equal("x", OwnedRows.keyColumns(table), "t", table.key()));
  }

  /** Whose the rows are, and all that their ids could stand for. */
  private List<Question> questions(Pair pair, String keys, String all) throws SQLException {
    List<Question> questions = new ArrayList<>();
    questions.add(Question.leading(pair.table(), pair.table().key(), keys));
    for (Claim.ByType type : pair.types()) {
      String ids = "SELECT t." + Sql.name(type.idColumn()) + " FROM " + all;
      schema
          .find(type.parent())
          .map(parent -> Question.holding(parent, List.of(type.parentColumn()), ids))
          .ifPresent(questions::add);
      live.model().owned().stream()
          .filter(parent -> parent.primaryKey().size() == 1)
          .map(parent -> Question.holding(parent, parent.primaryKey(), ids))
          .forEach(questions::add);
    }
    return questions;
  }

  private void addFromTargets(
      Pair pair,
      Map<String, String> targets,
      String insert,
      BiFunction<Table, String, String> theirs)
      throws SQLException {
    for (Map.Entry<String, String> target : targets.entrySet()) {
      Table parent = schema.table(target.getKey());
      if (ownership.owned(parent.name()).isPresent()) {
        String tenants = theirs.apply(parent, "p");
        session.update(insert + pointsAt(pair, parent, target.getValue(), tenants));
      }
    }
  }

  /** Rows whose type sounds like a table, or whose id is in none of the targets. */
  private void addFromOthers(
      Pair pair,
      Map<String, String> targets,
      String insert,
      List<String> types,
      BiFunction<Table, String, String> theirs)
      throws SQLException {
    StringBuilder nowhere = new StringBuilder("1");
    for (Map.Entry<String, String> target : targets.entrySet()) {
      Table parent = schema.table(target.getKey());
      nowhere.append(" AND NOT " + pointsAt(pair, parent, target.getValue(), "1"));
    }
    for (Table parent : live.model().owned()) {
      if (!targets.containsKey(parent.name()) && parent.primaryKey().size() == 1) {
        List<String> alike = types.stream().filter(type -> isNamedLike(parent, type)).toList();
        String sounds =
            "t." + Sql.name(pair.typeColumn()) + " IN (" + Sql.commas(alike, Sql::text) + ')';
        String column = parent.primaryKey().get(0);
        String tenants = theirs.apply(parent, "p");
        session.update(
            Sql.of(
                "{insert}({sounds alike} OR ({leads nowhere})) AND {points there}",
                insert,
                sounds,
                nowhere,
                pointsAt(pair, parent, column, tenants)));
      }
    }
  }

  /** A condition: an id of the row {@code t} is in a column of a table. */
  private String pointsAt(Pair pair, Table parent, String column, String condition) {
    List<String> ids = pair.types().stream().map(Claim.ByType::idColumn).distinct().toList();
    List<String> ways = new ArrayList<>();
    for (String id : ids) {
      ways.add(
          Sql.of(
              "EXISTS (SELECT 1 FROM {live} p WHERE {points there} AND {condition})",
              live.table(parent.name()),
              parent.isPointedAt(pair.table(), "t", List.of(id), "p", List.of(column)),
              condition));
    }
    return '(' + String.join(" OR ", ways) + ')';
  }

  List<String> typesOf(Pair pair, String all) throws SQLException {
    return session.query(
        "SELECT DISTINCT CAST(t." + Sql.name(pair.typeColumn()) + " AS TEXT) FROM " + all,
        row -> String.valueOf(row.getString(1)));
  }

  /** Whether a type sounds like a table: {@code Shop::ProInvoice} like {@code invoices}. */
  private static boolean isNamedLike(Table table, String type) {
    String plain = type.replaceAll("^.*[^A-Za-z0-9_]", "");
    String words = plain.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    String one = singular(words);
    String name = singular(table.name().toLowerCase(Locale.ROOT));
    return !one.isEmpty()
        && (one.equals(name) || one.endsWith('_' + name) || name.endsWith('_' + one));
  }

  private static String singular(String name) {
    if (name.endsWith("ies")) {
      return name.substring(0, name.length() - 3) + 'y';
    }
    return name.endsWith("s") ? name.substring(0, name.length() - 1) : name;
  }
}
