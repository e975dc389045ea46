package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * An archive on its way from one replica to the next. Fails before the upload is over if the first
 * replica gives back something else than it was given, so that a bad copy is never published. Use
 * from one thread.
 */
final class CopyContent implements ArchiveStore.Content {

  private final StoredArchive archive;
  private final InputStream in;
  private final Optional<byte[]> sha256;
  private byte[] sent = {};

  /** {@code sha256}, where it is known, is that of the bytes that were published. */
  CopyContent(StoredArchive archive, InputStream in, Optional<byte[]> sha256) {
    this.archive = archive;
    this.in = in;
    this.sha256 = sha256;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    MessageDigest digest = Sha256.digest();
    long size = new DigestInputStream(in, digest).transferTo(out);
    if (size != archive.sizeBytes()) {
      throw corrupt("%d bytes were read of %d".formatted(size, archive.sizeBytes()));
    }
    sent = digest.digest();
    if (sha256.isPresent() && !MessageDigest.isEqual(sent, sha256.get())) {
      throw corrupt("other bytes were read than were written");
    }
  }

  /** Whether the copy has the bytes that were sent. */
  boolean isWhatComesBack(InputStream copy) throws IOException {
    MessageDigest digest = Sha256.digest();
    new DigestInputStream(copy, digest).transferTo(OutputStream.nullOutputStream());
    return MessageDigest.isEqual(digest.digest(), sent);
  }

  private ArchiveCorrupt corrupt(String what) {
    return new ArchiveCorrupt(
        "Archive " + archive.label() + " was not copied, because " + what,
        "Check the first replica's disk, and back up again");
  }
}
