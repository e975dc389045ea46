package dev.sevenfold.backup.job;

import dev.sevenfold.backup.tenant.TenantId;
import java.io.Serial;
import java.io.Serializable;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job as its owner set it: what, for whom, with which arguments, and when. Immutable;
 * serializable, so that a job framework can keep it.
 *
 * @param key which job
 * @param arguments what it is given
 * @param schedule when it fires by itself; empty if only on request
 * @param active whether it fires at all; an inactive job keeps its schedule for later
 */
public record Job(
    JobKey key, JobArguments arguments, Optional<CronSchedule> schedule, boolean active)
    implements Serializable {

  /** Requires all parts. */
  public Job {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(arguments, "arguments");
    Objects.requireNonNull(schedule, "schedule");
  }

  /** An active job without arguments that fires on request. */
  public static Job of(JobKey key) {
    return new Job(key, JobArguments.NONE, Optional.empty(), true);
  }

  /** This job, firing on a schedule. */
  public Job on(CronSchedule when) {
    return new Job(key, arguments, Optional.of(when), active);
  }

  /** This job with other arguments. */
  public Job with(JobArguments others) {
    return new Job(key, others, schedule, active);
  }

  /** This job, active or not. */
  public Job withActive(boolean value) {
    return new Job(key, arguments, schedule, value);
  }

  /** One firing of this job: what {@link ScheduledJob#run} is called with. */
  public Firing firing(Instant scheduledAt) {
    return new Firing(key, arguments, scheduledAt);
  }

  @Serial
  private Object writeReplace() {
    return new Text(
        key.label(),
        key.tenant().map(TenantId::value).orElse(null),
        key.name(),
        arguments.toString(),
        schedule.map(CronSchedule::expression).orElse(null),
        schedule.map(when -> when.zone().getId()).orElse(null),
        active);
  }

  /** The parts as text, for serialization. */
  private record Text(
      String label,
      @Nullable String tenant,
      String name,
      String arguments,
      @Nullable String expression,
      @Nullable String zone,
      boolean active)
      implements Serializable {

    @Serial
    private Object readResolve() {
      return new Job(
          new JobKey(label, Optional.ofNullable(tenant).map(TenantId::of), name),
          JobArguments.parse(arguments),
          expression == null || zone == null
              ? Optional.empty()
              : Optional.of(CronSchedule.parse(expression, ZoneId.of(zone))),
          active);
    }
  }
}
