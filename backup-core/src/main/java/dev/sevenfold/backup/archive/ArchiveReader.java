package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Reads archives, and lets nothing through that is not exactly what the manifest says. An archive
 * is untrusted input: no name leads out of the folder, sizes are bounded, and nothing is made but
 * files, and of a system's trees folders, and links that stay in their tree. Immutable and
 * thread-safe.
 *
 * <p>All methods read a stream of the caller, from its first byte on, and leave it open. What they
 * throw says what the caller can do:
 *
 * <ul>
 *   <li>{@link ArchiveCorrupt}: the archive is cut, damaged, forged, hostile, or no archive at all.
 *       With keys: also if its signature is not what its key makes.
 *   <li>{@link ArchiveNotReadable}: it is of a newer format, or beyond the limits; where keys are
 *       {@linkplain #requiring required}, not signed, or with another one. It may be sound.
 *   <li>{@link StoreUnavailable}: the stream failed, so that nothing is known about the archive.
 *   <li>{@link OperationFailed}: the disk is full or cannot be written, or the thread was
 *       interrupted.
 * </ul>
 */
public final class ArchiveReader {

  private final ArchiveLimits limits;
  private final Optional<SigningKeys> keys;
  private final boolean signedOnly;

  private ArchiveReader(ArchiveLimits limits, Optional<SigningKeys> keys, boolean signedOnly) {
    this.limits = Objects.requireNonNull(limits, "limits");
    this.keys = keys;
    this.signedOnly = signedOnly;
  }

  /** A reader with {@link ArchiveLimits#DEFAULT}, which does not look at signatures. */
  public static ArchiveReader withDefaults() {
    return new ArchiveReader(ArchiveLimits.DEFAULT, Optional.empty(), false);
  }

  /** This reader, with other limits. */
  public ArchiveReader limitedTo(ArchiveLimits other) {
    return new ArchiveReader(other, keys, signedOnly);
  }

  /** This reader, refusing every archive that none of these keys signed. */
  public ArchiveReader requiring(SigningKeys signedBy) {
    return new ArchiveReader(limits, Optional.of(signedBy), true);
  }

  /**
   * This reader, telling which archives these keys signed. It reads all others too: those that are
   * not signed, and those that another key signed.
   */
  public ArchiveReader recognising(SigningKeys signedBy) {
    return new ArchiveReader(limits, Optional.of(signedBy), false);
  }

  /** Whether every archive that it reads is known to be signed. */
  public boolean requiresSignature() {
    return signedOnly;
  }

  /**
   * Reads the head of an archive and stops there. What the manifest says of the rest is not yet
   * verified; with keys, it is known who said it.
   */
  public ArchiveHead readHead(InputStream in) {
    try (ArchiveInput archive = ArchiveInput.open(in)) {
      return head(archive);
    }
  }

  /** Reads all of an archive and checks it as {@link #extract} does, writing nothing. */
  public ArchiveHead verify(InputStream in, LongConsumer progress) {
    return readAll(in, EntryTarget.NOWHERE, progress);
  }

  /**
   * Extracts an archive, checking every byte against the manifest. When this returns, {@code
   * folder} holds the entries of the manifest, whole, and nothing else; files and folders are for
   * their owner alone to read, where the file system knows owners. The manifest itself is not
   * written, and the modes and times in it are the caller's to set.
   *
   * <p>When it throws, the folder is as empty as before.
   *
   * @param folder an empty folder of the caller
   * @param progress hears the bytes of entries extracted so far, of {@link ArchiveManifest#bytes()}
   */
  public ArchiveHead extract(InputStream in, Path folder, LongConsumer progress) {
    return extract(in, EntryPlaces.in(folder), progress);
  }

  /** As {@link #extract(InputStream, Path, LongConsumer)}, with entries that go elsewhere. */
  public ArchiveHead extract(InputStream in, EntryPlaces places, LongConsumer progress) {
    return readAll(in, new ExtractionFolder(places), progress);
  }

  private ArchiveHead readAll(InputStream in, EntryTarget target, LongConsumer progress) {
    try (ArchiveInput archive = ArchiveInput.open(in)) {
      try {
        return readAll(archive, target, progress);
      } catch (ArchiveNotReadable e) {
        archive.requireSealed();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      target.discard(e);
      throw e;
    }
  }

  private ArchiveHead readAll(ArchiveInput archive, EntryTarget target, LongConsumer progress) {
    ArchiveHead head = head(archive);
    if (keys.isEmpty()) {
      archive.signature(); // which is there or not, and of no use without a key
    }
    limits.check(head.manifest());
    target.prepare(head.manifest());
    long done = 0;
    for (Entry entry : head.manifest().entries()) {
      long before = done;
      archive.entry(entry, target, bytes -> progress.accept(before + bytes));
      done += entry.size();
    }
    for (Link link : head.manifest().links()) {
      archive.link(link, target);
    }
    for (Folder folder : head.manifest().folders()) {
      archive.folder(folder, target);
    }
    archive.end();
    return head;
  }

  private ArchiveHead head(ArchiveInput archive) {
    byte[] manifest = archive.manifest();
    // Before anything in the manifest is believed.
    boolean signed = isSigned(archive, manifest);
    return new ArchiveHead(
        ManifestJson.read(manifest),
        ArchiveDigest.ofManifest(manifest),
        archive.compression(),
        signed);
  }

  /** The one place that says what is made of an archive that no key of ours has signed. */
  private boolean isSigned(ArchiveInput archive, byte[] manifest) {
    if (keys.isEmpty()) {
      return false;
    }
    Optional<byte[]> line = archive.signature();
    if (signedOnly) {
      byte[] signature =
          line.orElseThrow(
              () ->
                  new ArchiveNotReadable(
                      "The archive is not signed, and only signed ones are accepted",
                      "Read it without signing keys, if you trust where it comes from"));
      keys.get().verify(signature, manifest);
      return true;
    }
    return line.isPresent() && keys.get().recognise(line.get(), manifest);
  }
}
