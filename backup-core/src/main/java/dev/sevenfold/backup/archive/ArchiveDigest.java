package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.io.Sha256;

/**
 * The identity of an archive: the SHA-256 of its manifest's bytes. Since the manifest holds the
 * digest of everything else, archives of one digest have one content. Immutable.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record ArchiveDigest(String hex) {

  /** Refuses what is not 64 lower-case hexadecimal digits. */
  public ArchiveDigest {
    Sha256.requireHex(hex, "The archive's digest");
  }

  static ArchiveDigest ofManifest(byte[] manifest) {
    return new ArchiveDigest(Sha256.hexOf(manifest));
  }

  @Override
  public String toString() {
    return hex;
  }
}
