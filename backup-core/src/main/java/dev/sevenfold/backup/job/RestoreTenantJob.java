package dev.sevenfold.backup.job;

import static java.util.stream.Collectors.joining;

import dev.sevenfold.backup.source.PlanDigest;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestoreOptions.Change;
import dev.sevenfold.backup.source.RestoreOptions.Part;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/**
 * Restores one tenant in the background, as a dashboard asks for it. Thread-safe.
 *
 * <pre>{@code
 * RestoreTenantJob job =
 *     RestoreTenantJob.of(
 *         (tenant, label, options, progress) ->
 *             backups.restore(tenant, label, options, progress).safety().map(RestorePoint::label),
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

  private static final Pattern PLUS = Pattern.compile("\\+");

  private static final String CHANGES = "changes";
  private static final String PLAN = "plan";
  private static final String TAKING_BACK = "taking-back";

  /** Restores one tenant: the host's call of the library. Thread-safe. */
  @FunctionalInterface
  public interface Work {
    /** Restores, reports how far it is, and names the archive to undo it with, if there is one. */
    Optional<Label> restore(TenantId tenant, Label label, RestoreOptions options, Progress progress)
        throws Exception;
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
    return forTenant(tenant, label, RestoreOptions.DEFAULT);
  }

  /**
   * The restore of a tenant as a dashboard offers it: what is done to rows, {@link
   * RestoreOptions#exactly} what was shown, {@link RestoreOptions#takingBack} what the last restore
   * wrote.
   *
   * @throws IllegalArgumentException if the options ask for anything else: the arguments of a job
   *     are short, and shown
   */
  public static Job forTenant(TenantId tenant, Label label, RestoreOptions options) {
    StringBuilder arguments = new StringBuilder(ARCHIVE + ":" + label);
    Part part = options.part();
    if (part.takesBack()) {
      arguments.append(',').append(TAKING_BACK).append(":true");
    } else if (!part.isWhole()) {
      String changes = part.changes().stream().sorted().map(Change::name).collect(joining("+"));
      arguments.append(',').append(CHANGES).append(':').append(changes);
    }
    options
        .exactly()
        .ifPresent(plan -> arguments.append(',').append(PLAN).append(':').append(plan));
    JobArguments all = JobArguments.parse(arguments.toString());
    if (!options(all).equals(options.showingRows(0))) {
      throw new IllegalArgumentException(
          "A job restores all of a tenant, or creates, updates or deletes; it was given "
              + options
              + ". Restore with the service itself");
    }
    return Job.of(JobKey.of(LABEL, tenant).named(label.value())).with(all);
  }

  private static RestoreOptions options(JobArguments arguments) {
    Set<Change> changes = EnumSet.noneOf(Change.class);
    arguments
        .get(CHANGES)
        .ifPresent(
            names -> PLUS.splitAsStream(names).forEach(name -> changes.add(Change.valueOf(name))));
    RestoreOptions options = RestoreOptions.DEFAULT;
    if (!changes.isEmpty()) {
      options = options.with(new Part(changes, List.of(), Map.of(), false));
    }
    if (arguments.get(TAKING_BACK).isPresent()) {
      options = options.takingBack();
    }
    Optional<PlanDigest> plan = arguments.get(PLAN).map(PlanDigest::new);
    return plan.isPresent() ? options.exactly(plan.get()) : options;
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
    RestoreOptions options = options(firing.arguments());
    return () ->
        unlessDone(
            restores.committed(tenant, archive, firing.scheduledAt(), clock.instant()),
            () -> work.restore(tenant, archive, options, progress));
  }
}
