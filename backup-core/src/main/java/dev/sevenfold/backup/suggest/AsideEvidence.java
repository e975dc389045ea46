package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.naming.KnownTables;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.suggest.NamedBy.From;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.TenantModel;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the rows say of tables that the model declares shared or ignored: who names them, and whom
 * they lead to.
 */
final class AsideEvidence {

  private final Look look;

  AsideEvidence(Look look) {
    this.look = look;
  }

  List<String> of(Table table) throws SQLException {
    boolean shared = look.ownership.shared().contains(table.name());
    Optional<KnownTables.Known> known =
        KnownTables.find(table.toSchema()).filter(is -> is.isShared() == shared);
    if (known.isPresent()) {
      return List.of(known.get().what() + ", by the well-known name");
    }
    if (look.isEmpty(table)) {
      return List.of("empty: nothing to go by");
    }
    List<From> from = from(table);
    NamedBy named = NamedBy.count(look, table, from);
    List<String> lines = new ArrayList<>();
    if (!from.isEmpty()) {
      String in =
          ", in " + String.join(", ", from.stream().map(From::toString).distinct().toList());
      lines.add(
          named.isAny()
              ? judged(named.said() + in, shared && named.isEachOnes(), named)
              : Evidence.of(named.rows(), "row") + "; no tenant's row names any of them" + in);
    }
    for (List<Edge> way : ways(table)) {
      NamedBy leading = NamedBy.leading(look, table, way);
      if (leading.isAny()) {
        // What several tenants name is everybody's, whoever made it.
        boolean contradicts = shared && leading.isEachOnes() && named.several() == 0;
        lines.add(judged(said(leading, way), contradicts, leading));
      }
    }
    return lines.isEmpty()
        ? List.of(
            Evidence.of(named.rows(), "row")
                + "; none of them leads to a tenant, and no tenant's row leads here")
        : lines;
  }

  private static String said(NamedBy leading, List<Edge> way) {
    return "%s of %s rows lead to one tenant alone, %s to several, by %s"
        .formatted(
            Evidence.number(leading.one()),
            Evidence.number(leading.rows()),
            Evidence.number(leading.several()),
            String.join(", ", way.stream().map(AsideEvidence::text).toList()));
  }

  /** Says also whether it is against the model. */
  private String judged(String said, boolean contradicts, NamedBy rows) {
    if (look.tenants < 2) {
      return said + "; there is one tenant alone, so that this says nothing";
    }
    if (!contradicts) {
      return said;
    }
    return rows.one() < Downwards.FEW || rows.tenants() < 2
        ? said + ", which is too little to tell by"
        : "CONTRADICTION: "
            + said
            + ". Take it off shared, and tenant suggest says how its rows are the tenants'";
  }

  /** The columns of owned tables that point here, whether anybody declares it or not. */
  private List<From> from(Table table) throws SQLException {
    Set<From> from = new LinkedHashSet<>();
    for (Ownership.Reference reference : look.ownership.references()) {
      Edge edge = Edge.of(reference);
      if (edge.parent().equalsIgnoreCase(table.name())) {
        from.add(From.of(look, edge));
      }
    }
    Optional<String> key = Look.key(table);
    if (key.isPresent()) {
      from.addAll(new Downwards(look, nothing()).named(table, key.get()));
    }
    return List.copyOf(from);
  }

  /**
   * The ways from here to owned tables: declared, by a tenant's key, by type, or by name. Those of
   * one pair are one way.
   */
  private Collection<List<Edge>> ways(Table table) throws SQLException {
    Map<List<String>, List<Edge>> ways = new LinkedHashMap<>();
    for (Edge declared : Edge.declared(table)) {
      if (look.ownership.owned(declared.parent()).isPresent()) {
        ways.putIfAbsent(declared.columns(), List.of(declared));
      }
    }
    for (String column : table.spelled(tenantColumns())) {
      ways.putIfAbsent(
          List.of(column),
          List.of(to(table, column, look.ownership.root().name(), look.ownership.keyColumn())));
    }
    Draft pairs = nothing();
    new Pairs(look, pairs).of(table);
    for (Proposal each : pairs.proposals()) {
      if (each instanceof Proposal.Pair pair) {
        ways.putIfAbsent(List.of(pair.id()), typed(table, pair));
      }
    }
    for (Upwards.Way way : new Upwards(look, nothing()).ways(table)) {
      ways.putIfAbsent(
          List.of(way.column()), List.of(to(table, way.column(), way.parent().name(), way.key())));
    }
    return ways.values();
  }

  private List<Edge> typed(Table table, Proposal.Pair pair) {
    List<Edge> typed = new ArrayList<>();
    pair.targets()
        .forEach(
            (type, target) -> {
              Table parent = look.schema.table(target);
              if (look.isOwned(parent)) {
                List<String> key = List.of(Look.key(parent).orElseThrow());
                typed.add(
                    new Edge(table.name(), List.of(pair.id()), target, key, pair.type(), type));
              }
            });
    return typed;
  }

  private static Edge to(Table table, String column, String parent, String key) {
    return new Edge(table.name(), List.of(column), parent, List.of(key), "", "");
  }

  /** How the columns with a tenant's key are called elsewhere. */
  private List<String> tenantColumns() {
    return look.ownership.owned().stream()
        .filter(owned -> !look.ownership.isRoot(owned))
        .flatMap(owned -> owned.byKey().stream())
        .map(Claim.ByKey::column)
        .distinct()
        .toList();
  }

  /** A draft that nothing comes of. */
  private Draft nothing() {
    return new Draft(TenantModel.rootedAt(look.ownership.root().name()).build());
  }

  private static String text(Edge way) {
    return "%s -> %s(%s)%s"
        .formatted(
            String.join(", ", way.columns()),
            way.parent(),
            String.join(", ", way.parentColumns()),
            way.isPlain() ? "" : " where " + way.typeColumn() + " = '" + way.type() + "'");
  }
}
