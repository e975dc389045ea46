package dev.sevenfold.backup.engine;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.naming.NearestNames;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.TenantId;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** Says of a tenant that it is not there, and whose ids are nearest to what was written. */
public final class UnknownTenant {

  private UnknownTenant() {}

  /**
   * The refusal of a tenant that has no row. Reads the ids of all tenants, once.
   *
   * @param schema has the rows of the root table
   */
  public static BackupRefused refusal(
      Session session, String schema, Ownership ownership, TenantId tenant) throws SQLException {
    NearestNames nearest = new NearestNames(tenant.value());
    String root = ownership.root().name();
    session.forEach(
        Sql.of(
            "SELECT {id} FROM {tenants} WHERE {key} IS NOT NULL",
            TenantKey.idOf(Sql.name(ownership.keyColumn())),
            Sql.name(schema, root),
            Sql.name(ownership.keyColumn())),
        row -> nearest.look(row.getString(1)));
    return new BackupRefused(
        "There is no tenant " + tenant + " in table " + root,
        List.of(),
        "Check the id; the key column is " + ownership.keyColumn() + inWords(nearest.found()));
  }

  private static String inWords(List<String> nearest) {
    String ids =
        nearest.stream().map(id -> TenantId.of(id).toString()).collect(Collectors.joining(", "));
    return ids.isEmpty()
        ? ""
        : ", and nearest to this id " + (nearest.size() > 1 ? "are " : "is ") + ids;
  }
}
