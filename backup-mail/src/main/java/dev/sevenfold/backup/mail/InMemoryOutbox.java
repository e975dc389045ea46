package dev.sevenfold.backup.mail;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An outbox in memory, for tests and first steps: with the process goes every mail. Thread-safe.
 */
public final class InMemoryOutbox implements Outbox {

  static final Comparator<OutboxItem> OLDEST_FIRST =
      Comparator.comparing(OutboxItem::createdAt).thenComparing(OutboxItem::id);

  private final int most;
  private final Map<String, OutboxItem> items = new HashMap<>();

  private InMemoryOutbox(int most) {
    this.most = most;
  }

  /** An empty outbox that holds up to {@code most} items. */
  public static InMemoryOutbox holding(int most) {
    return new InMemoryOutbox(requireMost(most));
  }

  static int requireMost(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("An outbox holds at least one item, not " + most);
    }
    return most;
  }

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public synchronized boolean put(OutboxItem item) {
    if (items.size() >= most && !items.containsKey(item.id())) {
      return false;
    }
    items.put(item.id(), item);
    return true;
  }

  @Override
  public synchronized void replace(Collection<String> ids, List<OutboxItem> replacements) {
    items.keySet().removeAll(ids);
    replacements.forEach(item -> items.put(item.id(), item));
  }

  @Override
  public synchronized List<OutboxItem> due(Instant now) {
    return list().stream().filter(item -> !item.dueAt().isAfter(now)).toList();
  }

  @Override
  public synchronized Optional<Instant> nextDue() {
    return items.values().stream().map(OutboxItem::dueAt).min(Comparator.naturalOrder());
  }

  @Override
  public synchronized List<OutboxItem> list() {
    return items.values().stream().sorted(OLDEST_FIRST).toList();
  }

  @Override
  public synchronized void remove(String id) {
    items.remove(id);
  }

  @Override
  public void close() {
    // Items stay: a test may look at them afterwards.
  }
}
