package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.error.ArchiveNotReadable;

/**
 * How much an archive may ask for: an archive that somebody sent in is untrusted. Immutable.
 *
 * <p>What counts is how many bytes it says it holds: not one more is ever taken out of it, and none
 * before there is room for all. How tightly they are compressed says nothing: a sparse file is
 * honest, and thousands of times as large as what is left of it.
 *
 * @param maxBytes of all entries together
 * @param maxEntries beside the manifest: files, folders and links
 */
public record ArchiveLimits(long maxBytes, int maxEntries) {

  /**
   * 1 TiB in a million entries: a limit that is only met at a restore is met too late. Choose lower
   * ones for archives that come from outside.
   */
  public static final ArchiveLimits DEFAULT = new ArchiveLimits(1L << 40, 1_000_000);

  /** Refuses limits that nothing could pass. */
  public ArchiveLimits {
    if (maxBytes < 1 || maxEntries < 1) {
      throw new IllegalArgumentException(
          "No archive is within %d bytes and %d entries".formatted(maxBytes, maxEntries));
    }
  }

  /** These limits, with another number of bytes. */
  public ArchiveLimits withMaxBytes(long bytes) {
    return new ArchiveLimits(bytes, maxEntries);
  }

  /** These limits, with another number of entries. */
  public ArchiveLimits withMaxEntries(int entries) {
    return new ArchiveLimits(maxBytes, entries);
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

  private static ArchiveNotReadable exceeded(String what) {
    return new ArchiveNotReadable(
        "The archive holds " + what,
        "If it is known to be honest, raise the ArchiveLimits of the reader");
  }
}
