package dev.sevenfold.backup.archive;

import java.io.IOException;
import java.io.InputStream;

/**
 * The decompressed bytes of an archive. Gives no more of them than it was told to, so that nothing
 * that reads from here can be made to read, or keep, without end. Use from one thread.
 */
final class ContentStream extends InputStream {

  private final InputStream in;
  private final SourceStream source;
  private long count;
  private long allowed;

  /** Closing it closes {@code in}. */
  ContentStream(InputStream in, SourceStream source) {
    this.in = in;
    this.source = source;
  }

  /** How many bytes were read. */
  long count() {
    return count;
  }

  /** Allows {@code bytes} more than were read so far, and not what was allowed before. */
  void allow(long bytes) {
    allowed = bytes;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (allowed == 0) {
      return requireEnd();
    }
    int n = in.read(bytes, offset, (int) Math.min(length, allowed));
    if (n > 0) {
      allowed -= n;
      count += n;
      source.heldContent();
    }
    return n;
  }

  private int requireEnd() throws IOException {
    if (in.read() >= 0) {
      throw Corrupt.archive("The archive is damaged: it goes on where a part of it must end");
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
