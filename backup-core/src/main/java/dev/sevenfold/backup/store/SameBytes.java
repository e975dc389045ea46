package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.Label;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Compares archives byte by byte. */
final class SameBytes {

  private static final int BUFFER_SIZE = 1 << 16;

  private SameBytes() {}

  static boolean in(ArchiveStore one, ArchiveStore other, Label label) {
    if (one.stat(label).sizeBytes() != other.stat(label).sizeBytes()) {
      return false;
    }
    try (InputStream left = one.open(label);
        InputStream right = other.open(label)) {
      return in(left, right);
    } catch (IOException e) {
      throw new StoreUnavailable(
          "Archive %s in %s could not be compared with the one in %s: %s"
              .formatted(label, one.describe(), other.describe(), e.getMessage()),
          "Try again",
          e);
    }
  }

  /** Whether both have the same bytes until they end. */
  static boolean in(InputStream one, InputStream other) throws IOException {
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
