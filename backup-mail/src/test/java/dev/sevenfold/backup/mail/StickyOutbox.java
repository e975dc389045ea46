package dev.sevenfold.backup.mail;

import java.io.IOException;
import java.util.List;

/** An outbox that cannot remove items of one kind. Use from one thread at a time. */
final class StickyOutbox implements Outbox {

  private final Outbox inner = InMemoryOutbox.holding(100);
  private volatile String stuck = "";

  void stuckAt(String kind) {
    stuck = kind;
  }

  @Override
  public String describe() {
    return "sticky";
  }

  @Override
  public boolean put(OutboxItem item) {
    return inner.put(item);
  }

  @Override
  public List<OutboxItem> list() {
    return inner.list();
  }

  @Override
  public void remove(String id) {
    if (inner.list().stream().anyMatch(item -> item.id().equals(id) && item.kind().equals(stuck))) {
      throw new OutboxFailed("It sticks", new IOException("read-only"));
    }
    inner.remove(id);
  }

  @Override
  public void close() {
    inner.close();
  }
}
