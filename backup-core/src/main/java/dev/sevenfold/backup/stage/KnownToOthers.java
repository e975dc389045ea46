package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.archive.ListedReference;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.scratch.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which references to other owners' rows the tenant had when archives were made here: an archive
 * that came from outside may bring back exactly these. The values are kept as sets in the plan's
 * scratch schema.
 */
public final class KnownToOthers {

  private final List<KnownReference> all = new ArrayList<>();

  /** Those that manifests list. */
  public static KnownToOthers of(List<ListedReference> listed) {
    KnownToOthers known = new KnownToOthers();
    for (ListedReference reference : listed) {
      known.all.add(new KnownReference(reference, "to_others_" + known.all.size()));
    }
    return known;
  }

  /** Fills the sets. */
  public void load(Session session) throws SQLException {
    for (KnownReference known : all) {
      known.load(session);
    }
  }

  /**
   * A condition: rows of the tenant pointed through the edge at what the row of the edge's child
   * under {@code alias} points at.
   */
  public String isKnown(Edge edge, String alias) {
    List<String> any =
        all.stream().filter(known -> known.isTyped(edge)).map(known -> known.has(alias)).toList();
    return any.isEmpty() ? "0" : '(' + String.join(" OR ", any) + ')';
  }
}
