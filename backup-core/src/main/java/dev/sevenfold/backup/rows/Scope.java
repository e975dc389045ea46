package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.Ownership;
import org.jspecify.annotations.Nullable;

/**
 * Where rows are looked for, by which model and for which tenant, and where goes what is found.
 * Immutable.
 *
 * @param live the schema with the rows
 * @param scratch the attached schema that takes what is found
 * @param key the tenant that all of this is about; null where owners are only named
 */
public record Scope(
    Session session, String live, String scratch, LiveModel model, @Nullable TenantKey key) {

  /** Live rows, where what is found goes to {@link Workbench#WORK}. */
  public static Scope of(LiveRows live, LiveModel model, TenantKey key) {
    return new Scope(live.workbench(), live.schema(), Workbench.WORK, model, key);
  }

  Ownership ownership() {
    return model.ownership();
  }

  Schema schema() {
    return model.schema();
  }

  Table table(OwnedTable owned) {
    return schema().table(owned.name());
  }

  Table root() {
    return model.root();
  }

  String live(String table) {
    return Sql.name(live, table);
  }

  String scratch(String set) {
    return Sql.name(scratch, set);
  }
}
