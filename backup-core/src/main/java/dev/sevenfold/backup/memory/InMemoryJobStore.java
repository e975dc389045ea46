package dev.sevenfold.backup.memory;

import dev.sevenfold.backup.schedule.Claim;
import dev.sevenfold.backup.schedule.FiringRecord;
import dev.sevenfold.backup.schedule.Job;
import dev.sevenfold.backup.schedule.JobKey;
import dev.sevenfold.backup.schedule.JobProgress;
import dev.sevenfold.backup.schedule.JobStore;
import dev.sevenfold.backup.schedule.PlannedFiring;
import dev.sevenfold.backup.schedule.StoredJob;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in memory, lost with the process: for tests, and for hosts that set their schedules at each
 * start. Several schedulers of one JVM may share it. Thread-safe.
 */
public final class InMemoryJobStore implements JobStore {

  private static final Comparator<JobKey> ORDER =
      Comparator.comparing((JobKey key) -> key.tenant().map(TenantId::value).orElse(""))
          .thenComparing(JobKey::label)
          .thenComparing(JobKey::name);

  private final Map<JobKey, StoredJob> jobs = new TreeMap<>(ORDER);
  private final Map<JobKey, List<FiringRecord>> histories = new HashMap<>();
  private final Map<Optional<TenantId>, Instant> served = new HashMap<>();
  private long lastRevision;
  private long lastToken;
  private @Nullable Instant alive;

  /** A store without jobs. */
  public InMemoryJobStore() {}

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public synchronized boolean save(Job job, Optional<PlannedFiring> next, long revision) {
    StoredJob seen = jobs.get(job.key());
    if ((seen == null ? 0 : seen.revision()) != revision) {
      return false;
    }
    put(
        job,
        next,
        seen == null ? Optional.empty() : seen.running(),
        seen == null ? Optional.empty() : seen.last());
    return true;
  }

  private void put(
      Job job, Optional<PlannedFiring> next, Optional<Claim> running, Optional<FiringRecord> last) {
    jobs.put(job.key(), new StoredJob(job, ++lastRevision, next, running, last));
  }

  @Override
  public synchronized Optional<StoredJob> find(JobKey key) {
    return Optional.ofNullable(jobs.get(key));
  }

  @Override
  public synchronized List<StoredJob> list() {
    return List.copyOf(jobs.values());
  }

  @Override
  public synchronized List<StoredJob> list(TenantId tenant) {
    return jobs.values().stream()
        .filter(stored -> stored.job().key().tenant().filter(tenant::equals).isPresent())
        .toList();
  }

  @Override
  public synchronized boolean remove(JobKey key) {
    histories.remove(key);
    return jobs.remove(key) != null;
  }

  @Override
  public synchronized List<StoredJob> outdated(Instant now, Instant ahead) {
    return unclaimed(
        next ->
            next.plannedAt().isAfter(ahead)
                || next.supersededAt().filter(instant -> !instant.isAfter(now)).isPresent());
  }

  @Override
  public synchronized List<StoredJob> due(Instant now) {
    return unclaimed(next -> !next.dueAt().isAfter(now));
  }

  private List<StoredJob> unclaimed(Predicate<PlannedFiring> wanted) {
    List<StoredJob> found = new ArrayList<>();
    for (StoredJob stored : jobs.values()) {
      if (stored.running().isEmpty() && stored.next().filter(wanted).isPresent()) {
        found.add(stored);
      }
    }
    return found;
  }

  @Override
  public synchronized List<Claim> claim(String node, Set<String> labels, Instant now, int limit) {
    List<StoredJob> waiting = due(now);
    if (waiting.isEmpty()) {
      return List.of();
    }
    Set<Optional<TenantId>> taken = new HashSet<>();
    claims().forEach(claim -> taken.add(claim.job().key().tenant()));
    waiting.removeIf(stored -> !labels.contains(stored.job().key().label()));
    waiting.sort(Comparator.comparing(InMemoryJobStore::dueAt));
    // A tenant's first job stands for the tenant, and waits since it was due or served.
    waiting.removeIf(stored -> !taken.add(stored.job().key().tenant()));
    waiting.sort(Comparator.comparing(stored -> waitingSince(stored, now)));
    return waiting.stream().limit(limit).map(stored -> claim(stored, node, now)).toList();
  }

  private static Instant dueAt(StoredJob stored) {
    return stored.next().orElseThrow().dueAt();
  }

  private Instant waitingSince(StoredJob stored, Instant now) {
    Instant last = served.getOrDefault(stored.job().key().tenant(), Instant.MIN);
    Instant due = dueAt(stored);
    if (last.isAfter(now)) {
      // The clock was put back; such a tenant must not wait for it to come around again.
      return now;
    }
    return last.isAfter(due) ? last : due;
  }

  private Claim claim(StoredJob stored, String node, Instant now) {
    PlannedFiring firing = stored.next().orElseThrow();
    Claim claim = newClaim(stored.job(), node, firing.scheduledAt(), firing.attempt(), now);
    put(stored.job(), Optional.empty(), Optional.of(claim), stored.last());
    served.put(stored.job().key().tenant(), now);
    return claim;
  }

  private Claim newClaim(Job job, String node, Instant scheduledAt, int attempt, Instant now) {
    String token = String.valueOf(++lastToken);
    return new Claim(job, token, node, scheduledAt, attempt, now, 0, Optional.empty());
  }

  @Override
  public synchronized List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    for (StoredJob stored : jobs.values()) {
      stored.running().ifPresent(claims::add);
    }
    return claims;
  }

  @Override
  public synchronized Optional<Claim> takeOver(Claim seen, String node, Instant now) {
    return holding(seen)
        .filter(stored -> stored.running().orElseThrow().beats() == seen.beats())
        .map(
            stored -> {
              Claim claim =
                  newClaim(stored.job(), node, seen.scheduledAt(), seen.attempt() + 1, now);
              put(stored.job(), stored.next(), Optional.of(claim), stored.last());
              return claim;
            });
  }

  private Optional<StoredJob> holding(Claim claim) {
    return find(claim.job().key())
        .filter(
            stored -> stored.running().filter(it -> it.token().equals(claim.token())).isPresent());
  }

  @Override
  public synchronized boolean beat(Claim claim, Optional<JobProgress> progress) {
    return holding(claim)
        .map(
            stored -> {
              Claim held = stored.running().orElseThrow();
              Claim beaten =
                  new Claim(
                      held.job(),
                      held.token(),
                      held.node(),
                      held.scheduledAt(),
                      held.attempt(),
                      held.startedAt(),
                      held.beats() + 1,
                      progress);
              jobs.put(
                  held.job().key(),
                  new StoredJob(
                      stored.job(),
                      stored.revision(),
                      stored.next(),
                      Optional.of(beaten),
                      stored.last()));
              return true;
            })
        .orElse(false);
  }

  @Override
  public synchronized boolean finish(
      Claim claim, long revision, FiringRecord record, Optional<PlannedFiring> next) {
    Optional<StoredJob> held = holding(claim).filter(stored -> stored.revision() == revision);
    if (held.isEmpty()) {
      return false;
    }
    JobKey key = claim.job().key();
    List<FiringRecord> history = histories.computeIfAbsent(key, any -> new ArrayList<>());
    history.removeIf(earlier -> earlier.scheduledAt().equals(record.scheduledAt()));
    history.add(0, record);
    forgetOldest(history);
    put(held.get().job(), next, Optional.empty(), Optional.of(record));
    return true;
  }

  private static void forgetOldest(List<FiringRecord> history) {
    if (history.size() > KEPT_FIRINGS) {
      Instant earliest =
          history.stream()
              .limit(KEPT_FIRINGS)
              .map(FiringRecord::scheduledAt)
              .min(Comparator.naturalOrder())
              .orElseThrow();
      history.removeIf(record -> record.scheduledAt().isBefore(earliest));
    }
  }

  @Override
  public synchronized List<FiringRecord> history(JobKey key, int limit) {
    return histories.getOrDefault(key, List.of()).stream().limit(limit).toList();
  }

  @Override
  public synchronized boolean isOver(JobKey key, Instant scheduledAt) {
    return histories.getOrDefault(key, List.of()).stream()
        .anyMatch(record -> record.over() && record.scheduledAt().equals(scheduledAt));
  }

  @Override
  public synchronized Optional<Instant> alive(Instant now) {
    Optional<Instant> before = Optional.ofNullable(alive);
    alive = now;
    return before;
  }

  /** Does nothing: the jobs stay, as they would in a file. */
  @Override
  public void close() {}
}
