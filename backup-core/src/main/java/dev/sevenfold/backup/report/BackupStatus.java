package dev.sevenfold.backup.report;

import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How well one tenant, or the whole system, was backed up when {@code BackupHealth} looked.
 * Immutable.
 *
 * @param tenant whose backups; empty for the system
 * @param state all of it in a word
 * @param lastVerified the newest backup that was verified
 * @param age how old that one was, when it was looked at
 * @param dueSince since when a backup is due that is not there; empty if none is
 * @param lastFailure the last failure that is known of; a later backup may have succeeded
 * @param archives how many archives there are, safety archives and those not verified included
 * @param storageBytes what these take up in the store
 */
public record BackupStatus(
    Optional<TenantId> tenant,
    State state,
    Optional<Verified> lastVerified,
    Optional<Duration> age,
    Optional<Instant> dueSince,
    Optional<Failure> lastFailure,
    int archives,
    long storageBytes) {

  /** From good to bad. */
  public enum State {
    /** Every backup that was due is there and verified, or due for less than is allowed. */
    HEALTHY,
    /** Nothing is planned, so nothing can be overdue. There may be backups nevertheless. */
    UNPLANNED,
    /**
     * The last attempt failed, or what there is of it could not be listed; a backup is not known to
     * be overdue yet.
     */
    FAILING,
    /** A backup has been due for longer than is allowed, and is not there. */
    OVERDUE
  }

  /**
   * A backup that was verified.
   *
   * @param label the name to restore it by
   * @param capturedAt the instant it restores to
   */
  public record Verified(Label label, Instant capturedAt) {
    /** Requires all parts. */
    public Verified {
      Objects.requireNonNull(label, "label");
      Objects.requireNonNull(capturedAt, "capturedAt");
    }
  }

  /**
   * A backup that failed.
   *
   * @param at when
   * @param what what happened, with the values; never a secret
   * @param advice what to do about it
   */
  public record Failure(Instant at, String what, String advice) {
    /** Requires all parts. */
    public Failure {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(what, "what");
      Objects.requireNonNull(advice, "advice");
    }
  }

  /** Requires all parts. */
  public BackupStatus {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(lastVerified, "lastVerified");
    Objects.requireNonNull(age, "age");
    Objects.requireNonNull(dueSince, "dueSince");
    Objects.requireNonNull(lastFailure, "lastFailure");
  }

  /** For people: {@code tenant 42: overdue since 2026-11-24T01:01:00Z}. */
  @Override
  public String toString() {
    return tenant.map(id -> "tenant " + id).orElse("the system")
        + ": "
        + state.name().toLowerCase(Locale.ROOT)
        + dueSince
            .filter(since -> state == State.OVERDUE)
            .map(since -> " since " + since)
            .orElse("");
  }
}
