package dev.sevenfold.backup.store;

import dev.sevenfold.backup.tenant.Label;
import java.util.Objects;

/**
 * One archive as a store lists it. Immutable.
 *
 * @param label its name
 * @param sizeBytes its length as it is stored
 * @param record what is known about it beside its content
 */
public record StoredArchive(Label label, long sizeBytes, ArchiveRecord record) {

  /** Requires all parts. */
  public StoredArchive {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(record, "record");
    if (sizeBytes < 0) {
      throw new IllegalArgumentException(
          "Archive " + label + " cannot have " + sizeBytes + " bytes");
    }
  }
}
