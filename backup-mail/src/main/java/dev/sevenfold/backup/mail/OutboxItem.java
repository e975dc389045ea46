package dev.sevenfold.backup.mail;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Something to be mailed: a notice that a mail is to be written of, or a mail that is to be sent.
 * Immutable. Its fields may hold addresses and links, so that {@link #toString()} leaves them out.
 *
 * @param id a file name: letters, digits and hyphens
 * @param kind what it is
 * @param createdAt since when it is there
 * @param dueAt when it is to be looked at
 * @param attempts how often that has failed
 * @param fields everything else
 */
public record OutboxItem(
    String id,
    String kind,
    Instant createdAt,
    Instant dueAt,
    int attempts,
    Map<String, String> fields) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,120}");

  /** Requires all parts, refuses an id that is no file name, and copies the fields. */
  public OutboxItem {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(dueAt, "dueAt");
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "The id of an item of the outbox has up to 120 letters, digits and hyphens, unlike "
              + OneLine.of(id));
    }
    if (attempts < 0) {
      throw new IllegalArgumentException("An item was attempted at least 0 times, not " + attempts);
    }
    fields = Map.copyOf(fields);
  }

  OutboxItem failedUntil(Instant next) {
    return new OutboxItem(id, kind, createdAt, next, attempts + 1, fields);
  }

  /** Whether there is a field that not every item of this kind has. */
  boolean has(String name) {
    return fields.containsKey(name);
  }

  /** A field that every item of this kind has. */
  String field(String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalStateException("The item %s of the outbox has no %s".formatted(id, name));
    }
    return value;
  }

  SortedMap<String, String> sortedFields() {
    return new TreeMap<>(fields);
  }

  /** Which it is, without what it says. */
  @Override
  public String toString() {
    return "OutboxItem[" + id + ", " + kind + ", attempts=" + attempts + ", dueAt=" + dueAt + "]";
  }
}
