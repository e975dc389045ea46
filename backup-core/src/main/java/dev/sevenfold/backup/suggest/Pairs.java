package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.naming.ReferenceNames;
import dev.sevenfold.backup.naming.Texts;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.suggest.PairColumns.Columns;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Column pairs of a type and an id, and the tables that the types stand for. */
final class Pairs {

  static final int MOST_TYPES = 200;

  private final Look look;
  private final Draft draft;
  private final PairColumns columns;

  /** The table of a type, with what speaks for it. */
  private record Target(Table table, int fits, long values, long found, long judged, long own) {}

  Pairs(Look look, Draft draft) {
    this.look = look;
    this.draft = draft;
    this.columns = new PairColumns(look);
  }

  boolean run() throws SQLException {
    int before = draft.size();
    for (Table table : look.tables(each -> look.isOwned(each) || look.isUnclaimed(each))) {
      of(table);
      added(table);
    }
    return draft.size() > before;
  }

  /** Looks at those of one table that the model says nothing of. */
  void of(Table table) throws SQLException {
    for (Columns pair : columns.of(table)) {
      pair(table, pair.type(), pair.id(), columns.types(table, pair.type(), pair.id()));
    }
  }

  /** Types that have come up since the model was written. */
  private void added(Table table) throws SQLException {
    for (Map.Entry<Columns, Map<String, String>> given : modelled(table.name()).entrySet()) {
      Columns pair = given.getKey();
      if (table.stored().containsAll(List.of(pair.type(), pair.id()))
          && draft.proposals().stream().noneMatch(each -> isOf(each, table, pair))) {
        List<PairColumns.Type> more = new ArrayList<>(columns.types(table, pair.type(), pair.id()));
        more.removeIf(each -> given.getValue().containsKey(each.value()));
        List<PairColumns.Type> known = new ArrayList<>();
        for (PairColumns.Type each : more) {
          if (target(table, pair.type(), pair.id(), each).isPresent()) {
            known.add(each);
          }
        }
        pair(table, pair.type(), pair.id(), known);
      }
    }
  }

  private static boolean isOf(Proposal proposal, Table table, Columns pair) {
    return proposal instanceof Proposal.Pair said
        && said.table().equals(table.name())
        && said.type().equals(pair.type())
        && said.id().equals(pair.id());
  }

  /** The pairs that the model has, with the table of each type. */
  private Map<Columns, Map<String, String>> modelled(String table) {
    Map<Columns, Map<String, String>> pairs = new LinkedHashMap<>();
    byType()
        .filter(each -> each.child().equals(table))
        .forEach(
            each -> {
              Claim.ByType claim = (Claim.ByType) each.claim();
              pairs
                  .computeIfAbsent(
                      new Columns(claim.typeColumn(), claim.idColumn()), key -> new TreeMap<>())
                  .put(claim.type(), claim.parent());
            });
    return pairs;
  }

  /** All that the model says by types, in both directions. */
  private Stream<Ownership.Reference> byType() {
    Stream<Ownership.Reference> down =
        look.ownership.owned().stream()
            .flatMap(owned -> owned.claims().stream())
            .filter(claim -> claim instanceof Claim.ReferencedBy)
            .map(claim -> (Claim.ReferencedBy) claim)
            .map(claim -> new Ownership.Reference(claim.child(), claim.reference()));
    return Stream.concat(look.ownership.references().stream(), down)
        .filter(each -> each.claim() instanceof Claim.ByType);
  }

  /**
   * Claims empty tables that nothing else claims by the types that other pairs have. Any other type
   * stops backups, once there is a row of it; were the table shared, that row would be left out.
   */
  boolean empty() throws SQLException {
    int before = draft.size();
    for (Table table : look.tables(look::isUnclaimed)) {
      if (look.isEmpty(table)) {
        for (Columns pair : columns.of(table)) {
          empty(table, pair);
        }
      }
    }
    return draft.size() > before;
  }

  private void empty(Table table, Columns pair) {
    List<Claim.ByType> known =
        byType()
            .map(each -> (Claim.ByType) each.claim())
            .filter(each -> look.ownership.owned(each.parent()).isPresent())
            .filter(
                each ->
                    Look.isAlike(
                        table, pair.id(), look.schema.table(each.parent()), each.parentColumn()))
            .toList();
    List<Claim.ByType> alike =
        known.stream().filter(each -> each.typeColumn().equals(pair.type())).toList();
    Map<String, String> targets = new TreeMap<>();
    (alike.isEmpty() ? known : alike).forEach(each -> targets.put(each.type(), each.parent()));
    if (targets.isEmpty()) {
      draft.ask(
          "%s is empty, and has a type and an id, %s and %s. Whose will its rows be? What is shared is in no backup"
              .formatted(table.name(), pair.type(), pair.id()));
    } else {
      draft.add(
          new Proposal.Pair(table.name(), pair.type(), pair.id(), targets, false),
          "empty: types as other pairs have them; a row of any other stops backups");
    }
  }

  /** Asks about types that are like no table, where the ids are keys of some. */
  void ask() throws SQLException {
    for (Table table : look.tables(look::isOwned)) {
      for (Columns pair : columns.of(table)) {
        List<PairColumns.Type> types = columns.types(table, pair.type(), pair.id());
        if (!types.isEmpty()
            && types.size() <= MOST_TYPES
            && isDoubtful(table, pair.type(), pair.id())
            && isKey(table, pair.id())) {
          askOf(table, pair, types.stream().map(PairColumns.Type::name).toList());
        }
      }
    }
  }

  private boolean isKey(Table table, String id) throws SQLException {
    return !look.targets(table, id, found -> found.values() > 0 && found.isMost(), 1).isEmpty();
  }

  /**
   * Whether a pair of which no type is known may be one: not where the types are numbers, or where
   * the id is named for another table that has it ({@code user_type}, {@code user_id}).
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
          && !parent.name().equals(table.name())
          && look.fits(table, id, parent) >= ReferenceNames.CLEAR
          && look.found(table, id, parent, key.get()).isMost()) {
        return false;
      }
    }
    return true;
  }

  private void askOf(Table table, Columns pair, List<String> types) {
    draft.ask(
        "%s.%s has types that are like no table: %s. Which tables do they stand for? If for none, say not_references: [%s]"
            .formatted(
                table.name(),
                pair.type(),
                String.join(", ", types),
                Texts.yaml(table.name() + '.' + pair.id())));
  }

  private void pair(Table table, String type, String id, List<PairColumns.Type> types)
      throws SQLException {
    if (types.isEmpty() || types.size() > MOST_TYPES) {
      return;
    }
    Said up = new Said();
    Said down = new Said();
    List<String> unknown = new ArrayList<>();
    boolean leads = look.isOwned(table);
    for (PairColumns.Type each : types) {
      Optional<Target> target = target(table, type, id, each);
      if (target.isEmpty()) {
        unknown.add(each.name());
        continue;
      }
      Table to = target.get().table();
      NamedBy named = isDown(table, type, id, each, to) ? namedBy(table, type, id, each, to) : null;
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
      if (!unknown.isEmpty() && unknown.size() < types.size()) {
        askOf(table, new Columns(type, id), unknown);
      }
    }
  }

  /** Types with their tables, and what speaks for them. */
  private static final class Said {
    private final Map<String, String> targets = new LinkedHashMap<>();
    private final List<String> evidence = new ArrayList<>();

    void add(PairColumns.Type type, Table target, String said) {
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
  private boolean isDown(Table table, String type, String id, PairColumns.Type each, Table to)
      throws SQLException {
    if (!look.isOwned(table) || table.name().equals(to.name())) {
      return false;
    }
    return look.isUnclaimed(to) || (look.isOwned(to) && isNobodys(table, type, id, each, to));
  }

  /** Whether somebody's row names one that nothing else says the owner of: its other half. */
  private boolean isNobodys(Table table, String type, String id, PairColumns.Type each, Table to)
      throws SQLException {
    return look.session.exists(
        Sql.of(
            """
            SELECT 1 FROM {rows} CROSS JOIN {to} p ON {leads}
            WHERE {which} AND NOT EXISTS ({tenants})
            """,
            look.owners.rowsWithTenants(look.owned(table), "t", "w"),
            look.live(to),
            to.isPointedAt(table, "t", List.of(id), "p", List.of(Look.key(to).orElseThrow())),
            is(type, each),
            look.owners.tenantsOf(look.owned(to), "p")));
  }

  private NamedBy namedBy(Table table, String type, String id, PairColumns.Type each, Table to)
      throws SQLException {
    List<String> key = List.of(Look.key(to).orElseThrow());
    return NamedBy.count(
        look, to, List.of(new NamedBy.From(table, List.of(id), key, is(type, each))));
  }

  private static String is(String type, PairColumns.Type each) {
    return "CAST(t." + Sql.name(type) + " AS TEXT) = " + Sql.text(each.value());
  }

  private static String evidence(PairColumns.Type type, Target target) {
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
  private Optional<Target> target(Table table, String type, String id, PairColumns.Type each)
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

  private int fits(PairColumns.Type type, Table parent) {
    return look.fitsType(type.name(), parent);
  }

  /** A table in which the rows that are pointed at say themselves that they are of the type. */
  private Optional<Target> subclass(Table table, String id, String which, PairColumns.Type each)
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
