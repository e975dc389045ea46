package dev.sevenfold.examples.jobs;

import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * The backups of an {@link Application}, run by one job framework. Every host does the same: it
 * plans one firing of each tenant, hands it to {@link Application#backUp} when it is due, and plans
 * what comes after it.
 */
public interface FrameworkHost extends AutoCloseable {

  /** Begins: every tenant has a firing planned, and what was missed while it was down runs once. */
  void start();

  /** Plans a firing of a tenant, in place of the one that was planned. */
  void plan(TenantId tenant, Instant scheduledAt);

  /** The instant that is planned for a tenant; empty if there is none. */
  Optional<Instant> planned(TenantId tenant);

  /** Stops, and lets what runs come to its end. */
  @Override
  void close();
}
