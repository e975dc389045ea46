package dev.sevenfold.backup.mail;

import java.io.IOException;

/** An outbox that cannot remove items of one kind. Use from one thread at a time. */
final class StickyOutbox extends PassingOutbox {

  private volatile String stuck = "";

  StickyOutbox() {
    super(InMemoryOutbox.holding(100));
  }

  void stuckAt(String kind) {
    stuck = kind;
  }

  @Override
  public void remove(String id) {
    if (list().stream().anyMatch(item -> item.id().equals(id) && item.kind().equals(stuck))) {
      throw new OutboxFailed("It sticks", new IOException("read-only"));
    }
    super.remove(id);
  }
}
