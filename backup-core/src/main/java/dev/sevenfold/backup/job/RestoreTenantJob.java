package dev.sevenfold.backup.job;

import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Restores one tenant in the background, as a dashboard asks for it. Thread-safe.
 *
 * <pre>{@code
 * RestoreTenantJob job =
 *     RestoreTenantJob.of(
 *         (tenant, label, progress) ->
 *             backups.restore(tenant, label).safety().map(RestorePoint::label),
 *         (tenant, label, from, until) -> safetyLabelOfRestore(tenant, label, from, until));
 *
 * JobOutcome outcome = job.run(RestoreTenantJob.forTenant(tenant, label).firing(requestedAt));
 * }</pre>
 *
 * <p>{@code BackupJobs.of(service).restoreTenant()} is that job, ready made, and more careful.
 *
 * <p>An attempt whose process died may have put the tenant back; a second restore would throw away
 * what was written since. So it is not repeated by itself: the job fails, and a person decides.
 */
public final class RestoreTenantJob extends HostedJob {

  /** What the job is called. */
  public static final String LABEL = "RestoreTenantJob";

  /** The argument that names the archive. */
  public static final String ARCHIVE = "label";

  /** Restores one tenant: the host's call of the library. Thread-safe. */
  @FunctionalInterface
  public interface Work {
    /** Restores, reports how far it is, and names the archive to undo it with, if there is one. */
    Optional<Label> restore(TenantId tenant, Label label, Progress progress) throws Exception;
  }

  /** Finds restores that are done: the host's call of the library. Thread-safe. */
  @FunctionalInterface
  public interface Restores {
    /**
     * The archive that undoes a restore of {@code label} which was committed at or after {@code
     * from} and not after {@code until}; empty if there was no such restore.
     */
    Optional<Label> committed(TenantId tenant, Label label, Instant from, Instant until)
        throws Exception;
  }

  private final Work work;
  private final Restores restores;
  private final Clock clock;

  private RestoreTenantJob(Work work, Restores restores, Clock clock) {
    super(LABEL);
    this.work = Objects.requireNonNull(work, "work");
    this.restores = Objects.requireNonNull(restores, "restores");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** The job, by the system's clock. */
  public static RestoreTenantJob of(Work work, Restores restores) {
    return of(work, restores, Clock.systemUTC());
  }

  /** The job, by a clock: a restore of its future does not count. */
  public static RestoreTenantJob of(Work work, Restores restores, Clock clock) {
    return new RestoreTenantJob(work, restores, clock);
  }

  /** The restore of a tenant from an archive, to be submitted. */
  public static Job forTenant(TenantId tenant, Label label) {
    return Job.of(JobKey.of(LABEL, tenant).named(label.value()))
        .with(JobArguments.parse(ARCHIVE + ":" + label));
  }

  @Override
  public boolean repeatable() {
    return false;
  }

  @Override
  Callable<JobOutcome> attempt(Firing firing, Progress progress) {
    TenantId tenant = tenantOf(firing);
    Label archive =
        firing
            .arguments()
            .get(ARCHIVE)
            .map(Label::parse)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        firing + " names no archive. Pass the argument " + ARCHIVE + ":<label>"));
    return () ->
        unlessDone(
            restores.committed(tenant, archive, firing.scheduledAt(), clock.instant()),
            () -> work.restore(tenant, archive, progress));
  }
}
