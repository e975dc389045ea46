package dev.sevenfold.examples.dashboard.host;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Slows down those who guess passwords: after five wrong ones for an address of mail, or thirty
 * from one place, everybody there has to wait, each time longer, up to a quarter of an hour. In
 * memory. Thread-safe.
 */
public final class LoginThrottle {

  private static final int PER_EMAIL = 5;
  private static final int PER_PLACE = 30;
  private static final int MOST_KEYS = 10_000;
  private static final Duration FIRST = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofMinutes(15);

  private record Failures(int count, Instant last) {}

  private final Clock clock;
  private final Map<String, Failures> failures = new HashMap<>();

  /** By a clock. */
  public LoginThrottle(Clock clock) {
    this.clock = clock;
  }

  /** How long to wait before the next attempt; empty if not at all. */
  public synchronized Optional<Duration> wait(String email, String place) {
    return Stream.of(wait(email(email), PER_EMAIL), wait(place(place), PER_PLACE))
        .max(Comparator.naturalOrder())
        .filter(left -> !left.isNegative() && !left.isZero());
  }

  private Duration wait(String key, int allowed) {
    Failures seen = failures.get(key);
    if (seen == null || seen.count() < allowed) {
      return Duration.ZERO;
    }
    int doublings = Math.min(seen.count() - allowed, 10);
    Duration wait = FIRST.multipliedBy(1L << doublings);
    Instant until = seen.last().plus(wait.compareTo(LONGEST) < 0 ? wait : LONGEST);
    return Duration.between(clock.instant(), until);
  }

  /** Remembers a wrong password. */
  public synchronized void failed(String email, String place) {
    Instant now = clock.instant();
    if (failures.size() > MOST_KEYS) {
      failures.values().removeIf(seen -> seen.last().plus(LONGEST).isBefore(now));
    }
    count(email(email), now);
    count(place(place), now);
  }

  private void count(String key, Instant now) {
    failures.merge(
        key,
        new Failures(1, now),
        (seen, one) ->
            seen.last().plus(LONGEST.multipliedBy(2)).isBefore(now)
                ? one
                : new Failures(seen.count() + 1, now));
  }

  /** Forgets the wrong passwords of a person who found the right one. */
  public synchronized void succeeded(String email) {
    failures.remove(email(email));
  }

  private static String email(String email) {
    return "email " + email.strip().toLowerCase(Locale.ROOT);
  }

  private static String place(String place) {
    return "place " + place;
  }
}
