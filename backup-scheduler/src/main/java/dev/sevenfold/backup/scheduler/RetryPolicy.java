package dev.sevenfold.backup.scheduler;

import java.time.Duration;
import java.util.Objects;

/**
 * How often, and after how long, a failed firing is tried again. Each wait is twice the one before.
 * The next firing of the schedule ends the attempts at this one. Immutable.
 *
 * @param attempts how many at most, the first included
 * @param first how long to wait after the first
 * @param longest no wait is longer
 */
public record RetryPolicy(int attempts, Duration first, Duration longest) {

  /** Five attempts in half an hour. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(5, Duration.ofMinutes(2), Duration.ofHours(1));

  /** One attempt, and no other. */
  public static final RetryPolicy NEVER =
      new RetryPolicy(1, Duration.ofMinutes(1), Duration.ofMinutes(1));

  /** Requires at least one attempt, and waits that are some. */
  public RetryPolicy {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(longest, "longest");
    if (attempts < 1) {
      throw new IllegalArgumentException(
          "A firing cannot have " + attempts + " attempts. Write at least 1");
    }
    if (first.toMillis() < 1 || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "The wait after the first attempt, "
              + first
              + ", must be at least a millisecond and at most the longest, "
              + longest);
    }
  }

  /** How long to wait after an attempt. */
  Duration waitAfter(int attempt) {
    Duration wait = first;
    for (int i = 1; i < attempt && wait.compareTo(longest) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return wait.compareTo(longest) < 0 ? wait : longest;
  }
}
