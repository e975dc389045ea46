package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.archive.DanglingReference;
import dev.sevenfold.backup.schema.SqliteSchema;
import dev.sevenfold.backup.tenant.Ownership;
import java.time.Instant;
import java.util.List;

/**
 * What was read inside the snapshot.
 *
 * @param leftBehind references of other owners' rows that a restore will lead to rows again
 */
public record Copied(
    TenantKey key,
    Instant capturedAt,
    Ownership ownership,
    SqliteSchema schema,
    EdgeCheck.Result edges,
    String engineVersion,
    long schemaVersion,
    List<DanglingReference> leftBehind) {

  /** The same, where a restore found what it will lead to rows again. */
  public Copied leaving(List<DanglingReference> found) {
    return new Copied(
        key, capturedAt, ownership, schema, edges, engineVersion, schemaVersion, found);
  }
}
