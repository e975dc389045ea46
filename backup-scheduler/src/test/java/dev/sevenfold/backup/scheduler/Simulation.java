package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.ScheduledJob;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs a scheduler through a span of time in which much goes wrong, and afterwards compares what it
 * did with what the schedules say that it had to do. Use from one thread.
 */
final class Simulation implements ScheduledJob {

  private static final List<String> ZONES =
      List.of(
          "UTC",
          "Europe/Copenhagen",
          "America/New_York",
          "America/Santiago",
          "Australia/Lord_Howe",
          "Pacific/Auckland",
          "Asia/Kolkata",
          "Africa/Casablanca",
          "Antarctica/Troll",
          "America/Havana");

  private static final Duration JITTER = Duration.ofMinutes(5);

  /**
   * A span of the wall clock that no scheduler saw pass.
   *
   * @param cut whether the clock was put back into it: the backup made for it has a later instant
   */
  private record Gap(Instant after, Instant until, boolean cut) {

    /** What is left of it when the clock is put back: the rest will be seen. */
    Gap cutAt(Instant instant) {
      return instant.isBefore(until) ? new Gap(after, instant, true) : this;
    }

    boolean holds(Instant instant) {
      return instant.isAfter(after) && !instant.isAfter(until);
    }

    /** Whether it excuses that nothing was made for one of all instants. */
    boolean excuses(Instant instant, NavigableSet<Instant> all) {
      Instant later = all.higher(instant);
      boolean last = later == null || later.isAfter(until);
      return holds(instant) && (cut || !last);
    }
  }

  private final long seed;
  private final Random random;
  private final Instant start;
  private final Instant end;
  private final List<Job> jobs = new ArrayList<>();
  private final Map<JobKey, NavigableSet<Instant>> due = new HashMap<>();
  private final Map<JobKey, NavigableSet<Instant>> made = new HashMap<>();
  private final Map<JobKey, KeptArchives> archives = new HashMap<>();
  private final List<Gap> gaps = new ArrayList<>();

  /** What the clock has shown twice: firings in it may be made once more. */
  private final List<Gap> repeated = new ArrayList<>();

  private final List<String> complaints = new ArrayList<>();
  private final Set<Firing> failed = new HashSet<>();
  private final MutableClock time;
  private Duration behind = Duration.ZERO;
  private boolean calm;
  private long firings;
  private int interruptions;

  Simulation(long seed, LocalDate first, LocalDate end, int tenants) {
    this.seed = seed;
    this.random = new Random(seed);
    this.start = first.atStartOfDay().toInstant(ZoneOffset.UTC);
    this.end = end.atStartOfDay().toInstant(ZoneOffset.UTC);
    this.time = MutableClock.at(start);
    for (int tenant = 1; tenant <= tenants; tenant++) {
      add(tenant, first, end);
    }
  }

  private void add(int tenant, LocalDate first, LocalDate last) {
    String expression = expression();
    ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
    Job job =
        BackupTenantJob.forTenant(TenantId.of(tenant)).on(CronSchedule.parse(expression, zone));
    jobs.add(job);
    made.put(job.key(), new TreeSet<>());
    archives.put(job.key(), new KeptArchives(TenantId.of(tenant)));
    due.put(job.key(), due(CronSchedule.parse(expression, zone), first, last));
  }

  /** Whether these are right is for other tests to say, which walk from minute to minute. */
  private static NavigableSet<Instant> due(CronSchedule schedule, LocalDate first, LocalDate last) {
    NavigableSet<Instant> instants = new TreeSet<>();
    Instant end = last.plusDays(60).atStartOfDay().toInstant(ZoneOffset.UTC);
    Instant next = first.minusDays(2).atStartOfDay().toInstant(ZoneOffset.UTC);
    while (next.isBefore(end)) {
      next = schedule.next(next);
      instants.add(next);
    }
    return instants;
  }

  /** Mostly at night, where clocks are changed. */
  private String expression() {
    int minute = random.nextInt(60);
    int hour = random.nextInt(5);
    return switch (random.nextInt(100)) {
      case 0 -> minute + " * * * *";
      case 1, 2 -> minute + " */6 * * *";
      case 3, 4, 5, 6 -> minute + " " + hour + " 1,15 * *";
      case 7, 8, 9, 10 -> minute + " " + hour + " * * 0";
      case 11, 12, 13, 14 -> minute + " " + hour + " */2 * *";
      case 15, 16, 17, 18 -> minute + " " + hour + " 13 * 5";
      case 19, 20, 21, 22, 23, 24, 25, 26, 27 -> minute + " " + hour + " * * 2-6";
      default -> minute + " " + hour + " * * *";
    };
  }

  /** Runs from the start to the end in steps; something goes wrong about once a week. */
  void run(Path store, Duration step) {
    Nights scheduler = start(store);
    jobs.forEach(scheduler.scheduler()::set);
    long steps = 0;
    long next = 100;
    while (time.instant().isBefore(end)) {
      // What fails is tried again before the next mishap.
      calm = next - steps > Duration.ofHours(3).dividedBy(step);
      scheduler.tick(step);
      steps++;
      if (steps >= next) {
        scheduler = mishap(scheduler, store);
        // A clock that is far ahead is noticed soon.
        Duration quiet = behind.isZero() ? Duration.ofDays(12) : Duration.ofHours(30);
        next = steps + 1 + random.nextInt((int) quiet.dividedBy(step));
        scheduler.runDue();
      }
    }
    scheduler.close();
    jobs.forEach(this::judge);
  }

  private Nights start(Path store) {
    return Nights.of(
        BackupScheduler.builder(store),
        time,
        builder -> builder.job(this).jitter(JITTER).concurrency(64));
  }

  private Nights mishap(Nights scheduler, Path store) {
    interruptions++;
    Instant before = time.instant();
    if (!behind.isZero()) {
      // The clock was ahead for a while, and is set right.
      putBack(behind);
      behind = Duration.ZERO;
      return scheduler;
    }
    Duration jump = Duration.ofMinutes(1 + random.nextInt(36 * 60));
    switch (random.nextInt(3)) {
      case 0 -> {
        behind = jump.multipliedBy(1 + random.nextInt(20));
        time.jumpTo(before.plus(behind));
        gaps.add(new Gap(before.minus(JITTER), time.instant(), false));
        return scheduler;
      }
      case 1 -> {
        putBack(jump.dividedBy(3));
        return scheduler;
      }
      default -> {
        scheduler.close();
        time.advance(random.nextBoolean() ? jump : Duration.ZERO);
        gaps.add(new Gap(before.minus(JITTER), time.instant(), false));
        Nights restarted = start(store);
        // Hosts set their jobs again at each start.
        jobs.subList(0, jobs.size() / 2).forEach(restarted.scheduler()::set);
        return restarted;
      }
    }
  }

  private void putBack(Duration jump) {
    repeated.add(new Gap(time.instant().minus(jump).minus(JITTER), time.instant(), true));
    time.jumpTo(time.instant().minus(jump));
    gaps.replaceAll(gap -> gap.cutAt(time.instant()));
  }

  @Override
  public String label() {
    return BackupTenantJob.LABEL;
  }

  @Override
  public JobOutcome run(Firing firing, Progress progress) {
    if (calm && random.nextInt(20) == 0 && failed.add(firing)) {
      return new JobOutcome.Failed("The store is full", "Make room", true);
    }
    firings++;
    boolean again = repeated.stream().anyMatch(gap -> gap.holds(firing.scheduledAt()));
    if (!instants(made, firing.job()).add(firing.scheduledAt()) && !again) {
      complaints.add("seed " + seed + ": made twice: " + firing);
    }
    if (!instants(due, firing.job()).contains(firing.scheduledAt())) {
      complaints.add("seed " + seed + ": was never due: " + firing);
    }
    Objects.requireNonNull(archives.get(firing.job()))
        .backUp(time.instant())
        .ifPresent(wrong -> complaints.add("seed " + seed + ": " + wrong + " after " + firing));
    return new JobOutcome.Finished(Optional.empty());
  }

  /** What came due while a scheduler watched was made; of what did not, the last. */
  private void judge(Job job) {
    NavigableSet<Instant> all = instants(due, job.key());
    NavigableSet<Instant> done = instants(made, job.key());
    for (Instant instant : all.subSet(start, false, end.minus(Duration.ofHours(3)), false)) {
      boolean unseen = gaps.stream().anyMatch(gap -> gap.excuses(instant, all));
      if (!unseen && !done.contains(instant)) {
        complaints.add("seed " + seed + ": lost: " + job.firing(instant) + " of " + job.schedule());
      }
    }
  }

  private static NavigableSet<Instant> instants(
      Map<JobKey, NavigableSet<Instant>> all, JobKey key) {
    return Objects.requireNonNull(all.get(key));
  }

  List<String> complaints() {
    return complaints;
  }

  /** The fewest archives that a tenant has in the end. */
  int fewestKept() {
    return archives.values().stream().mapToInt(KeptArchives::count).min().orElse(0);
  }

  long made() {
    return firings;
  }

  int interruptions() {
    return interruptions;
  }
}
