package dev.sevenfold.backup.tenant;

import dev.sevenfold.backup.error.Printable;
import java.util.Objects;

/**
 * The key of one tenant, as text: what the root table's key column holds, {@code 42} or {@code
 * acme} or a UUID. A key that is a blob is written in lower-case hexadecimal. Immutable.
 *
 * <p>Any text but the empty one is an id; whether a label can be made of it is the {@link
 * TenantLabeler}'s to say.
 */
public record TenantId(String value) implements Comparable<TenantId> {

  /** Refuses the empty text. */
  public TenantId {
    Objects.requireNonNull(value, "value");
    if (value.isEmpty()) {
      throw new IllegalArgumentException("A tenant id must not be empty");
    }
  }

  /** The tenant whose key reads {@code value}. */
  public static TenantId of(String value) {
    return new TenantId(value);
  }

  /** The tenant with this numeric key. */
  public static TenantId of(long value) {
    return new TenantId(Long.toString(value));
  }

  @Override
  public int compareTo(TenantId other) {
    return value.compareTo(other.value);
  }

  /** The id for people, {@link Printable}; {@link #value()} is what it is. */
  @Override
  public String toString() {
    return Printable.of(value);
  }
}
