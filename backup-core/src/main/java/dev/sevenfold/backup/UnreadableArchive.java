package dev.sevenfold.backup;

import dev.sevenfold.backup.tenant.Label;
import java.util.Objects;

/**
 * An archive that does not say any more whose it is and of when: its beginning is damaged. It is
 * known by its label alone, which may be wrong. It counts for nothing: retention neither keeps
 * others for it nor deletes it, and no restore takes it. Immutable.
 *
 * @param label the name it is kept under
 * @param sizeBytes its length in the store
 * @param pinned whether somebody pinned it
 * @param reason what is wrong with it
 */
public record UnreadableArchive(Label label, long sizeBytes, boolean pinned, String reason) {

  /** Requires all parts. */
  public UnreadableArchive {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(reason, "reason");
  }
}
