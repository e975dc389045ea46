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

  public DetachableOutputStream(OutputStream out) {
    super(out);
  }

  public void detach() {
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
