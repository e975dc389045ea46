package dev.sevenfold.backup.source;

import java.util.Objects;

/**
 * How a restore goes about it. Immutable.
 *
 * @param collisions what to do about an id that another tenant's row has taken since
 */
public record RestoreOptions(Collisions collisions) {

  /** What to do about ids and unique values that belong to somebody else by now. */
  public enum Collisions {
    /** Refuse, with the list. */
    REFUSE,
    /** Give the restored rows new ids and rewrite every reference to them. */
    REMAP
  }

  /** Refuses collisions. */
  public static final RestoreOptions DEFAULT = new RestoreOptions(Collisions.REFUSE);

  /** Requires all parts. */
  public RestoreOptions {
    Objects.requireNonNull(collisions, "collisions");
  }
}
