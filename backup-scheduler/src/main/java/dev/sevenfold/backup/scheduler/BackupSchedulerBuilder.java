package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.job.ScheduledJob;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Collects the configuration of a {@link BackupScheduler}. Use from one thread. */
public final class BackupSchedulerBuilder {

  private static final Duration LEAST_LEASE = Duration.ofSeconds(1);

  private final JobDatabase database;
  private final Map<String, ScheduledJob> jobs = new LinkedHashMap<>();
  private final List<SchedulerListener> listeners = new ArrayList<>();
  private String node = ProcessHandle.current().pid() + "@" + UUID.randomUUID();
  private Clock clock = Clock.systemUTC();
  private Duration jitter = Duration.ofMinutes(5);
  private RetryPolicy retry = RetryPolicy.DEFAULT;
  private MisfirePolicy misfire = MisfirePolicy.RUN_ONCE;
  private Duration grace = Duration.ofMinutes(5);
  private Duration minimumInterval = Duration.ofMinutes(1);
  private int concurrency = 2;
  private Duration pollInterval = Duration.ofSeconds(5);
  private Duration lease = Duration.ofMinutes(1);
  private Duration stopGrace = Duration.ofSeconds(30);

  BackupSchedulerBuilder(JobDatabase database) {
    this.database = database;
  }

  /** Adds a job that this node can run. Default: none, it runs nothing. */
  public BackupSchedulerBuilder job(ScheduledJob job) {
    if (jobs.putIfAbsent(job.label(), job) != null) {
      throw new IllegalArgumentException(
          "There are two jobs " + job.label() + ". Add one of each label");
    }
    return this;
  }

  /** Adds somebody who hears what happens. Default: nobody. */
  public BackupSchedulerBuilder listener(SchedulerListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * What this node is called where it is shown what runs. Default: its process id and a random id.
   */
  public BackupSchedulerBuilder node(String name) {
    this.node = Objects.requireNonNull(name, "name");
    return this;
  }

  /** What time it is. Default: the system's clock. */
  public BackupSchedulerBuilder clock(Clock value) {
    this.clock = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * The span that firings of one instant are spread over. A job has the same place in it every day;
   * no firing is put off by more than half the time until the next. Default: 5 minutes.
   */
  public BackupSchedulerBuilder jitter(Duration span) {
    this.jitter = requireNotNegative("jitter", span);
    return this;
  }

  /** When a failed firing is tried again. Default: {@link RetryPolicy#DEFAULT}. */
  public BackupSchedulerBuilder retry(RetryPolicy policy) {
    this.retry = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /** What to do about missed firings. Default: {@link MisfirePolicy#RUN_ONCE}. */
  public BackupSchedulerBuilder misfire(MisfirePolicy policy) {
    this.misfire = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /** A firing that is less late than this is not missed. Default: 5 minutes. */
  public BackupSchedulerBuilder misfireGrace(Duration value) {
    this.grace = requireNotNegative("misfire grace", value);
    return this;
  }

  /** Schedules that fire more often are refused when they are set. Default: 1 minute. */
  public BackupSchedulerBuilder minimumInterval(Duration value) {
    this.minimumInterval = requireNotNegative("minimum interval", value);
    return this;
  }

  /** How many firings run at a time on this node. Default: 2. */
  public BackupSchedulerBuilder concurrency(int firings) {
    if (firings < 1) {
      throw new IllegalArgumentException(
          "The concurrency cannot be " + firings + ". Write at least 1");
    }
    this.concurrency = firings;
    return this;
  }

  /** How often the database is asked what is due. Default: 5 seconds. */
  public BackupSchedulerBuilder pollInterval(Duration value) {
    this.pollInterval = requireNotNegative("poll interval", value);
    return this;
  }

  /**
   * How long a node may be silent before another takes over what it ran. It beats six times as
   * often, by its own clock: nodes whose clocks differ by more than this take each other's work
   * over while it runs. Default: 1 minute.
   */
  public BackupSchedulerBuilder lease(Duration value) {
    this.lease = requireNotNegative("lease", value);
    return this;
  }

  /** How long what runs may go on when it is stopped, before it is interrupted. Default: 30 s. */
  public BackupSchedulerBuilder stopGrace(Duration value) {
    this.stopGrace = requireNotNegative("grace at the stop", value);
    return this;
  }

  private static Duration requireNotNegative(String what, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(
          "The " + what + " cannot be " + value + ". Write a duration that is not negative");
    }
    return value;
  }

  /**
   * The finished scheduler, not started. Its tables are made, and brought up to date.
   *
   * @throws IllegalArgumentException if settings contradict each other
   * @throws StoreUnavailable if the database cannot be opened
   * @throws OperationFailed if a newer version of Sevenfold has made its tables
   */
  public BackupScheduler build() {
    if (lease.compareTo(LEAST_LEASE) < 0 || lease.compareTo(pollInterval) < 0) {
      throw new IllegalArgumentException(
          ("The lease of %s is shorter than a second or than the poll interval of %s. "
                  + "Make the lease several times the poll interval")
              .formatted(lease, pollInterval));
    }
    if (pollInterval.toMillis() < 1) {
      throw new IllegalArgumentException(
          "The poll interval of " + pollInterval + " is too short. Write at least a millisecond");
    }
    return new BackupScheduler(
        new Settings(
            database,
            Map.copyOf(jobs),
            node,
            clock,
            new Planner(jitter, retry),
            misfire,
            grace,
            minimumInterval,
            concurrency,
            pollInterval,
            lease,
            stopGrace,
            List.copyOf(listeners)));
  }
}
