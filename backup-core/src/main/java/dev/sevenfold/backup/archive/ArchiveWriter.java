package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.io.Sha256;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Writes archives, from the first byte to the last in one pass. The same manifest and content give
 * the same bytes. Immutable and thread-safe.
 *
 * <pre>{@code
 * ArchiveWriter writer = ArchiveWriter.withDefaults().signing(keys);
 * store.publish(label, out -> writer.write(manifest, contents, out, progress));
 * }</pre>
 */
public final class ArchiveWriter {

  private final Compression compression;
  private final Optional<SigningKeys> keys;

  private ArchiveWriter(Compression compression, Optional<SigningKeys> keys) {
    this.compression = Objects.requireNonNull(compression, "compression");
    this.keys = keys;
  }

  /** A writer that compresses with gzip and does not sign. */
  public static ArchiveWriter withDefaults() {
    return new ArchiveWriter(Compression.GZIP, Optional.empty());
  }

  /** This writer, with another compression. */
  public ArchiveWriter compressing(Compression with) {
    return new ArchiveWriter(with, keys);
  }

  /** This writer, signing with the current one of these keys. */
  public ArchiveWriter signing(SigningKeys with) {
    return new ArchiveWriter(compression, Optional.of(with));
  }

  /**
   * Writes one archive to {@code out}, which it does not close.
   *
   * <p>After an exception nothing more is written: what has been written so far is not a whole
   * archive, and no reader takes it for one.
   *
   * @param contents what the manifest lists; each entry's length and digest are checked on the way
   * @param progress hears the bytes of entries written so far, of {@link ArchiveManifest#bytes()}
   * @return the new archive's identity
   * @throws IOException if {@code out} failed, and only then
   * @throws BackupRefused if the manifest exceeds the bounds of the format; nothing was written
   * @throws OperationFailed if an entry cannot be read or is not what the manifest says of it, or
   *     the thread was interrupted
   */
  public ArchiveDigest write(
      ArchiveManifest manifest, EntryContents contents, OutputStream out, LongConsumer progress)
      throws IOException {
    byte[] json = ManifestJson.write(manifest);
    // Not the compressor's to close, and out of its reach after a failure.
    MessageDigest written = Sha256.digest();
    DetachableOutputStream target =
        new DetachableOutputStream(new DigestOutputStream(out, written));
    try (OutputStream compressed = compression.compress(target)) {
      try {
        writeTar(manifest, json, contents, compressed, progress);
      } catch (IOException | RuntimeException | Error e) {
        target.detach();
        throw e;
      }
    }
    compression.seal().write(out, written.digest());
    out.flush();
    return ArchiveDigest.ofManifest(json);
  }

  /**
   * What a reader will say of the archive that {@link #write} makes of this manifest.
   *
   * @throws BackupRefused if the manifest exceeds the bounds of the format
   */
  public ArchiveHead head(ArchiveManifest manifest) {
    return new ArchiveHead(
        manifest,
        ArchiveDigest.ofManifest(ManifestJson.write(manifest)),
        compression,
        keys.isPresent());
  }

  private void writeTar(
      ArchiveManifest manifest,
      byte[] json,
      EntryContents contents,
      OutputStream out,
      LongConsumer progress)
      throws IOException {
    TarWriter tar = new TarWriter(out, manifest.capturedAt());
    tar.add(ArchiveManifest.ENTRY_NAME, json);
    if (keys.isPresent()) {
      tar.add(ArchiveManifest.SIGNATURE_NAME, keys.get().sign(json));
    }
    long done = 0;
    for (Entry entry : manifest.entries()) {
      long before = done;
      tar.add(entry, contents, bytes -> progress.accept(before + bytes));
      done += entry.size();
    }
    for (Link link : manifest.links()) {
      tar.add(link);
    }
    // Last: a tar program would change a folder's time, or fail, by writing into it afterwards.
    for (Folder folder : manifest.folders()) {
      tar.add(folder);
    }
    tar.flush();
  }

  /**
   * Somebody else's stream: never closed from here, and out of reach once it is detached.
   *
   * <p>A compressor that is closed, so that it gives back its threads and memory, also writes its
   * end. After a failure that end must not reach the caller's stream: it would make a whole stream
   * of half an archive. Use from one thread.
   */
  private static final class DetachableOutputStream extends FilterOutputStream {

    DetachableOutputStream(OutputStream out) {
      super(out);
    }

    void detach() {
      out = OutputStream.nullOutputStream();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      // The one above writes byte by byte.
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
