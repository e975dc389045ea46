package dev.sevenfold.backup.testkit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Streams that fail at a given byte, and tell when they do, once. */
final class FaultyStreams {

  private FaultyStreams() {}

  /** What of an upload gets through. Use from one thread. */
  static final class Limit {

    private final Runnable struck;
    private long left;
    private boolean exceeded;

    Limit(long bytes, Runnable struck) {
      this.left = bytes;
      this.struck = struck;
    }

    boolean isExceeded() {
      return exceeded;
    }

    OutputStream on(OutputStream out) {
      return new OutputStream() {
        @Override
        public void write(int b) throws IOException {
          write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          int fitting = (int) Math.min(left, length);
          out.write(bytes, offset, fitting);
          left -= fitting;
          if (fitting < length || exceeded) {
            if (!exceeded) {
              struck.run();
            }
            exceeded = true;
            throw new IOException("The upload broke off, as scripted");
          }
        }

        @Override
        public void flush() throws IOException {
          out.flush();
        }
      };
    }
  }

  /** Reads {@code in}, which begins at {@code offset} of an archive, with a fault. */
  static InputStream reading(InputStream in, long offset, Fault fault, Runnable struck) {
    if (fault instanceof Fault.AfterBytes after) {
      return new Ending(in, after.bytes(), true, struck);
    }
    if (fault instanceof Fault.CutShort cut) {
      return new Ending(in, cut.bytes(), false, struck);
    }
    return fault instanceof Fault.CorruptByte corrupt
        ? new Corrupting(in, corrupt.offset() - offset, struck)
        : in;
  }

  /** Ends early, aloud or in silence. */
  private static final class Ending extends FilterInputStream {

    private final boolean aloud;
    private final Runnable struck;
    private long left;
    private boolean ended;

    Ending(InputStream in, long bytes, boolean aloud, Runnable struck) {
      super(in);
      this.left = bytes;
      this.aloud = aloud;
      this.struck = struck;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length > 0 && left == 0) {
        if (!ended) {
          ended = true;
          struck.run();
        }
        if (aloud) {
          throw new IOException("The download broke off, as scripted");
        }
        return -1;
      }
      int read = super.read(bytes, offset, (int) Math.min(left, length));
      left -= Math.max(read, 0);
      return read;
    }

    @Override
    public long skip(long n) throws IOException {
      long skipped = super.skip(Math.min(left, n));
      left -= skipped;
      return skipped;
    }

    @Override
    public int available() throws IOException {
      return (int) Math.min(left, super.available());
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }

  /** Gives one byte with its bits inverted. */
  private static final class Corrupting extends FilterInputStream {

    private final Runnable struck;
    private long until;

    Corrupting(InputStream in, long until, Runnable struck) {
      super(in);
      this.until = until;
      this.struck = struck;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      if (until >= 0 && until < read) {
        bytes[offset + (int) until] ^= (byte) 0xFF;
        struck.run();
      }
      until -= Math.max(read, 0);
      return read;
    }

    @Override
    public long skip(long n) throws IOException {
      long skipped = super.skip(n);
      until -= skipped;
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
