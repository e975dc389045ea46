package dev.sevenfold.backup.mail;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Passes everything on, for tests to step in between. Thread-safe if the inner one is. */
class PassingOutbox implements Outbox {

  private final Outbox inner;

  PassingOutbox(Outbox inner) {
    this.inner = inner;
  }

  @Override
  public String describe() {
    return inner.describe();
  }

  @Override
  public boolean put(OutboxItem item) {
    return inner.put(item);
  }

  @Override
  public void replace(Collection<String> ids, List<OutboxItem> items) {
    inner.replace(ids, items);
  }

  @Override
  public List<OutboxItem> due(Instant now) {
    return inner.due(now);
  }

  @Override
  public Optional<Instant> nextDue() {
    return inner.nextDue();
  }

  @Override
  public List<OutboxItem> list() {
    return inner.list();
  }

  @Override
  public void remove(String id) {
    inner.remove(id);
  }

  @Override
  public void close() {
    inner.close();
  }
}
