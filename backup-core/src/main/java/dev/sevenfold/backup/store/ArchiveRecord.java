package dev.sevenfold.backup.store;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.ArchiveHead;
import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.Compression;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.retention.Lack;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of an archive without opening it: what it said of itself when it was published, and
 * what became of it since. An archive never changes; its record does. Immutable.
 *
 * @param verifiedAt when it was last read back from this store, restored into scratch space and
 *     found equal to what was backed up; empty if never, or if the last attempt found it damaged
 * @param pinned whether retention leaves it alone
 * @param hold of one that is pinned, why nobody may delete it; empty if anybody may who names it
 * @param trusted of one that was imported, whether it was signed or known here; {@link
 *     StoredArchive#untrusted} asks. Of others nobody does, and it is false
 * @param sequence the number of its publication among its owner's, 1 or more. Of an archive that
 *     was imported this alone says it, for its manifest counts where it was made; of others it
 *     repeats the manifest's. {@link StoredArchive#sequence} tells which counts. Empty if nobody
 *     noted it
 * @param summary what the archive says of itself. Empty if nobody has looked yet: it was published
 *     by an earlier version, or put into the store by hand
 */
public record ArchiveRecord(
    Optional<Instant> verifiedAt,
    boolean pinned,
    Optional<String> hold,
    boolean trusted,
    OptionalLong sequence,
    Optional<Summary> summary) {

  /** A record is a small file, and stays one. */
  private static final int LONGEST_HOLD = 200;

  /** Nothing is known: not verified, not pinned. */
  public static final ArchiveRecord NONE =
      new ArchiveRecord(
          Optional.empty(), false, Optional.empty(), false, OptionalLong.empty(), Optional.empty());

  /**
   * What an archive says of itself, as far as lists need it: its manifest names every file, and is
   * read when the archive is used. That it says so still is checked then. Immutable.
   *
   * @param owner whose it is: a tenant's, or the whole system's
   * @param capturedAt the instant of the snapshot, to the millisecond
   * @param sequence the number of its publication, where it was made
   * @param digest which archive it is
   * @param lack how much it lacks of what it should hold
   * @param bytes how many bytes its entries have
   * @param compression how it is compressed
   */
  public record Summary(
      ArchiveOwner owner,
      Instant capturedAt,
      OptionalLong sequence,
      ArchiveDigest digest,
      Lack lack,
      long bytes,
      Compression compression) {

    /** Requires all parts, and one owner. */
    public Summary {
      Objects.requireNonNull(owner, "owner");
      Objects.requireNonNull(capturedAt, "capturedAt");
      requireSequence(sequence);
      Objects.requireNonNull(digest, "digest");
      Objects.requireNonNull(lack, "lack");
      Objects.requireNonNull(compression, "compression");
      if (owner.equals(ArchiveOwner.anyone())) {
        throw new IllegalArgumentException("The archive " + digest + " has one owner, not any");
      }
    }

    /** What the archive says that begins like this. */
    public static Summary of(ArchiveHead head) {
      ArchiveManifest manifest = head.manifest();
      return new Summary(
          manifest.tenant().map(ArchiveOwner::tenant).orElseGet(ArchiveOwner::system),
          manifest.capturedAt(),
          manifest.sequence(),
          head.digest(),
          Lack.of(manifest),
          manifest.bytes(),
          head.compression());
    }

    /**
     * Whether both are of one archive: they say the same of what its manifest holds. How it is
     * compressed, and what is made of what it lacks, is no part of that.
     */
    public boolean isOfSameArchive(Summary other) {
      return digest.equals(other.digest)
          && owner.equals(other.owner)
          && capturedAt.equals(other.capturedAt)
          && sequence.equals(other.sequence)
          && bytes == other.bytes;
    }

    /** Which archive it is, for people. */
    @Override
    public String toString() {
      return "an archive of %s as of %s, with %s and the digest %s"
          .formatted(
              owner.tenant().map(id -> "tenant " + id).orElse("the whole system"),
              capturedAt,
              sequence.isPresent() ? "the number " + sequence.getAsLong() : "no number",
              digest);
    }
  }

  /** Requires all parts; a hold is a short line, and pins. */
  public ArchiveRecord {
    Objects.requireNonNull(verifiedAt, "verifiedAt");
    if (hold.isPresent()) {
      requireReason(hold.get(), pinned);
    }
    requireSequence(sequence);
    Objects.requireNonNull(summary, "summary");
  }

  private static void requireReason(String hold, boolean pinned) {
    if (hold.isBlank() || hold.length() > LONGEST_HOLD || !Printable.of(hold).equals(hold)) {
      throw new IllegalArgumentException(
          "The reason of a hold is one line of 1 to %d characters, unlike \"%s\""
              .formatted(LONGEST_HOLD, Printable.of(hold)));
    }
    if (!pinned) {
      throw new IllegalArgumentException("What is held (" + hold + ") is pinned, too");
    }
  }

  private static void requireSequence(OptionalLong sequence) {
    if (sequence.isPresent() && sequence.getAsLong() < 1) {
      throw new IllegalArgumentException("There is no sequence " + sequence.getAsLong());
    }
  }

  /** The record of an archive that is about to be published: not verified, not pinned. */
  public static ArchiveRecord of(ArchiveHead head) {
    return NONE.withSequence(head.manifest().sequence()).withSummary(Summary.of(head));
  }

  /** Whether the archive was verified. */
  public boolean verified() {
    return verifiedAt.isPresent();
  }

  /** This record, verified at {@code instant}. */
  public ArchiveRecord withVerifiedAt(Instant instant) {
    return new ArchiveRecord(Optional.of(instant), pinned, hold, trusted, sequence, summary);
  }

  /** This record, not verified. */
  public ArchiveRecord withoutVerification() {
    return new ArchiveRecord(Optional.empty(), pinned, hold, trusted, sequence, summary);
  }

  /** This record, pinned, with the hold that it has; or neither pinned nor held. */
  public ArchiveRecord withPinned(boolean value) {
    return new ArchiveRecord(
        verifiedAt, value, value ? hold : Optional.empty(), trusted, sequence, summary);
  }

  /**
   * This record, pinned, and held for this reason.
   *
   * @throws IllegalArgumentException if that is no line of 1 to 200 characters
   */
  public ArchiveRecord withHold(String reason) {
    return new ArchiveRecord(verifiedAt, true, Optional.of(reason), trusted, sequence, summary);
  }

  /** This record, of an import that was signed or known here, or not. */
  public ArchiveRecord withTrusted(boolean value) {
    return new ArchiveRecord(verifiedAt, pinned, hold, value, sequence, summary);
  }

  /** This record, with this sequence, or none. */
  public ArchiveRecord withSequence(OptionalLong value) {
    return new ArchiveRecord(verifiedAt, pinned, hold, trusted, value, summary);
  }

  /** This record, with what the archive says of itself. */
  public ArchiveRecord withSummary(Summary value) {
    return new ArchiveRecord(verifiedAt, pinned, hold, trusted, sequence, Optional.of(value));
  }

  /** This record, without what the archive says of itself. */
  public ArchiveRecord withoutSummary() {
    return new ArchiveRecord(verifiedAt, pinned, hold, trusted, sequence, Optional.empty());
  }
}
