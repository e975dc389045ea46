package dev.sevenfold.backup.mail;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Keeps what is still to be mailed, so that it survives a restart. {@link FolderOutbox} is the one
 * to use; implement this to keep it in a database.
 *
 * <p>What every outbox promises: an item that it took is there until {@link #remove} or {@link
 * #replace}, whole, also after a crash; it holds a limited number of items; one mailer uses it at a
 * time. Thread-safe.
 */
public interface Outbox extends AutoCloseable {

  /** Where it is, for people. Holds no secret. */
  String describe();

  /**
   * Keeps an item, in the place of one with the same id, if there is one. Returns once it is
   * durable.
   *
   * @return whether it was kept; false if the outbox is full, and has none with this id
   * @throws OutboxFailed if it could not be written; one with the same id is as it was
   */
  boolean put(OutboxItem item);

  /**
   * Keeps items in the place of others, also where it is full: what is there already must be able
   * to go on. Returns once it is durable. After a crash on the way some of both may be there.
   *
   * @param ids of those that go; one that is not there is no mistake
   * @param items what comes; each in the place of one with the same id, if there is one
   * @throws OutboxFailed if it could not be written; those that were to go may be there still
   */
  void replace(Collection<String> ids, List<OutboxItem> items);

  /**
   * What is to be looked at, the oldest first.
   *
   * @throws OutboxFailed as {@link #list}
   */
  List<OutboxItem> due(Instant now);

  /** When something is due next, be it in the past; empty if there is nothing. */
  Optional<Instant> nextDue();

  /**
   * Everything there is, the oldest first.
   *
   * @throws OutboxFailed if it could not be read; one item that is damaged is set aside instead
   */
  List<OutboxItem> list();

  /**
   * Forgets an item; does nothing if there is none.
   *
   * @throws OutboxFailed if it could not be removed
   */
  void remove(String id);

  /** Lets it go, for another mailer to use. */
  @Override
  void close();
}
