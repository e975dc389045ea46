package dev.sevenfold.examples.jobs;

import dev.sevenfold.backup.BackupHealth;
import dev.sevenfold.backup.BackupJobs;
import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An application whose tenants share one SQLite database and have set when they are backed up. It
 * has the library; when the backups run is the business of a {@link FrameworkHost}. Thread-safe.
 */
public final class Application implements AutoCloseable {

  private final Path folder;
  private final Path database;
  private final BackupService backups;
  private final BackupTenantJob job;
  private final Clock clock;
  private final Duration retryAfter;
  private final Consumer<String> log;

  private Application(Path folder, Duration retryAfter, Consumer<String> log) {
    this.folder = folder;
    this.database = folder.resolve("application.sqlite3");
    this.clock = Clock.systemUTC();
    this.retryAfter = retryAfter;
    this.log = log;
    this.backups =
        BackupService.builder(
                SqliteTenantSource.builder(
                        database,
                        TenantModel.rootedAt("tenants")
                            .column("tenant_id")
                            // A restore of a tenant must not put back when it is backed up.
                            .ignored("backup_schedules")
                            .build())
                    .build(),
                DirectoryArchiveStore.at(folder.resolve("backups")))
            .build();
    this.job = BackupJobs.of(backups).backupTenant();
  }

  /**
   * Opens the application's database in a folder.
   *
   * @param folder where its database and its backups are; see {@link SampleData}
   * @param retryAfter how long after a failure the framework shall try again
   * @param log hears of every attempt, in a line
   */
  public static Application open(Path folder, Duration retryAfter, Consumer<String> log) {
    return new Application(folder, retryAfter, log);
  }

  /** Where its database and its backups are. */
  public Path folder() {
    return folder;
  }

  /** The library. */
  public BackupService backups() {
    return backups;
  }

  /** How well the tenants are backed up, against the schedules that they have set. */
  public BackupHealth health() {
    return BackupHealth.builder(backups).schedules(this::schedule).build();
  }

  /** How long after a failure the framework shall try again. */
  public Duration retryAfter() {
    return retryAfter;
  }

  /** When a tenant wants to be backed up; empty if it does not. */
  public Optional<CronSchedule> schedule(TenantId tenant) {
    String sql = "SELECT expression, zone FROM backup_schedules WHERE tenant_id = ?";
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, tenant.value());
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(CronSchedule.parse(row.getString(1), ZoneId.of(row.getString(2))))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The schedule of tenant " + tenant + " cannot be read", e);
    }
  }

  /** The next instant at which a tenant is to be backed up. */
  public Optional<Instant> next(TenantId tenant) {
    return schedule(tenant).map(schedule -> schedule.next(clock.instant()));
  }

  /**
   * The instant at which a tenant is to be backed up first after a start: one that was missed, if
   * the archives show one, so that a framework without a memory of its own can do without. While
   * they cannot be looked at, that is now: better a backup too many than one too few.
   */
  public Optional<Instant> nextOrMissed(TenantId tenant) {
    try {
      return health().check(tenant).dueSince().or(() -> next(tenant));
    } catch (StoreUnavailable e) {
      log.accept("The archives of tenant " + tenant + " cannot be looked at: " + e.getMessage());
      return schedule(tenant).map(schedule -> clock.instant());
    }
  }

  /** A firing of a tenant's backup: what a framework keeps. Serializable. */
  public Firing firing(TenantId tenant, Instant scheduledAt) {
    return BackupTenantJob.forTenant(tenant).firing(scheduledAt);
  }

  /** Makes an attempt at a firing. A second one makes no second backup. */
  public JobOutcome backUp(Firing firing) {
    JobOutcome outcome = job.run(firing);
    log.accept(firing + ": " + outcome);
    return outcome;
  }

  /** Whether the framework shall try the same firing again; if not, the next one is due. */
  public static boolean isToBeRetried(JobOutcome outcome) {
    return outcome instanceof JobOutcome.Interrupted
        || (outcome instanceof JobOutcome.Failed failed && failed.worthRetrying());
  }

  @Override
  public void close() {
    backups.close();
  }
}
