package dev.sevenfold.backup.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds claims of nodes that died: those that have not beaten for a lease while this node watched.
 * Compares no clocks, so neither a clock that jumps nor two that differ can take a claim from a
 * node that lives. Use from one thread at a time.
 */
final class Watch {

  /** What was seen last of a claim, and since when it has not changed. */
  private record Seen(long beats, long since) {}

  private final Duration lease;
  private Map<String, Seen> seen = new HashMap<>();

  Watch(Duration lease) {
    this.lease = lease;
  }

  /** Looks at all claims of other nodes. */
  List<Claim> dead(List<Claim> claims, long nanos) {
    Map<String, Seen> current = new HashMap<>();
    List<Claim> dead = new ArrayList<>();
    for (Claim claim : claims) {
      Seen before = seen.get(claim.token());
      Seen now =
          before == null || before.beats() != claim.beats()
              ? new Seen(claim.beats(), nanos)
              : before;
      current.put(claim.token(), now);
      if (nanos - now.since() >= lease.toNanos()) {
        dead.add(claim);
      }
    }
    seen = current;
    return dead;
  }
}
