package dev.sevenfold.backup.archive;

import java.util.Objects;

/**
 * What the head of an archive tells without reading the rest. Immutable.
 *
 * @param manifest what the archive says of itself
 * @param digest which archive it is
 * @param compression how it is compressed
 * @param signed whether one of the keys that the reader, or the writer, has signed the manifest;
 *     false where there are no keys to tell by
 */
public record ArchiveHead(
    ArchiveManifest manifest, ArchiveDigest digest, Compression compression, boolean signed) {

  /** Requires all parts. */
  public ArchiveHead {
    Objects.requireNonNull(manifest, "manifest");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(compression, "compression");
  }
}
