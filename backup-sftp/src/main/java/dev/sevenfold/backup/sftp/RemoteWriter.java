package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.sftp.SftpChannel.Pending;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Writes a new file in chunks, many of them under way, and reads each one back as soon as it is
 * written: what was sent and what the server has are compared byte by byte. Reading goes the other
 * way on the line, so where that is the bottleneck the proof takes hardly any time of its own. Use
 * from one thread.
 */
final class RemoteWriter extends OutputStream {

  /** How much may be sent and not yet acknowledged, and as much again not yet read back. */
  private static final int WINDOW_BYTES = 4 << 20;

  /** A chunk on its way. */
  private static final class Chunk {
    final long offset;
    final byte[] bytes;
    final int length;
    final Pending pending;

    Chunk(long offset, byte[] bytes, int length, Pending pending) {
      this.offset = offset;
      this.bytes = bytes;
      this.length = length;
      this.pending = pending;
    }
  }

  private final Sftp sftp;
  private final Handle handle;
  private final int window;
  private final Deque<Chunk> writing = new ArrayDeque<>();
  private final Deque<Chunk> reading = new ArrayDeque<>();
  private final Deque<byte[]> spare = new ArrayDeque<>();
  private final byte[] readBack;
  private byte[] buffer;
  private int filled;
  private long position;

  /**
   * @param handle of a new file, opened for writing and reading
   */
  RemoteWriter(Sftp sftp, Handle handle) {
    this.sftp = sftp;
    this.handle = handle;
    this.window = Math.max(WINDOW_BYTES / sftp.chunkLength(), 1);
    this.readBack = new byte[sftp.chunkLength()];
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

  /** Returns once everything is written and read back. */
  void finish() throws IOException {
    if (filled > 0) {
      send();
    }
    while (!writing.isEmpty()) {
      acknowledge(writing.remove());
    }
    while (!reading.isEmpty()) {
      compare(reading.remove());
    }
  }

  private void send() throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("Interrupted after " + position + " bytes of an upload");
    }
    Pending pending = sftp.sendWrite(handle, position, buffer, filled);
    writing.add(new Chunk(position, buffer, filled, pending));
    position += filled;
    filled = 0;
    buffer = spare.isEmpty() ? new byte[sftp.chunkLength()] : spare.remove();
    if (writing.size() >= window) {
      acknowledge(writing.remove());
    }
  }

  private void acknowledge(Chunk chunk) throws IOException {
    sftp.reply("Writing " + handle.path(), chunk.pending).done();
    Pending pending = sftp.sendRead(handle, chunk.offset, chunk.length);
    reading.add(new Chunk(chunk.offset, chunk.bytes, chunk.length, pending));
    if (reading.size() >= window) {
      compare(reading.remove());
    }
  }

  private void compare(Chunk chunk) throws IOException {
    Pending pending = chunk.pending;
    int done = 0;
    while (true) {
      int rest = chunk.length - done;
      int got = sftp.reply("Reading " + handle.path() + " back", pending).readInto(readBack, rest);
      if (got < 0 || !Arrays.equals(readBack, 0, got, chunk.bytes, done, done + got)) {
        throw new IOException(
            "The server gave back other bytes than it was sent, between byte "
                + (chunk.offset + done)
                + " and byte "
                + (chunk.offset + chunk.length)
                + " of "
                + handle.path());
      }
      done += got;
      if (done == chunk.length) {
        break;
      }
      // A server may give less than it was asked for.
      pending = sftp.sendRead(handle, chunk.offset + done, chunk.length - done);
    }
    spare.add(chunk.bytes);
  }
}
