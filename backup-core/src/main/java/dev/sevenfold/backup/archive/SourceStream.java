package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The compressed bytes of an archive, from wherever they come. Counts them, and remembers its own
 * failure: whatever a decompressor makes of a lost connection, it is not a corrupt archive.
 *
 * <p>Does not close the stream below, which belongs to the caller. Use from one thread.
 */
final class SourceStream extends InputStream {

  // A gzip header with a file name of gigabytes would be kept in memory; no honest stream has so
  // many bytes without content.
  private static final int MOST_WITHOUT_CONTENT = 1 << 20;

  private final InputStream in;
  private long count;
  private long countAtContent;
  // The last bytes may be a seal of those before them.
  private final MessageDigest digest = Sha256.digest();
  private byte[] end = new byte[0];
  private @Nullable Exception failure;

  SourceStream(InputStream in) {
    this.in = in;
  }

  /** Tells that what was read has turned out to hold content. */
  void heldContent() {
    countAtContent = count;
  }

  /** What this stream failed with, in the words of the caller; empty if it did not fail. */
  Optional<RuntimeException> failure() {
    return Optional.ofNullable(failure)
        .map(cause -> cause instanceof RuntimeException unchecked ? unchecked : explain(cause));
  }

  private RuntimeException explain(Exception cause) {
    boolean interrupted =
        cause instanceof InterruptedIOException || cause instanceof ClosedByInterruptException;
    if (interrupted && Thread.currentThread().isInterrupted()) {
      return Interrupts.failure("Reading the archive", cause);
    }
    return new StoreUnavailable(
        "Reading the archive failed after %d bytes: %s".formatted(count, cause),
        "Try again; the archive itself may be in order",
        cause);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (count - countAtContent > MOST_WITHOUT_CONTENT) {
      throw Corrupt.archive(
          "The archive is damaged: %d bytes of it hold nothing".formatted(count - countAtContent));
    }
    try {
      int n = in.read(bytes, offset, length);
      if (n > 0) {
        count += n;
        keepEnd(bytes, offset, n);
      }
      return n;
    } catch (IOException | RuntimeException e) {
      failure = e;
      throw e;
    }
  }

  private void keepEnd(byte[] bytes, int offset, int length) {
    byte[] all = Arrays.copyOf(end, end.length + length);
    System.arraycopy(bytes, offset, all, end.length, length);
    int passed = Math.max(0, all.length - Seal.MOST_BYTES);
    digest.update(all, 0, passed);
    end = Arrays.copyOfRange(all, passed, all.length);
  }

  /** Compares what was read, to its end, with its seal, if it has one. To be called once. */
  void check(Seal seal) {
    seal.check(digest, end);
  }

  /** Leaves the stream below open. */
  @Override
  public void close() {}
}
