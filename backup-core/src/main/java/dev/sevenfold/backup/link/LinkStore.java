package dev.sevenfold.backup.link;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;

/**
 * Remembers what a signed link cannot say of itself: that it was revoked, and how often it was
 * used. Implement this to keep it in another database; {@code LinkStoreContract} of {@code
 * backup-testkit} tests the implementation.
 *
 * <p>What every store promises:
 *
 * <ul>
 *   <li><b>Atomic.</b> Each call happens as a whole or not at all, and one after the other, between
 *       all threads and processes that share the store. What a call returned from is seen by every
 *       later one.
 *   <li><b>No clock.</b> Stores are told what time it is.
 *   <li><b>A revocation stays</b> for ever: there are few of them, and a clock that jumps must not
 *       bring a revoked link back.
 * </ul>
 *
 * <p>A store that is lost has forgotten its revocations: take a new key then, and accept the old
 * one no more.
 *
 * <p>Thread-safe. Every method throws {@link StoreUnavailable} if the store failed.
 */
public interface LinkStore {

  /**
   * What is known of one link and of its tenant.
   *
   * @param revoked whether this link was revoked
   * @param downloads how many downloads were counted
   * @param round how often all links of the tenant were revoked; a link holds the number of its day
   */
  record State(boolean revoked, int downloads, long round) {}

  /** Where it is kept, for people. Holds no secret. */
  String describe();

  /** What is known of a link; of one never heard of, it is not revoked and was not downloaded. */
  State state(LinkId id, TenantId tenant);

  /** How often all links of the tenant were revoked: 0 at first. */
  long round(TenantId tenant);

  /** Revokes one link, for ever. One that is revoked already stays so. */
  void revoke(LinkId id);

  /** Revokes all links that the tenant has: {@link #round} is one more from now on. */
  void revokeAll(TenantId tenant);

  /**
   * Counts a download, unless there were {@code most} already.
   *
   * @param expiresAt when the link expires, and its count can be forgotten
   * @return whether it was counted
   */
  boolean count(LinkId id, int most, Instant expiresAt);

  /** Forgets the counts of links that have expired before {@code instant}. */
  void forgetCounts(Instant instant);
}
