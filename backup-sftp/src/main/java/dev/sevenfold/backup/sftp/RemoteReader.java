package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.sftp.Sftp.Pending;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.client.SftpClient.Handle;

/**
 * Reads a file, ahead of its reader: little at first, for those who want no more than the head of
 * an archive, then more and more. Ends where the file's size says, never before. Use from one
 * thread.
 */
final class RemoteReader extends InputStream {

  private static final int WINDOW_BYTES = 4 << 20;

  /** A part that was asked for. */
  private record Part(long offset, int length, Pending<Optional<Buffer>> pending) {}

  private final Sftp sftp;
  private final Handle handle;
  private final long size;
  private final int largestWindow;
  private final Deque<Part> asked = new ArrayDeque<>();
  private Buffer got = new ByteArrayBuffer();
  private int window = 1;
  private long next;
  private boolean closed;

  /**
   * @param handle of the file, closed together with this stream
   * @param offset where to begin
   * @param size how many bytes the file has
   */
  RemoteReader(Sftp sftp, Handle handle, long offset, long size) {
    this.sftp = sftp;
    this.handle = handle;
    this.next = offset;
    this.size = size;
    this.largestWindow = Math.max(WINDOW_BYTES / sftp.chunkLength(), 1);
  }

  @Override
  public int read() throws IOException {
    return hasMore() ? got.getUByte() : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (!hasMore()) {
      return -1;
    }
    int part = Math.min(length, got.available());
    got.getRawBytes(bytes, offset, part);
    return part;
  }

  @Override
  public int available() {
    return got.available();
  }

  private boolean hasMore() throws IOException {
    if (closed) {
      throw new IOException("The stream from " + handle.getPath() + " is closed");
    }
    if (got.available() > 0) {
      return true;
    }
    ask();
    if (asked.isEmpty()) {
      return false;
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("Interrupted while reading " + handle.getPath());
    }
    take(asked.remove());
    return true;
  }

  private void ask() throws IOException {
    while (asked.size() < window && next < size) {
      int length = (int) Math.min(sftp.chunkLength(), size - next);
      asked.add(new Part(next, length, sftp.sendRead(handle, next, length)));
      next += length;
    }
  }

  private void take(Part part) throws IOException {
    got = part.pending.answer().orElseThrow(() -> endedAt(part.offset));
    window = Math.min(window * 2, largestWindow);
    if (got.available() < part.length) {
      // A server may give less than it was asked for; the rest comes before all that was asked for.
      long offset = part.offset + got.available();
      int length = part.length - got.available();
      asked.addFirst(new Part(offset, length, sftp.sendRead(handle, offset, length)));
    }
  }

  private IOException endedAt(long offset) {
    return new IOException(
        handle.getPath() + " ended after " + offset + " bytes, it should have " + size);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    asked.forEach(part -> part.pending.forget());
    asked.clear();
    sftp.closeUnanswered(handle);
  }
}
