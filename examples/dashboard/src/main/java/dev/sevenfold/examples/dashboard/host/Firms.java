package dev.sevenfold.examples.dashboard.host;

import dev.sevenfold.backup.tenant.TenantId;
import java.util.List;
import java.util.Optional;

/** The tenants of the application. Thread-safe. */
public final class Firms {

  private static final HostDatabase.Row<Firm> FIRM =
      row -> new Firm(TenantId.of(row.getLong("id")), row.getString("name"));

  private final HostDatabase database;

  /** Those of a database. */
  public Firms(HostDatabase database) {
    this.database = database;
  }

  /** All of them, by name. */
  public List<Firm> all() {
    return database.query("SELECT id, name FROM firms ORDER BY name", FIRM);
  }

  /** One of them. */
  public Optional<Firm> find(TenantId id) {
    return database.first("SELECT id, name FROM firms WHERE id = ?", FIRM, id.value());
  }

  /** Adds one. */
  public Firm add(String name) {
    database.update("INSERT INTO firms (name) VALUES (?)", name);
    return database.first("SELECT id, name FROM firms WHERE name = ?", FIRM, name).orElseThrow();
  }
}
