package dev.sevenfold.backup.store;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** The first bytes of what is written, which tell its kind. Use from one thread. */
final class FileHead {

  private final ByteArrayOutputStream head = new ByteArrayOutputStream();

  /** Writes to {@code out}, and remembers how that began. */
  OutputStream of(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        head.write(bytes, offset, Math.min(length, ArchiveFileName.HEAD_LENGTH - head.size()));
        out.write(bytes, offset, length);
      }
    };
  }

  byte[] bytes() {
    return head.toByteArray();
  }
}
