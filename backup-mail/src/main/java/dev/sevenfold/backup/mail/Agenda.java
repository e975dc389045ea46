package dev.sevenfold.backup.mail;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which items there are and when each is due, without what they say: thousands of them are looked
 * through without reading one. Use under a lock.
 */
final class Agenda {

  private record Entry(Instant dueAt, String id) {}

  private final Map<String, Entry> entries = new HashMap<>();
  private final NavigableSet<Entry> order =
      new TreeSet<>(Comparator.comparing(Entry::dueAt).thenComparing(Entry::id));

  void set(OutboxItem item) {
    drop(item.id());
    Entry entry = new Entry(item.dueAt(), item.id());
    entries.put(item.id(), entry);
    order.add(entry);
  }

  void drop(String id) {
    Entry entry = entries.remove(id);
    if (entry != null) {
      order.remove(entry);
    }
  }

  void setAll(Collection<OutboxItem> items) {
    entries.clear();
    order.clear();
    items.forEach(this::set);
  }

  boolean has(String id) {
    return entries.containsKey(id);
  }

  int size() {
    return entries.size();
  }

  List<String> due(Instant now) {
    return order.stream().takeWhile(entry -> !entry.dueAt().isAfter(now)).map(Entry::id).toList();
  }

  Optional<Instant> next() {
    return order.isEmpty() ? Optional.empty() : Optional.of(order.first().dueAt());
  }
}
