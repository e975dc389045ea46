package dev.sevenfold.examples.jobs.health;

import dev.sevenfold.backup.BackupHealth;
import dev.sevenfold.backup.report.BackupStatus;
import dev.sevenfold.backup.report.BackupStatus.State;
import dev.sevenfold.backup.report.HealthReport;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The backups as gauges. They show what {@link #refresh} found last: call it from a timer, every
 * few minutes, not from each scrape. Thread-safe.
 *
 * <ul>
 *   <li>{@code sevenfold.backups{state}}: how many tenants, and the system, are in a state
 *   <li>{@code sevenfold.backup.age.max}: the age of the oldest of the last verified backups, in
 *       seconds
 *   <li>{@code sevenfold.backup.storage}: what all archives take up, in bytes
 *   <li>{@code sevenfold.backup.overdue{tenant}}: 1 for each that is overdue, and for no other, so
 *       that 10,000 tenants are not 10,000 series
 * </ul>
 */
public final class BackupMeters implements MeterBinder {

  private final BackupHealth health;
  private volatile @Nullable HealthReport last;
  private volatile @Nullable MultiGauge overdue;

  /** Shows what this finds. */
  public BackupMeters(BackupHealth health) {
    this.health = health;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (State state : State.values()) {
      Gauge.builder("sevenfold.backups", this, meters -> meters.count(state))
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    Gauge.builder("sevenfold.backup.age.max", this, BackupMeters::oldestSeconds)
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("sevenfold.backup.storage", this, BackupMeters::storageBytes)
        .baseUnit("bytes")
        .register(registry);
    overdue = MultiGauge.builder("sevenfold.backup.overdue").register(registry);
  }

  /** Looks at the backups. */
  public void refresh() {
    HealthReport report = health.check();
    last = report;
    MultiGauge rows = overdue;
    if (rows != null) {
      rows.register(report.in(State.OVERDUE).stream().map(BackupMeters::row).toList(), true);
    }
  }

  private static MultiGauge.Row<?> row(BackupStatus status) {
    String tenant = status.tenant().map(Object::toString).orElse("system");
    return MultiGauge.Row.of(Tags.of("tenant", tenant), 1);
  }

  private double count(State state) {
    HealthReport report = last;
    return report == null ? Double.NaN : report.in(state).size();
  }

  private double oldestSeconds() {
    HealthReport report = last;
    if (report == null) {
      return Double.NaN;
    }
    List<Duration> ages = report.all().flatMap(status -> status.age().stream()).toList();
    return ages.stream().max(Comparator.naturalOrder()).map(Duration::toSeconds).orElse(0L);
  }

  private double storageBytes() {
    HealthReport report = last;
    return report == null ? Double.NaN : report.storageBytes();
  }
}
