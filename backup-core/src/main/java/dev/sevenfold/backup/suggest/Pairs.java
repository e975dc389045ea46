package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.naming.ReferenceNames;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Column pairs of a type and an id, and the tables that the types stand for. */
final class Pairs {

  private static final List<String> TYPES = List.of("type", "class", "kind", "model");
  private static final int MOST_TYPES = 200;

  private final Look look;
  private final Draft draft;

  /** A type that occurs, and how the class is called where that is another one: Django's number. */
  private record Type(String value, String name) {}

  /** The table of a type, with what speaks for it. */
  private record Target(Table table, int fits, long values, long found, long judged, long own) {}

  Pairs(Look look, Draft draft) {
    this.look = look;
    this.draft = draft;
  }

  boolean run() throws SQLException {
    int before = draft.size();
    for (Table table : look.tables(each -> look.isOwned(each) || look.isUnclaimed(each))) {
      of(table);
    }
    return draft.size() > before;
  }

  /** Looks at those of one table. */
  void of(Table table) throws SQLException {
    List<String> open = look.open(table);
    for (Table.Column type : table.columns()) {
      for (String id : ids(table, type.name(), open)) {
        pair(table, type.name(), id);
      }
    }
  }

  /** The id columns that a type is of: those named as it is. */
  private List<String> ids(Table table, String type, List<String> open) throws SQLException {
    String lower = type.toLowerCase(Locale.ROOT);
    if (contentType(table, type).isPresent()) {
      return objects(table, type).stream().filter(open::contains).toList();
    }
    if (!open.contains(type)) {
      return List.of();
    }
    return TYPES.stream()
        .filter(lower::endsWith)
        .map(ending -> lower.substring(0, lower.length() - ending.length()))
        .filter(stem -> !stem.isEmpty())
        .flatMap(
            stem ->
                open.stream()
                    .filter(each -> !each.equals(type))
                    .filter(each -> isOf(stem, each)))
        .toList();
  }

  /** {@code note_id} of {@code note_type}; also {@code assigned_to}, and {@code owner}. */
  private static boolean isOf(String stem, String column) {
    String lower = column.toLowerCase(Locale.ROOT);
    return lower.startsWith(stem)
        ? ReferenceNames.isEnded(column) || lower.endsWith("_ids") || lower.equals(stem + "to")
        : stem.equals(lower + '_');
  }

  /** Django keeps the names of types in a table, and numbers in all others. */
  private Optional<Table> contentType(Table table, String column) throws SQLException {
    Optional<Table> types =
        look.schema
            .find("django_content_type")
            .filter(names -> names.columns().stream().anyMatch(c -> c.name().equals("model")))
            .filter(names -> !names.name().equals(table.name()));
    String lower = column.toLowerCase(Locale.ROOT);
    if (types.isEmpty() || lower.endsWith("content_type_id")) {
      return types.filter(names -> lower.endsWith("content_type_id"));
    }
    // scope_type_id, scope_id; but the type of an issue is a row of issue_types.
    boolean likely =
        lower.endsWith("_type_id")
            && !objects(table, column).isEmpty()
            && isNamedBest(table, column, types.get());
    if (!likely) {
      return Optional.empty();
    }
    Look.Found found = look.found(table, column, types.get(), "id");
    return types.filter(names -> found.values() > 0 && found.isAll());
  }

  private boolean isNamedBest(Table table, String column, Table types) {
    int fits = ReferenceNames.fits(table.toSchema(), column, types.toSchema());
    return look.schema.tables().stream()
        .allMatch(each -> ReferenceNames.fits(table.toSchema(), column, each.toSchema()) <= fits);
  }

  /** What a column of Django's numbers of types is of: {@code object_id}, {@code scope_id}. */
  private static List<String> objects(Table table, String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    boolean content = lower.endsWith("content_type_id");
    String stem =
        lower.substring(0, lower.length() - (content ? "content_type_id" : "type_id").length());
    List<String> names =
        content
            ? List.of(stem + "object_id", stem + "object_pk", stem + "object_uuid", stem + "id")
            : List.of(stem + "id");
    List<String> own = columns(table, names);
    boolean alone = own.isEmpty() && content && columns(table, List.of("content_type_id")).isEmpty();
    return alone ? columns(table, List.of("object_id")) : own;
  }

  private static List<String> columns(Table table, List<String> names) {
    return table.stored().stream()
        .filter(each -> !table.primaryKey().equals(List.of(each)))
        .filter(each -> names.contains(each.toLowerCase(Locale.ROOT)))
        .toList();
  }

  private List<Type> types(Table table, String column, String id) throws SQLException {
    String rows =
        Sql.of(
            """
            SELECT DISTINCT CAST(t."{type}" AS TEXT) AS v FROM {table} t
            WHERE t."{type}" IS NOT NULL AND t."{id}" IS NOT NULL
            ORDER BY 1 LIMIT {most}
            """,
            column,
            look.live(table),
            id,
            "0 + " + (MOST_TYPES + 1));
    Optional<Table> names = contentType(table, column);
    if (names.isEmpty()) {
      return look.session.query(rows, row -> new Type(row.getString(1), row.getString(1)));
    }
    return look.session.query(
        Sql.of(
            "SELECT v, n.app_label || '.' || n.model FROM ({rows}) JOIN {names} n ON n.id = v",
            rows,
            look.live(names.get())),
        row -> new Type(row.getString(1), row.getString(2)));
  }

  private void pair(Table table, String type, String id) throws SQLException {
    List<Type> types = types(table, type, id);
    if (types.isEmpty() || types.size() > MOST_TYPES) {
      return;
    }
    Said up = new Said();
    Said down = new Said();
    List<String> unknown = new ArrayList<>();
    boolean leads = look.isOwned(table);
    for (Type each : types) {
      Optional<Target> target = target(table, type, id, each);
      if (target.isEmpty()) {
        unknown.add(each.name());
        continue;
      }
      Table to = target.get().table();
      NamedBy named = isDown(table, to) ? namedBy(table, type, id, each, to) : null;
      if (named != null && named.isAny() && named.isEachOnes()) {
        down.add(each, to, named.said());
      } else {
        up.add(each, to, evidence(each, target.get()));
        leads |= look.isOwned(to);
      }
    }
    if (leads) {
      up.propose(draft, table, type, id, false);
      down.propose(draft, table, type, id, true);
      if (!unknown.isEmpty() && (unknown.size() < types.size() || isDoubtful(table, type, id))) {
        draft.ask(
            "%s.%s has types that are like no table: %s. Which tables do they stand for?"
                .formatted(table.name(), type, String.join(", ", unknown)));
      }
    }
  }

  /**
   * Whether a pair of which no type is known may be one: not where the types are numbers, or where
   * the id is named for a table that has it, or for nothing ({@code user_type}, {@code user_id}).
   */
  private boolean isDoubtful(Table table, String type, String id) throws SQLException {
    boolean texts =
        look.session.exists(
            Sql.of(
                "SELECT 1 FROM {table} t WHERE CAST(t.\"{type}\" AS TEXT) GLOB '*[^0-9]*'",
                look.live(table),
                type));
    if (!texts || !(ReferenceNames.isEnded(id) || id.endsWith("_ids"))) {
      return false;
    }
    for (Table parent : look.schema.tables()) {
      Optional<String> key = Look.key(parent, id);
      if (key.isPresent()
          && look.fits(table, id, parent) >= ReferenceNames.CLEAR
          && look.found(table, id, parent, key.get()).isMost()) {
        return false;
      }
    }
    return true;
  }

  /** Types with their tables, and what speaks for them. */
  private static final class Said {
    private final Map<String, String> targets = new LinkedHashMap<>();
    private final List<String> evidence = new ArrayList<>();

    void add(Type type, Table target, String said) {
      targets.put(type.value(), target.name());
      evidence.add(said.startsWith(type.value()) ? said : type.value() + ": " + said);
    }

    void propose(Draft draft, Table table, String type, String id, boolean down) {
      if (!targets.isEmpty()) {
        draft.add(
            new Proposal.Pair(table.name(), type, id, targets, down), String.join("; ", evidence));
      }
    }
  }

  /** Whether rows of a table can be the tenants' only because these name them. */
  private boolean isDown(Table table, Table to) {
    return look.isOwned(table) && look.isUnclaimed(to);
  }

  private NamedBy namedBy(Table table, String type, String id, Type each, Table to)
      throws SQLException {
    List<String> key = List.of(Look.key(to).orElseThrow());
    return NamedBy.count(
        look, to, List.of(new NamedBy.From(table, List.of(id), key, is(type, each))));
  }

  private static String is(String type, Type each) {
    return "CAST(t." + Sql.name(type) + " AS TEXT) = " + Sql.text(each.value());
  }

  private static String evidence(Type type, Target target) {
    String name = type.name().equals(type.value()) ? "" : "(" + type.name() + ")";
    return "%s%s: %s%s"
        .formatted(
            type.value(),
            name,
            Evidence.found(target.found(), target.values()),
            target.judged() == 0
                ? ""
                : target.own() == target.judged()
                    ? ", all in the row's own tenant"
                    : ", %s of %s in the row's own tenant"
                        .formatted(
                            Evidence.number(target.own()), Evidence.number(target.judged())));
  }

  /** The table that a type stands for: named like it, or with a subclass of it in its own type. */
  private Optional<Target> target(Table table, String type, String id, Type each)
      throws SQLException {
    String which = is(type, each);
    List<Table> named =
        look.schema.tables().stream()
            .filter(parent -> Look.key(parent).isPresent())
            .filter(parent -> fits(each, parent) > 0)
            .sorted(Comparator.comparing((Table parent) -> fits(each, parent)).reversed())
            .toList();
    List<Target> likely = new ArrayList<>();
    for (Table parent : named) {
      Target target = judged(table, id, which, parent, fits(each, parent), "1");
      if (2 * target.found() >= target.values() && 2 * target.own() >= target.judged()) {
        likely.add(target);
      }
    }
    if (likely.isEmpty() || likely.get(0).fits() < ReferenceNames.CLEAR) {
      subclass(table, id, which, each).ifPresent(target -> likely.add(0, target));
    }
    return likely.stream().findFirst();
  }

  private int fits(Type type, Table parent) {
    return look.fitsType(type.name(), parent);
  }

  /** A table in which the rows that are pointed at say themselves that they are of the type. */
  private Optional<Target> subclass(Table table, String id, String which, Type each)
      throws SQLException {
    for (Table parent : look.schema.tables()) {
      boolean typed = parent.columns().stream().anyMatch(c -> c.name().equalsIgnoreCase("type"));
      if (typed && Look.key(parent).isPresent() && !parent.name().equals(table.name())) {
        String own = "p.\"type\" = " + Sql.text(each.value());
        Target target = judged(table, id, which, parent, ReferenceNames.CLEAR, own);
        if (target.values() > 0 && 2 * target.found() > target.values()) {
          return Optional.of(target);
        }
      }
    }
    return Optional.empty();
  }

  private Target judged(
      Table table, String id, String which, Table parent, int fits, String condition)
      throws SQLException {
    String there =
        Sql.of(
            "FROM {parent} p WHERE {leads} AND {condition}",
            look.live(parent),
            parent.isPointedAt(
                table, "t", List.of(id), "p", List.of(Look.key(parent).orElseThrow())),
            condition);
    boolean both = look.isOwned(table) && look.isOwned(parent);
    String of = both ? look.owners.tenantsOf(look.owned(table), "t") : "SELECT NULL WHERE 0";
    String theirs = both ? look.owners.tenantsOf(look.owned(parent), "p") : "SELECT NULL WHERE 0";
    return look.session
        .query(
            Sql.of(
                """
                SELECT count(*), coalesce(sum(EXISTS (SELECT 1 {there})), 0),
                  coalesce(sum(EXISTS ({of}) AND EXISTS (SELECT 1 {there} AND EXISTS ({theirs}))), 0),
                  coalesce(sum(EXISTS (SELECT 1 {there} AND EXISTS ({of} INTERSECT {theirs}))), 0)
                FROM {table} t WHERE t."{id}" IS NOT NULL AND {which}
                """,
                there,
                of,
                theirs,
                look.live(table),
                id,
                which),
            row ->
                new Target(
                    parent, fits, row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)))
        .get(0);
  }
}
