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
    try (InputStream left = new BufferedInputStream(one.open(label), BUFFER_SIZE);
        InputStream right = new BufferedInputStream(other.open(label), BUFFER_SIZE)) {
      int a;
      do {
        a = left.read();
        if (a != right.read()) {
          return false;
        }
      } while (a >= 0);
      return true;
    } catch (IOException e) {
      throw new StoreUnavailable(
          "Archive %s in %s could not be compared with the one in %s: %s"
              .formatted(label, one.describe(), other.describe(), e.getMessage()),
          "Try again",
          e);
    }
  }
}
