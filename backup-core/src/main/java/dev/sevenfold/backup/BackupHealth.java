package dev.sevenfold.backup;

import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.Schedules;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.BackupStatus;
import dev.sevenfold.backup.report.BackupStatus.Failure;
import dev.sevenfold.backup.report.BackupStatus.State;
import dev.sevenfold.backup.report.BackupStatus.Verified;
import dev.sevenfold.backup.report.HealthReport;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.service.HealthLists;
import dev.sevenfold.backup.service.HealthPlans;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says how well tenants and the system are backed up: the last verified backup of each, its age
 * against the schedule, the last failure, the storage used. Looks only when it is asked; a host
 * asks from its monitoring, or every few minutes from a timer.
 *
 * <pre>{@code
 * BackupHealth health =
 *     BackupHealth.builder(backups)
 *         .scheduler(scheduler)
 *         .overdueAfter(Duration.ofHours(2))
 *         .build();
 *
 * HealthReport report = health.check();
 * report.worst();                         // OVERDUE
 * report.in(BackupStatus.State.OVERDUE);  // tenant 42: overdue since 2026-11-24T00:01:00Z
 * }</pre>
 *
 * <p>A backup is due when the schedule fires for the first time after the last verified backup was
 * captured. It is overdue when that was longer ago than is allowed, whatever the reason: a
 * scheduler that is not running, a store that is full, a verification that fails. When a check
 * finds one overdue that the check before did not, the service's listeners hear {@link
 * BackupListener#backupOverdue}.
 *
 * <p>A tenant that was never backed up is judged from the first firing that the scheduler
 * remembers, or else from the first check of this object. An archive that says that it was captured
 * in the future does not count. Nor does a list that may lack what there is of one: where none of
 * its archives is found, and its folder or a replica of a mirror does not answer, it is judged by
 * what was found last, and failing at best.
 *
 * <p>A check lists the store once, by the records of its archives, and opens those without one.
 * Thread-safe.
 */
public final class BackupHealth {

  private final BackupCatalog service;
  private final Optional<BackupService> tenants;
  private final Optional<SystemBackups> system;
  private final Supplier<HealthPlans> plans;
  private final Duration overdueAfter;
  private final @Nullable Duration maxAge;
  private final Clock clock;

  /** When those were first looked at that have no verified backup. */
  private final Map<Optional<TenantId>, Instant> watchedSince = new ConcurrentHashMap<>();

  /** How those were judged last. */
  private final Map<Optional<TenantId>, BackupStatus> known = new ConcurrentHashMap<>();

  private final Set<Optional<TenantId>> overdue = ConcurrentHashMap.newKeySet();

  private BackupHealth(Builder builder) {
    service = builder.service;
    tenants = builder.tenants;
    system = builder.system;
    plans = builder.plans();
    overdueAfter = builder.overdueAfter;
    maxAge = builder.maxAge;
    clock = service.clock();
  }

  /** Starts with the service whose backups are looked at; its clock counts. */
  public static Builder builder(BackupService service) {
    return new Builder(service, Optional.of(service), service.optionalSystem());
  }

  /** Starts with backups of the system alone, where nothing is known of tenants. */
  public static Builder builder(SystemBackups system) {
    return new Builder(system, Optional.empty(), Optional.of(system));
  }

  /**
   * Looks at every tenant, and at the system if the service backs it up.
   *
   * <p>Places of a mirror that do not answer are named in the report; the others are looked at.
   *
   * @throws StoreUnavailable if the archives or the jobs could not be listed
   * @throws SourceUnavailable if the tenants could not be listed
   */
  public HealthReport check() {
    Instant now = clock.instant();
    HealthPlans planned = plans.get();
    // All of them at once; where nothing is known of tenants, theirs are not asked for.
    HealthLists lists =
        HealthLists.of(tenants.map(BackupCatalog::archives), system.map(BackupCatalog::archives));
    List<BackupStatus> each = new ArrayList<>();
    for (TenantId tenant : tenants.map(BackupService::tenants).orElse(List.of())) {
      each.add(tenant(tenant, lists.of(tenant), planned, now));
    }
    Optional<BackupStatus> whole =
        system.map(backups -> system(backups, lists.ofSystem(), planned, now));
    return new HealthReport(
        now,
        whole,
        each,
        lists.silent(),
        planned.drillFailure(),
        tenants.flatMap(BackupService::lastOwnershipCheck));
  }

  /**
   * Looks at one tenant, whether there is such a tenant or not.
   *
   * @throws StoreUnavailable if the archives or the jobs could not be listed
   */
  public BackupStatus check(TenantId tenant) {
    Objects.requireNonNull(tenant, "tenant");
    return tenant(
        tenant,
        HealthLists.list(service.archives(), ArchiveOwner.tenant(tenant)),
        plans.get(),
        clock.instant());
  }

  private BackupStatus tenant(TenantId tenant, Listing listing, HealthPlans planned, Instant now) {
    List<StoredArchive> archives = listing.archives();
    Optional<Failure> silence = HealthLists.silence(ArchiveOwner.tenant(tenant), listing, now);
    if (silence.isPresent()) {
      return unlisted(Optional.of(tenant), silence, planned, now);
    }
    Optional<Verified> verified = newestVerified(archives, now);
    long bytes = archives.stream().mapToLong(StoredArchive::sizeBytes).sum();
    return judge(Optional.of(tenant), verified, archives.size(), bytes, silence, planned, now);
  }

  /** What was known before counts on: time passes, and an outage makes nobody healthy. */
  private BackupStatus unlisted(
      Optional<TenantId> subject, Optional<Failure> silence, HealthPlans planned, Instant now) {
    BackupStatus before = known.get(subject);
    return before == null
        ? new BackupStatus(
            subject,
            State.FAILING,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            silence,
            0,
            0)
        : judge(
            subject,
            before.lastVerified(),
            before.archives(),
            before.storageBytes(),
            silence,
            planned,
            now);
  }

  /**
   * The verified backup among these that was captured last, and not in the future: what a clock
   * that was ahead has made is as new as it is, and nobody knows how new. Whoever asks how old the
   * newest backup is, is told of the one before it, and not that all is well for years.
   */
  private Optional<Verified> newestVerified(List<StoredArchive> archives, Instant now) {
    List<StoredArchive> verified =
        archives.stream()
            .filter(archive -> archive.label().kind() != Label.Kind.SAFETY)
            .filter(archive -> archive.record().verified())
            .toList();
    return service.archives().found(verified).points().stream()
        .filter(point -> !point.capturedAt().isAfter(now))
        .max(RestorePoint.byInstant())
        .map(point -> new Verified(point.label(), point.capturedAt()));
  }

  private BackupStatus system(
      SystemBackups backups, Listing listing, HealthPlans planned, Instant now) {
    Optional<Failure> silence = HealthLists.silence(ArchiveOwner.system(), listing, now);
    if (silence.isPresent()) {
      return unlisted(Optional.empty(), silence, planned, now);
    }
    List<RestorePoint> points =
        backups.archives().found(listing.archives()).sorted(RestorePoint.byInstant()).points();
    Optional<Verified> verified =
        points.stream()
            .filter(point -> point.verified() && !point.capturedAt().isAfter(now))
            .findFirst()
            .map(point -> new Verified(point.label(), point.capturedAt()));
    long bytes = points.stream().mapToLong(RestorePoint::sizeBytes).sum();
    return judge(Optional.empty(), verified, points.size(), bytes, silence, planned, now);
  }

  private BackupStatus judge(
      Optional<TenantId> subject,
      Optional<Verified> verified,
      int archives,
      long bytes,
      Optional<Failure> silence,
      HealthPlans planned,
      Instant now) {
    Instant since =
        verified.map(Verified::capturedAt).orElseGet(() -> watchedSince(subject, planned, now));
    if (verified.isPresent()) {
      watchedSince.remove(subject);
    }
    Optional<Instant> fires =
        planned.schedules(subject).stream()
            .map(schedule -> schedule.next(since))
            .min(Comparator.naturalOrder());
    Optional<Instant> tooOld = Optional.ofNullable(maxAge).map(since::plus);
    Optional<Instant> dueSince =
        Stream.concat(fires.stream(), tooOld.stream())
            .filter(instant -> !instant.isAfter(now))
            .min(Comparator.naturalOrder());
    boolean late =
        isPast(fires.map(instant -> instant.plus(overdueAfter)), now) || isPast(tooOld, now);
    Optional<Failure> failure = silence.or(() -> lastFailure(subject, planned));
    BackupStatus status =
        new BackupStatus(
            subject,
            state(
                late,
                silence.isPresent() || failing(failure, verified),
                fires.isPresent() || tooOld.isPresent()),
            verified,
            verified.map(backup -> Duration.between(backup.capturedAt(), now)),
            dueSince,
            failure,
            archives,
            bytes);
    known.put(subject, status);
    tell(status);
    return status;
  }

  private Instant watchedSince(Optional<TenantId> subject, HealthPlans planned, Instant now) {
    Instant first = watchedSince.computeIfAbsent(subject, any -> now);
    // The schedule is asked for what comes after; the firing itself must be found.
    Optional<Instant> firing =
        planned.earliestFiring(subject).map(instant -> instant.minusMillis(1));
    return firing.filter(first::isAfter).orElse(first);
  }

  private static boolean isPast(Optional<Instant> instant, Instant now) {
    return instant.filter(at -> !at.isAfter(now)).isPresent();
  }

  private Optional<Failure> lastFailure(Optional<TenantId> subject, HealthPlans planned) {
    return Stream.concat(
            service.failures().last(subject).stream(), planned.lastFailure(subject).stream())
        .max(Comparator.comparing(Failure::at));
  }

  private static boolean failing(Optional<Failure> failure, Optional<Verified> verified) {
    return failure
        .filter(last -> verified.isEmpty() || last.at().isAfter(verified.get().capturedAt()))
        .isPresent();
  }

  private static State state(boolean late, boolean failing, boolean planned) {
    if (late) {
      return State.OVERDUE;
    }
    if (failing) {
      return State.FAILING;
    }
    return planned ? State.HEALTHY : State.UNPLANNED;
  }

  /** Once for each time that something becomes overdue, not with every check. */
  private void tell(BackupStatus status) {
    if (status.state() != State.OVERDUE) {
      overdue.remove(status.tenant());
    } else if (overdue.add(status.tenant())) {
      service.listeners().tell(listener -> listener.backupOverdue(status));
    }
  }

  /** Collects what is expected of the backups. Use from one thread. */
  public static final class Builder {

    private final BackupCatalog service;
    private final Optional<BackupService> tenants;
    private final Optional<SystemBackups> system;
    private @Nullable Schedules scheduler;
    private @Nullable Function<TenantId, Optional<CronSchedule>> schedules;
    private @Nullable CronSchedule systemSchedule;
    private Duration overdueAfter = Duration.ofHours(1);
    private @Nullable Duration maxAge;

    private Builder(
        BackupCatalog service, Optional<BackupService> tenants, Optional<SystemBackups> system) {
      this.service = service;
      this.tenants = tenants;
      this.system = system;
    }

    /**
     * Takes schedules and failures from a scheduler, such as {@code BackupScheduler}, whether it
     * was started in this process or only looks at the same database.
     */
    public Builder scheduler(Schedules value) {
      scheduler = Objects.requireNonNull(value, "scheduler");
      return this;
    }

    /**
     * Asks the host for the schedule of a tenant; empty if none is planned. For hosts whose own
     * framework runs the jobs.
     */
    public Builder schedules(Function<TenantId, Optional<CronSchedule>> ofTenant) {
      schedules = Objects.requireNonNull(ofTenant, "ofTenant");
      return this;
    }

    /** The schedule of the whole system, where the host's own framework runs it. */
    public Builder systemSchedule(CronSchedule value) {
      systemSchedule = Objects.requireNonNull(value, "systemSchedule");
      return this;
    }

    /**
     * How long after its scheduled time a backup may still be missing: long enough for the jitter,
     * the queue, the work and some retries. Default: 1 hour.
     */
    public Builder overdueAfter(Duration value) {
      if (value.isNegative()) {
        throw new IllegalArgumentException(
            "A backup cannot be overdue after "
                + value
                + ". Write a duration that is not negative");
      }
      overdueAfter = value;
      return this;
    }

    /**
     * How old the last verified backup may be, whatever a schedule says, and also without one.
     * Default: any age.
     */
    public Builder maxAge(Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new IllegalArgumentException(
            "A backup cannot be younger than " + value + ". Write a duration of some length");
      }
      maxAge = value;
      return this;
    }

    private Supplier<HealthPlans> plans() {
      Schedules ours = scheduler;
      if (ours != null) {
        return () -> HealthPlans.of(ours);
      }
      Optional<CronSchedule> system = Optional.ofNullable(systemSchedule);
      Function<TenantId, Optional<CronSchedule>> host = schedules;
      HealthPlans plans =
          HealthPlans.of(
              subject ->
                  subject.isEmpty()
                      ? system
                      : subject.flatMap(id -> host == null ? Optional.empty() : host.apply(id)));
      return () -> plans;
    }

    /**
     * The finished object. Looks at nothing yet.
     *
     * @throws IllegalArgumentException if both a scheduler and the host are to say the schedules
     */
    public BackupHealth build() {
      if (scheduler != null && (schedules != null || systemSchedule != null)) {
        throw new IllegalArgumentException(
            "Both scheduler(…) and "
                + (schedules != null ? "schedules(…)" : "systemSchedule(…)")
                + " say when backups are made. Use one of them");
      }
      return new BackupHealth(this);
    }
  }
}
