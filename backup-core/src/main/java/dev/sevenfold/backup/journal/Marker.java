package dev.sevenfold.backup.journal;

import java.util.UUID;

/**
 * A table that is there from the commit of a restore's rows until its files are in their places.
 * The transaction that writes the rows makes it, so it says to whoever comes next whether they are
 * committed. Immutable.
 *
 * @param table its name, which no other restore has
 */
public record Marker(String table) {

  private static final String PREFIX = "sevenfold_restore_";
  private static final int SHOWN = PREFIX.length() + 12;

  /** One that was never used. */
  static Marker fresh() {
    return new Marker(PREFIX + UUID.randomUUID().toString().replace("-", ""));
  }

  /** Whether a table is the marker of some restore, whosoever's. */
  public static boolean isMarker(String table) {
    return table.startsWith(PREFIX);
  }

  /** What is enough of the name to tell it from others. */
  String shown() {
    return table.substring(0, SHOWN);
  }
}
