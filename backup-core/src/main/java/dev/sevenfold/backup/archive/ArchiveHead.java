package dev.sevenfold.backup.archive;

import java.util.Objects;

/**
 * What the head of an archive tells without reading the rest. Immutable.
 *
 * @param manifest what the archive says of itself
 * @param digest which archive it is
 */
public record ArchiveHead(ArchiveManifest manifest, ArchiveDigest digest) {

  /** Requires both. */
  public ArchiveHead {
    Objects.requireNonNull(manifest, "manifest");
    Objects.requireNonNull(digest, "digest");
  }
}
