package dev.sevenfold.backup.memory;

import dev.sevenfold.backup.link.LinkId;
import dev.sevenfold.backup.link.LinkStore;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is known of links, in memory, for tests and first steps: with the process goes every
 * revocation. Thread-safe.
 */
public final class InMemoryLinkStore implements LinkStore {

  private record Count(int downloads, Instant expiresAt) {}

  private final Set<LinkId> revoked = new HashSet<>();
  private final Map<TenantId, Long> rounds = new HashMap<>();
  private final Map<LinkId, Count> counts = new HashMap<>();

  /** Knows of nothing. */
  public InMemoryLinkStore() {}

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public synchronized State state(LinkId id, TenantId tenant) {
    return new State(revoked.contains(id), downloads(id), round(tenant));
  }

  private int downloads(LinkId id) {
    Count count = counts.get(id);
    return count == null ? 0 : count.downloads();
  }

  @Override
  public synchronized long round(TenantId tenant) {
    return rounds.getOrDefault(tenant, 0L);
  }

  @Override
  public synchronized void revoke(LinkId id) {
    revoked.add(id);
  }

  @Override
  public synchronized void revokeAll(TenantId tenant) {
    rounds.merge(tenant, 1L, Long::sum);
  }

  @Override
  public synchronized boolean count(LinkId id, int most, Instant expiresAt) {
    int before = downloads(id);
    if (before >= most) {
      return false;
    }
    counts.put(id, new Count(before + 1, expiresAt));
    return true;
  }

  @Override
  public synchronized void forgetCounts(Instant instant) {
    counts.values().removeIf(count -> count.expiresAt().isBefore(instant));
  }
}
