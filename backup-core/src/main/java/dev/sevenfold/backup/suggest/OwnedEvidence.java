package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.rows.UnknownTypes;
import dev.sevenfold.backup.rows.UnmodelledReferences;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.suggest.Look.Found;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.UnmodelledReference;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the rows say of the ways by which the model makes tables the tenants'. */
final class OwnedEvidence {

  /** What a value's tenant is called where the value may be called anything. */
  private static final String OWNER = "\"sevenfold owner\"";

  private final Look look;
  private final Map<String, List<String>> unknownTypes;
  private final List<UnmodelledReference> unmodelled;

  private OwnedEvidence(
      Look look, Map<String, List<String>> unknownTypes, List<UnmodelledReference> unmodelled) {
    this.look = look;
    this.unknownTypes = unknownTypes;
    this.unmodelled = unmodelled;
  }

  static OwnedEvidence find(Look look, LiveRows live) throws SQLException {
    return new OwnedEvidence(
        look,
        UnknownTypes.all(live),
        UnmodelledReferences.find(
            look.scope, look.owners, (table, column) -> !look.isEmpty(table)));
  }

  /** One line for the rows, and one for each way. */
  List<String> of(OwnedTable owned) throws SQLException {
    OwnershipCheck.TableRows rows = look.owners.count(owned, false);
    if (rows.rows() == 0) {
      return List.of("empty: nothing to go by");
    }
    List<String> lines = new ArrayList<>();
    if (look.ownership.isRoot(owned)) {
      lines.add(tenants());
    } else {
      lines.add(whose(rows));
      for (Claim claim : owned.claims()) {
        lines.add(claim + ": " + said(owned, claim));
      }
    }
    for (Claim other : others(owned)) {
      lines.add("also " + other + ": " + said(owned, other));
    }
    lines.addAll(unknownTypes.getOrDefault(owned.name(), List.of()));
    unmodelled.stream()
        .filter(reference -> reference.table().equals(owned.name()))
        .map(OwnedEvidence::said)
        .forEach(lines::add);
    return lines;
  }

  private String tenants() throws SQLException {
    long unnamed = TenantKey.unnamed(look.session, look.scope.live(), look.ownership);
    return Evidence.of(look.tenants - unnamed, "tenant")
        + (unnamed == 0 ? "" : ", and " + Evidence.of(unnamed, "row") + " that no id can name");
  }

  private static String whose(OwnershipCheck.TableRows rows) {
    String all = Evidence.of(rows.rows(), "row");
    if (rows.owned() == rows.rows()) {
      return all + (rows.rows() == 1 ? ", of one tenant" : ", each of one tenant");
    }
    String everybodys =
        rows.everybodys() == 0 ? "" : ", " + Evidence.number(rows.everybodys()) + " everybody's";
    if (rows.owned() + rows.everybodys() == rows.rows()) {
      return "%s: %s of one tenant each%s"
          .formatted(all, Evidence.number(rows.owned()), everybodys);
    }
    return "%s: %s of one tenant each%s, %s of several, %s nobody's%s; tenant check lists them"
        .formatted(
            all,
            Evidence.number(rows.owned()),
            everybodys,
            Evidence.number(rows.several()),
            Evidence.number(rows.nobodys()),
            rows.doubtful() == 0 ? "" : ", " + Evidence.number(rows.doubtful()) + " in doubt");
  }

  /** References to owned tables that do not say whose a row is. */
  private Set<Claim> others(OwnedTable owned) {
    Set<Claim> others = new LinkedHashSet<>();
    for (Ownership.Reference reference : look.ownership.references()) {
      if (reference.child().equalsIgnoreCase(owned.name())
          && look.ownership.owned(Edge.of(reference).parent()).isPresent()
          && !owned.claims().contains(reference.claim())
          && !isReversed(owned, reference.claim())) {
        others.add(reference.claim());
      }
    }
    return others;
  }

  /** Whether it makes rows of the other table the tenants', so that its line says all of it. */
  private boolean isReversed(OwnedTable owned, Claim reference) {
    return look
        .ownership
        .owned(Edge.of(owned.name(), reference).parent())
        .orElseThrow()
        .claims()
        .stream()
        .anyMatch(
            claim ->
                claim instanceof Claim.ReferencedBy by
                    && by.child().equalsIgnoreCase(owned.name())
                    && Edge.of(by).columns().equals(Edge.of(owned.name(), reference).columns()));
  }

  private String said(OwnedTable owned, Claim claim) throws SQLException {
    Table table = look.schema.table(owned.name());
    if (claim instanceof Claim.ByKey key) {
      Table root = look.schema.table(look.ownership.root().name());
      Found found = look.found(table, key.column(), root, look.ownership.keyColumn());
      return Evidence.found(found.found(), found.values());
    }
    if (claim instanceof Claim.ReferencedBy by) {
      return NamedBy.count(look, table, List.of(NamedBy.From.of(look, Edge.of(by)))).said();
    }
    Edge edge = Edge.of(owned.name(), claim);
    Found found = look.found(edge);
    return Evidence.found(found.found(), found.values()) + tenants(owned, claim, edge, found);
  }

  /** Whether what was found is of the tenant that the rows are of. */
  private String tenants(OwnedTable owned, Claim claim, Edge edge, Found found)
      throws SQLException {
    if (found.found() == 0) {
      return "";
    }
    if (look.tenants < 2) {
      return "; there is one tenant alone";
    }
    if (owned.claims().stream().allMatch(each -> isSameWay(each, claim))) {
      return "; nothing else says whose these rows are";
    }
    Judged judged = judged(owned, edge);
    if (judged.others() > 0) {
      return ", %s of them in another tenant than the row"
          .formatted(Evidence.number(judged.others()));
    }
    if (judged.own() == 0) {
      return "; these rows are nobody's";
    }
    return found.isAll() && judged.own() == found.values()
        ? ", all in the row's own tenant"
        : ", none of these in another tenant than the row";
  }

  /** Whether a row has only one of both: a pair has one type at a time. */
  private static boolean isSameWay(Claim one, Claim other) {
    return one.equals(other)
        || (one instanceof Claim.ByType type
            && other instanceof Claim.ByType another
            && type.typeColumn().equals(another.typeColumn())
            && type.idColumn().equals(another.idColumn()));
  }

  /**
   * How many values lead to a row of the tenant that has them.
   *
   * @param own in all rows that have them
   * @param others in some rows to a row that is another tenant's
   */
  private record Judged(long own, long others) {}

  private Judged judged(OwnedTable owned, Edge edge) throws SQLException {
    Table parent = look.schema.table(edge.parent());
    String tenants = look.owners.tenantsOf(look.owned(parent), "p");
    return look.session
        .query(
            Sql.of(
                """
                SELECT coalesce(sum(own AND NOT other), 0), coalesce(sum(other), 0)
                FROM (SELECT min({there} AND c.{owner} IN ({tenants}))) AS own,
                    max({there} AND EXISTS ({tenants}) AND c.{owner} NOT IN ({tenants}))) AS other
                  FROM (SELECT DISTINCT t."{columns}", w.o AS {owner} FROM {rows} WHERE {set}) c
                  GROUP BY c."{columns}")
                """,
                "EXISTS (SELECT 1 FROM %s p WHERE %s"
                    .formatted(look.live(parent), edge.leads(look.schema, "c", "p")),
                OWNER,
                tenants,
                edge.columns(),
                look.owners.rowsWithTenants(owned, "t", "w"),
                edge.isSet("t")),
            row -> new Judged(row.getLong(1), row.getLong(2)))
        .get(0);
  }

  private static String said(UnmodelledReference reference) {
    return "%s -> %s(%s)%s %s and is not in the model: %s. Write %s"
        .formatted(
            reference.column(),
            reference.parent(),
            reference.parentColumn(),
            reference.typeColumn().isEmpty()
                ? ""
                : " where " + reference.typeColumn() + " = '" + reference.type() + "'",
            reference.proven() ? "proves to be a reference" : "is likely a reference",
            reference.evidence(),
            reference.settledBy());
  }
}
