package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ListedReference;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.StagedTenant;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an archive says of references that led nowhere when it was made: a restore may bring back
 * exactly these. The values are kept as sets in the plan's scratch schema, one for each reference.
 */
public final class KnownDangling {

  private final List<KnownReference> own = new ArrayList<>();
  private final List<KnownReference> others = new ArrayList<>();
  private final Map<String, Long> counted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /** Knows of none. */
  public KnownDangling() {}

  /**
   * What an archive says; of rows that are not its tenant's only one that was made here is
   * believed.
   */
  public static KnownDangling of(StagedTenant archive) {
    KnownDangling known = new KnownDangling();
    for (ArchiveManifest.Table table : archive.manifest().tables()) {
      table.dangling().forEach(reference -> known.own.add(known.numbered(reference)));
      if (!archive.outside()) {
        table.leftBehind().forEach(reference -> known.others.add(known.numbered(reference)));
      }
      if (table.dangling().isEmpty() && table.danglingReferences() > 0) {
        known.counted.put(table.name(), table.danglingReferences());
      }
    }
    return known;
  }

  private KnownReference numbered(ListedReference reference) {
    return new KnownReference(reference, "dangling_" + (own.size() + others.size()));
  }

  /** Fills the sets. */
  public void load(Session session) throws SQLException {
    for (List<KnownReference> some : List.of(own, others)) {
      for (KnownReference known : some) {
        known.load(session);
      }
    }
  }

  /** Rewrites the values of a column of the tenant's rows, as the rows themselves are. */
  public void replace(Session session, String table, String column, String map)
      throws SQLException {
    for (KnownReference known : own) {
      for (int i = 0; i < known.columns().size(); i++) {
        if (known.reference().child().equalsIgnoreCase(table)
            && known.columns().get(i).equalsIgnoreCase(column)) {
          session.update(NewIds.replaced(known.set(), "v" + i, map, "1"));
        }
      }
    }
  }

  /**
   * A condition: the row of the edge's child under {@code alias}, an archived one, pointed nowhere
   * through the edge when the archive was made.
   */
  public String isKnown(Edge edge, String alias) {
    return edge.isPlain() ? has(own, edge, alias) : "0";
  }

  /**
   * A condition: the row of the edge's child under {@code alias}, which is not the tenant's,
   * pointed nowhere when the archive was made, with the same values as now.
   */
  public String wasLeftBehind(Edge edge, String alias) {
    return has(others, edge, alias);
  }

  private static String has(List<KnownReference> all, Edge edge, String alias) {
    return all.stream()
        .filter(known -> known.is(edge))
        .map(known -> known.has(alias))
        .findFirst()
        .orElse("0");
  }

  /** How many rows dangled through an edge, where they were too many to be listed. */
  public Optional<Long> counted(Edge edge) {
    return own.stream()
        .filter(known -> !known.reference().isListed() && known.leads(edge))
        .map(known -> known.reference().rows())
        .findFirst();
  }

  /** How many references of a table dangled, where the archive says no more than that. */
  public Optional<Long> counted(String table) {
    return Optional.ofNullable(counted.get(table));
  }
}
