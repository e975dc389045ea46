package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.Copy;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.Question;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rows whose polymorphic type stands for no table that the model knows. Nobody can follow them, so
 * that a backup would leave them out in silence: it is refused, if they could be its tenant's. A
 * row that has a tenant's key in its column is this tenant's, wherever the pair leads, and comes
 * along. In the way of a restore they never are: it only has to know what is the tenant's for sure.
 */
public final class UnknownTypes {

  private static final String ADVICE = "Declare the table of each type among the targets";

  /** A column with types, with the claims that say what these stand for. */
  private record Pair(Table table, String typeColumn, List<Claim.ByType> types) {

    /** A condition: the type of the row under {@code alias} stands for no table. */
    String isUnknown(String alias) {
      // What has no id points nowhere, whatever its type.
      List<String> ids =
          types.stream()
              .map(type -> alias + '.' + Sql.name(type.idColumn()) + " IS NOT NULL")
              .distinct()
              .toList();
      return "%1$s IS NOT NULL AND %1$s NOT IN (%2$s) AND (%3$s)"
          .formatted(
              alias + '.' + Sql.name(typeColumn),
              Sql.commas(types, type -> Sql.text(type.type())),
              String.join(" OR ", ids));
    }

    /** A condition: no column decides whose the row is, so that it matters where the pair leads. */
    String isUndecided(Optional<Claim.ByKey> decides, String alias) {
      return decides.map(key -> alias + '.' + Sql.name(key.column()) + " IS NULL").orElse("1");
    }

    /** What the model lacks. */
    String advice() {
      return "%s, with {type: %s, id: %s, targets: {…}}"
          .formatted(ADVICE, typeColumn, types.get(0).idColumn());
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

  private UnknownTypes(LiveRows live) throws SQLException {
    this.live = live;
    this.session = live.workbench();
    this.ownership = live.model().ownership();
    this.schema = live.model().schema();
  }

  /**
   * What there is of such rows, whosever they are.
   *
   * @return sentences for each table that has some
   */
  public static Map<String, List<String>> all(LiveRows live) throws SQLException {
    UnknownTypes types = new UnknownTypes(live);
    live.bring(types.pairs().stream().map(Pair::question).toList());
    Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Pair pair : types.pairs()) {
      String rows = live.table(pair.table().name()) + " t WHERE " + pair.isUnknown("t");
      List<String> sentences = all.computeIfAbsent(pair.table().name(), table -> new ArrayList<>());
      types.describe(pair, rows, "stands for no table that the model knows", sentences);
    }
    return all;
  }

  private List<Pair> pairs() {
    Map<String, Pair> pairs = new LinkedHashMap<>();
    for (Ownership.Reference reference : ownership.references()) {
      if (reference.claim() instanceof Claim.ByType type) {
        pairs
            .computeIfAbsent(
                reference.child() + '\0' + type.typeColumn(),
                key ->
                    new Pair(schema.table(reference.child()), type.typeColumn(), new ArrayList<>()))
            .types()
            .add(type);
      }
    }
    return List.copyOf(pairs.values());
  }

  /**
   * Refuses a backup that may lack rows, and warns of the others.
   *
   * @param restoring whether the copy is of what a restore replaces: then all is a warning
   * @throws BackupRefused if a row of an unknown type is the tenant's, or could be, and no column
   *     says so
   */
  static List<String> requireKnown(LiveRows live, Copy copied, boolean restoring)
      throws SQLException {
    return new UnknownTypes(live).requireKnown(copied.key(), restoring);
  }

  private List<String> requireKnown(TenantKey key, boolean restoring) throws SQLException {
    live.bring(pairs().stream().map(Pair::question).toList());
    List<String> unknown = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (Pair pair : pairs()) {
      Table table = pair.table();
      Optional<Claim.ByKey> decides = decides(pair);
      String every = live.table(table.name()) + " t WHERE " + pair.isUnknown("t");
      String all = every + " AND " + pair.isUndecided(decides, "t");
      if (decides.isPresent()) {
        describe(
            pair,
            "%s AND NOT (%s) AND %s"
                .formatted(every, pair.isUndecided(decides, "t"), Copied.has(table, "t")),
            "stands for no table; they come along, as tenant %s's by their column %s, and what they point at is not known"
                .formatted(key.tenant(), decides.get().column()),
            warnings);
      }
      if (session.exists("SELECT 1 FROM " + all)) {
        String isTenants = findPossible(pair, key, all);
        describe(pair, all + " AND " + isTenants, "stands for no table", unknown);
        describe(
            pair,
            all + " AND NOT " + isTenants,
            "stands for no table; they are left out, as nothing says that they are tenant "
                + key.tenant()
                + "'s",
            warnings);
      }
    }
    if (restoring) {
      unknown.forEach(
          what -> warnings.add(what + ", and may be the tenant's: a backup is refused"));
    } else if (!unknown.isEmpty()) {
      throw new BackupRefused(
          "The tenant model does not know every polymorphic type", unknown, ADVICE);
    }
    return warnings;
  }

  /** The column that says all there is to say of a row, whatever its type; none if others do. */
  private Optional<Claim.ByKey> decides(Pair pair) {
    return isDelegated(pair)
        ? Optional.empty()
        : ownership.owned(pair.table().name()).flatMap(OwnedTable::byKey);
  }

  /**
   * Whether rows are a tenant's because the pair points at them: then it matters where it leads.
   */
  private boolean isDelegated(Pair pair) {
    return ownership.owned().stream()
        .flatMap(owned -> owned.claims().stream())
        .anyMatch(
            claim ->
                claim instanceof Claim.ReferencedBy by
                    && by.child().equalsIgnoreCase(pair.table().name())
                    && by.reference() instanceof Claim.ByType type
                    && type.typeColumn().equals(pair.typeColumn()));
  }

  private void describe(Pair pair, String rows, String what, List<String> sentences)
      throws SQLException {
    String type = Sql.name(pair.typeColumn());
    session.forEach(
        "SELECT CAST(t." + type + " AS TEXT), count(*) FROM " + rows + " GROUP BY 1",
        row ->
            sentences.add(
                "%s.%s has the type '%s' in %s rows, which %s"
                    .formatted(
                        pair.table().name(),
                        pair.typeColumn(),
                        row.getString(1),
                        row.getLong(2),
                        what)));
  }

  /**
   * Finds the rows of unknown types that are the tenant's, or could be: nobody's by all other
   * claims, with an id that the tenant has where the pair's types point, or in a table that is
   * named like the type; or, where nobody has such an id there, in any table.
   *
   * @param all the rows {@code t}
   * @return a condition over a row {@code t}
   */
  private String findPossible(Pair pair, TenantKey key, String all) throws SQLException {
    Table table = pair.table();
    String keys = "SELECT " + Sql.columns("t", table.key()) + " FROM " + all;
    live.bring(questions(pair, keys, all));
    Owners owners = Owners.in(Scope.of(live, live.model(), key), "type");
    owners.ask(table, live.schema(), keys);
    owners.climb();
    String nobodys =
        keys + " AND NOT " + owners.isOthers(table, live.schema(), "t", table.key()) + " AND ";
    String set = Sql.name(Workbench.WORK, "type_possible");
    session.make(set, OwnedRows.keyDefinition(table));
    String insert = "INSERT OR IGNORE INTO " + set + ' ';
    session.update(insert + keys + " AND " + Copied.has(table, "t"));
    Map<String, String> targets = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    pair.types().forEach(type -> targets.put(type.parent(), type.parentColumn()));
    targets.keySet().removeIf(target -> schema.find(target).isEmpty());
    addFromTargets(pair, targets, insert + nobodys);
    addFromOthers(pair, targets, insert + nobodys, typesOf(pair, all));
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

  private void addFromTargets(Pair pair, Map<String, String> targets, String insert)
      throws SQLException {
    for (Map.Entry<String, String> target : targets.entrySet()) {
      Table parent = schema.table(target.getKey());
      if (ownership.owned(parent.name()).isPresent()) {
        String tenants = Copied.has(parent, "p");
        session.update(insert + pointsAt(pair, parent, target.getValue(), tenants));
      }
    }
  }

  /** Rows whose type sounds like a table, or whose id is in none of the targets. */
  private void addFromOthers(
      Pair pair, Map<String, String> targets, String insert, List<String> types)
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
        String tenants = Copied.has(parent, "p");
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

  private List<String> typesOf(Pair pair, String all) throws SQLException {
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

  /**
   * Says which rows that a restore would write are of types that nobody can follow.
   *
   * @param written for each table, the rows as {@code t}, for what follows {@code FROM}
   * @param newIds whether rows get new ids: then a pair that nobody can follow keeps the id of the
   *     row that it pointed at, which is another tenant's, or another row
   * @param safety whether they are what a restore replaced, garbage and all
   * @param notes is told of rows that are in nobody's way: a column says whose they are
   */
  public static List<String> among(
      LiveRows live,
      Map<String, String> written,
      boolean newIds,
      boolean safety,
      List<String> notes)
      throws SQLException {
    return new UnknownTypes(live).among(written, newIds, safety, notes);
  }

  private List<String> among(
      Map<String, String> written, boolean newIds, boolean safety, List<String> notes)
      throws SQLException {
    List<String> unknown = new ArrayList<>();
    for (Pair pair : pairs()) {
      String rows = written.get(pair.table().name());
      if (rows != null) {
        String all = rows + " WHERE " + pair.isUnknown("t") + " AND ";
        String undecided = '(' + pair.isUndecided(decides(pair), "t") + ')';
        describe(
            pair,
            all + undecided,
            safety && !newIds
                ? "stands for no table; they come back as they were, and a backup is refused"
                : "stands for no table now: a backup could not follow them. "
                    + pair.advice()
                    + ", or bring the archive to the types of today with an ArchiveMigration",
            safety && !newIds ? notes : unknown);
        describe(
            pair,
            all + "NOT " + undecided,
            newIds
                ? "stands for no table: where ids change, they would still point at the rows of before. "
                    + pair.advice()
                : "stands for no table; they come back as they were",
            newIds ? unknown : notes);
      }
    }
    return unknown;
  }
}
