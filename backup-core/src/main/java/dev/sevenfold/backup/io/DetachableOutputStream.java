package dev.sevenfold.backup.io;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Somebody else's stream: never closed from here, and out of reach once it is detached.
 *
 * <p>A compressor that is closed, so that it gives back its threads and memory, also writes its
 * end. After a failure that end must not reach the caller's stream: it would make a whole stream of
 * half an archive. Use from one thread.
 */
public final class DetachableOutputStream extends FilterOutputStream {

  private boolean detached;

  public DetachableOutputStream(OutputStream out) {
    super(out);
  }

  public void detach() {
    detached = true;
  }

  @Override
  public void write(int b) throws IOException {
    if (!detached) {
      out.write(b);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (!detached) {
      out.write(bytes, offset, length);
    }
  }

  @Override
  public void flush() throws IOException {
    if (!detached) {
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
