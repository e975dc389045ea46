package dev.sevenfold.backup.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Compares streams byte by byte. */
public final class SameBytes {

  private static final int BUFFER_SIZE = 1 << 16;

  private SameBytes() {}

  /** Whether both have the same bytes until they end. */
  public static boolean in(InputStream one, InputStream other) throws IOException {
    InputStream left = new BufferedInputStream(one, BUFFER_SIZE);
    InputStream right = new BufferedInputStream(other, BUFFER_SIZE);
    int a;
    do {
      a = left.read();
      if (a != right.read()) {
        return false;
      }
    } while (a >= 0);
    return true;
  }
}
