package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.naming.Texts;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The tables that only declared references claim which may be null, and what can prove such a claim
 * wrong: references to them of rows that somebody owns in another way. Immutable.
 */
public final class LooseClaims {

  private final Ownership ownership;
  private final Map<String, List<Edge>> uses = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private LooseClaims(LiveModel model) {
    this.ownership = model.ownership();
    for (OwnedTable owned : ownership.owned()) {
      if (owned.isLooselyClaimed()) {
        List<Edge> edges = usesOf(owned, model);
        if (!edges.isEmpty()) {
          uses.put(owned.name(), edges);
        }
      }
    }
  }

  /** As the model claims the tables of a schema. */
  public static LooseClaims of(LiveModel model) {
    return new LooseClaims(model);
  }

  /** Whether there is no such table. */
  public boolean isEmpty() {
    return uses.isEmpty();
  }

  /** What refers to rows of a table, and says who uses them; empty for any other table. */
  List<Edge> uses(OwnedTable owned) {
    return uses.getOrDefault(owned.name(), List.of());
  }

  /** Whether the table that an edge comes from belongs to all tenants. */
  boolean isShared(Edge edge) {
    return ownership.owned(edge.child()).isEmpty();
  }

  /** These tables, and those whose rows may be a tenant's because of theirs. */
  public Set<String> reach() {
    Set<String> reach = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    reach.addAll(uses.keySet());
    int before;
    do {
      before = reach.size();
      for (OwnedTable owned : ownership.owned()) {
        if (owned.claims().stream()
            .anyMatch(c -> OwnedRows.source(c).filter(reach::contains).isPresent())) {
          reach.add(owned.name());
        }
      }
    } while (reach.size() > before);
    return reach;
  }

  /** What is with rows that others use, and the lines that would settle it. */
  static String used(OwnedTable owned) {
    List<String> columns =
        owned.claims().stream()
            .filter(Claim.ByReference.class::isInstance)
            .map(claim -> ((Claim.ByReference) claim).columns().get(0))
            .toList();
    return "used by tenants that %s does not lead to, so that no restore writes them; say %s, or %s"
        .formatted(
            String.join(", ", columns),
            "shared: [" + Texts.yaml(owned.name()) + ']',
            "that it decides: "
                + Sql.commas(
                    columns,
                    column ->
                        "{table: %s, through: %s}"
                            .formatted(Texts.yaml(owned.name()), Texts.yaml(column))));
  }

  private List<Edge> usesOf(OwnedTable owned, LiveModel model) {
    List<Edge> edges = new ArrayList<>();
    for (Ownership.Reference reference : ownership.references()) {
      Edge edge = Edge.of(reference);
      if (edge.parent().equalsIgnoreCase(owned.name())
          && !edge.child().equalsIgnoreCase(owned.name())
          && knowsItsOwner(reference)) {
        edges.add(edge);
      }
    }
    for (String shared : ownership.shared()) {
      model.schema().find(shared).map(Edge::declared).stream()
          .flatMap(List::stream)
          .filter(edge -> edge.parent().equalsIgnoreCase(owned.name()))
          .forEach(edges::add);
    }
    return edges;
  }

  /** Whether rows with the reference can be somebody's by another claim alone. */
  private boolean knowsItsOwner(Ownership.Reference reference) {
    OwnedTable child = ownership.owned(reference.child()).orElseThrow();
    return child.byKey().isPresent()
        || child.claims().stream().noneMatch(claim -> claim.equals(reference.claim()));
  }
}
