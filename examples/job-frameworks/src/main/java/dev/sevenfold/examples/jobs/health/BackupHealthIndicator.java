package dev.sevenfold.examples.jobs.health;

import dev.sevenfold.backup.BackupHealth;
import dev.sevenfold.backup.report.BackupStatus;
import dev.sevenfold.backup.report.BackupStatus.State;
import dev.sevenfold.backup.report.HealthReport;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/**
 * The backups in Spring Boot's {@code /actuator/health}: down while one is overdue, or rows are in
 * none. Declare it as a bean, with a time to live for its endpoint: each call looks at the store.
 * Thread-safe.
 */
public final class BackupHealthIndicator extends AbstractHealthIndicator {

  private final BackupHealth health;

  /** Shows what this finds. */
  public BackupHealthIndicator(BackupHealth health) {
    super("The backups cannot be looked at");
    this.health = health;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    HealthReport report = health.check();
    builder
        .status(report.worst() == State.OVERDUE || report.lostRows().isPresent() ? "DOWN" : "UP")
        .withDetail(
            "overdue", report.in(State.OVERDUE).stream().map(BackupStatus::toString).toList())
        .withDetail(
            "failing", report.in(State.FAILING).stream().map(BackupStatus::toString).toList())
        .withDetail("unplanned", report.in(State.UNPLANNED).size())
        .withDetail("ownership", report.ownership().map(Object::toString).orElse("not counted"))
        .withDetail("storageBytes", report.storageBytes());
  }
}
