package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.archive.ListedReference;
import dev.sevenfold.backup.engine.Copy;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.tenant.Ownership;
import java.util.List;

/**
 * What was read inside the snapshot.
 *
 * @param leftBehind references of other owners' rows that a restore will lead to rows again
 */
public record Copied(Copy copy, EdgeCheck.Result edges, List<ListedReference> leftBehind) {

  public TenantKey key() {
    return copy.key();
  }

  public Ownership ownership() {
    return copy.model().ownership();
  }

  public Schema schema() {
    return copy.model().schema();
  }

  /** The same, where a restore found what it will lead to rows again. */
  public Copied leaving(List<ListedReference> found) {
    return new Copied(copy, edges, found);
  }

  /** A condition: the row of an owned table under {@code alias} was copied. */
  static String has(Table table, String alias) {
    return "EXISTS (SELECT 1 FROM %s q WHERE %s)"
        .formatted(Sql.name(Workbench.COPY, table.name()), RowMatch.isSameKey(table, "q", alias));
  }
}
