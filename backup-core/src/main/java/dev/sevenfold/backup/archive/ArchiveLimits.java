package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.error.ArchiveNotReadable;

/**
 * How much an archive may ask for: an archive that somebody sent in is untrusted. Immutable.
 *
 * @param maxBytes of all entries together
 * @param maxEntries beside the manifest: files, folders and links
 * @param maxRatio how many bytes may come out of one compressed byte, once more than {@code
 *     ratioFloor} bytes have come out
 * @param ratioFloor how many bytes may come out at any ratio
 */
public record ArchiveLimits(long maxBytes, int maxEntries, int maxRatio, long ratioFloor) {

  /**
   * 1 TiB in a million entries. The ratio is just beyond what gzip can reach, 1,032, so that no
   * honest {@code .tar.gz} is ever refused for it: a limit that is only met at a restore is met too
   * late. Choose lower ones for archives that come from outside.
   */
  public static final ArchiveLimits DEFAULT =
      new ArchiveLimits(1L << 40, 1_000_000, 1_100, 64L << 20);

  /** Refuses limits that nothing could pass. */
  public ArchiveLimits {
    if (maxBytes < 1 || maxEntries < 1 || maxRatio < 1 || ratioFloor < 0) {
      throw new IllegalArgumentException(
          "No archive is within %d bytes, %d entries, and a ratio of %d beyond %d bytes"
              .formatted(maxBytes, maxEntries, maxRatio, ratioFloor));
    }
  }

  /** These limits, with another number of bytes. */
  public ArchiveLimits withMaxBytes(long bytes) {
    return new ArchiveLimits(bytes, maxEntries, maxRatio, ratioFloor);
  }

  /** These limits, with another number of entries. */
  public ArchiveLimits withMaxEntries(int entries) {
    return new ArchiveLimits(maxBytes, entries, maxRatio, ratioFloor);
  }

  /** These limits, with another ratio, from another number of bytes on. */
  public ArchiveLimits withMaxRatio(int ratio, long floor) {
    return new ArchiveLimits(maxBytes, maxEntries, ratio, floor);
  }

  /** Refuses what the manifest asks for beyond these limits. */
  void check(ArchiveManifest manifest) {
    if (manifest.bytes() > maxBytes) {
      throw exceeded("%d bytes; the limit is %d".formatted(manifest.bytes(), maxBytes));
    }
    if (manifest.members() > maxEntries) {
      throw exceeded("%d entries; the limit is %d".formatted(manifest.members(), maxEntries));
    }
  }

  /** Refuses a stream that has grown beyond what these limits let it. */
  void checkRatio(long compressed, long decompressed) {
    if (decompressed > ratioFloor && decompressed / maxRatio > compressed) {
      throw exceeded(
          "more than %d times as many bytes as it has itself, %d; that is the limit beyond %d bytes"
              .formatted(maxRatio, compressed, ratioFloor));
    }
  }

  private static ArchiveNotReadable exceeded(String what) {
    return new ArchiveNotReadable(
        "The archive holds " + what,
        "If it is known to be honest, raise the ArchiveLimits of the reader");
  }
}
