package dev.sevenfold.backup.mail;

import java.time.Instant;
import java.util.List;

/** Counts how many items were read. Use from one thread at a time. */
final class CountingOutbox extends PassingOutbox {

  private long read;

  CountingOutbox(Outbox inner) {
    super(inner);
  }

  long read() {
    return read;
  }

  @Override
  public List<OutboxItem> due(Instant now) {
    return counted(super.due(now));
  }

  @Override
  public List<OutboxItem> list() {
    return counted(super.list());
  }

  private List<OutboxItem> counted(List<OutboxItem> items) {
    read += items.size();
    return items;
  }
}
