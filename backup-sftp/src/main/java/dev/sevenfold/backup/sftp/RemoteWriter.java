package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.sftp.Sftp.Pending;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.sshd.sftp.client.SftpClient.Handle;

/** Writes a new file in chunks, many of them under way. Use from one thread. */
final class RemoteWriter extends OutputStream {

  /** How much may be sent and not yet acknowledged. */
  private static final int WINDOW_BYTES = 4 << 20;

  private final Sftp sftp;
  private final Handle handle;
  private final int window;
  private final Deque<Pending<Boolean>> writing = new ArrayDeque<>();
  private final byte[] buffer;
  private int filled;
  private long position;

  /**
   * @param handle of a new file, opened for writing
   */
  RemoteWriter(Sftp sftp, Handle handle) {
    this.sftp = sftp;
    this.handle = handle;
    this.window = Math.max(WINDOW_BYTES / sftp.chunkLength(), 1);
    this.buffer = new byte[sftp.chunkLength()];
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int part = Math.min(end - at, buffer.length - filled);
      System.arraycopy(bytes, at, buffer, filled, part);
      at += part;
      filled += part;
      if (filled == buffer.length) {
        send();
      }
    }
  }

  /** Does nothing: a chunk is sent when it is full, the last one by {@link #finish}. */
  @Override
  public void flush() {}

  /** Returns once the server has acknowledged everything. */
  void finish() throws IOException {
    if (filled > 0) {
      send();
    }
    while (!writing.isEmpty()) {
      writing.remove().answer();
    }
  }

  private void send() throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("Interrupted after " + position + " bytes of an upload");
    }
    writing.add(sftp.sendWrite(handle, position, buffer, filled));
    position += filled;
    filled = 0;
    if (writing.size() >= window) {
      writing.remove().answer();
    }
  }
}
