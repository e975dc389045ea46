package dev.sevenfold.backup.schedule;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps jobs, their next firing, who runs it, and what became of it. Implement this to keep them in
 * another database; {@code JobStoreContract} proves the implementation.
 *
 * <p>What every store promises:
 *
 * <ul>
 *   <li><b>Atomic.</b> Each call happens as a whole or not at all, and one after the other, between
 *       all threads and processes that share the store. What a call returned from is seen by every
 *       later one.
 *   <li><b>One claim.</b> A job has at most one claim. Of two nodes that claim, or take over, at
 *       the same time, one gets it.
 *   <li><b>One tenant, one claim.</b> A tenant's jobs are claimed one at a time; the system counts
 *       as a tenant of its own.
 *   <li><b>Fair.</b> Of the tenants that wait, the one that has waited longest since it was due or
 *       served comes first, however many jobs another has.
 *   <li><b>No clock.</b> Stores are told what time it is. Nothing expires by itself: a dead node's
 *       claim stays until {@link #takeOver}.
 * </ul>
 *
 * <p>Thread-safe. Instants have milliseconds. Every method throws {@link StoreUnavailable} if the
 * store failed; nothing was half done then, and the call may be repeated.
 */
public interface JobStore extends AutoCloseable {

  /**
   * How many firings of a job {@link #history} keeps at least. Beyond the latest ones, a firing is
   * forgotten only if its instant is earlier than all of theirs: what a clock ran that was far
   * ahead stays known until time has caught up.
   */
  int KEPT_FIRINGS = 50;

  /** Where the jobs are, for people: {@code SQLite database /srv/jobs.sqlite3}. No secret. */
  String describe();

  /**
   * Keeps a job and its next firing if nobody has changed them meanwhile. Its claim and its history
   * stay.
   *
   * @param revision the {@link StoredJob#revision} that was seen; 0 if there was no such job
   * @return whether it was kept; if not, look again
   */
  boolean save(Job job, Optional<PlannedFiring> next, long revision);

  /** One job; empty if there is none. */
  Optional<StoredJob> find(JobKey key);

  /** All jobs, ordered by tenant, label and name. */
  List<StoredJob> list();

  /** The jobs of exactly this tenant, ordered by label and name. */
  List<StoredJob> list(TenantId tenant);

  /**
   * Forgets a job and its history. A claim of it is lost.
   *
   * @return whether there was one
   */
  boolean remove(JobKey key);

  /**
   * The jobs that are not claimed and whose plan no longer holds: their next firing is superseded
   * by {@code now}, or was planned later than {@code ahead}.
   */
  List<StoredJob> outdated(Instant now, Instant ahead);

  /** The jobs that are not claimed and due at {@code now}. */
  List<StoredJob> due(Instant now);

  /**
   * Claims firings that are due, in a fair order, at most one of a tenant and none of a tenant that
   * already has a claim. The claimed firing is no longer the job's {@link StoredJob#next}.
   *
   * @param node who claims, for people
   * @param labels the jobs that this node can run
   * @param limit how many at most
   */
  List<Claim> claim(String node, Set<String> labels, Instant now, int limit);

  /** Every claim of every node. */
  List<Claim> claims();

  /**
   * Passes a claim to another node, as the next attempt at the same firing, if it has not beaten
   * since it was seen.
   *
   * @param seen the claim as it was when it was last looked at
   * @return the new claim; empty if the old one has beaten, ended or was taken over
   */
  Optional<Claim> takeOver(Claim seen, String node, Instant now);

  /**
   * Says that a claim's node lives.
   *
   * @return whether it still has the claim; if not, it must stop working
   */
  boolean beat(Claim claim, Optional<JobProgress> progress);

  /**
   * Ends a claim: records what became of the attempt, and keeps what comes next, if nobody has
   * changed the job meanwhile.
   *
   * @param revision the {@link StoredJob#revision} that {@code next} was planned for
   * @return whether it was ended; if not, the job has changed or the claim is lost: look again
   */
  boolean finish(Claim claim, long revision, FiringRecord record, Optional<PlannedFiring> next);

  /** What became of a job's firings, the one that was recorded last first. */
  List<FiringRecord> history(JobKey key, int limit);

  /** Whether a firing is over, as far as the history goes back. */
  boolean isOver(JobKey key, Instant scheduledAt);

  /**
   * Notes that a scheduler is at work that skips what it missed.
   *
   * @return when one last was; empty the first time
   */
  Optional<Instant> alive(Instant now);

  /** Lets go of everything. Does nothing the second time. */
  @Override
  void close();
}
