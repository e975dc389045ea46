package dev.sevenfold.backup.age;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/** What can be told of an age file without any key: how much is encrypted in it. */
final class AgeHeader {

  /** How much is read of a header: twice what a thousand recipients need. */
  static final int MAX_LENGTH = 1 << 18;

  private static final String VERSION = "age-encryption.org/v1";
  private static final String END = "---";
  private static final int NONCE = 16;
  private static final int TAG = 16;
  private static final int CHUNK = (1 << 16) + TAG;

  private AgeHeader() {}

  /**
   * The length of the plaintext in an age file, exactly; empty if this is none, or one that is cut.
   *
   * @param in the file, from its first byte on; a little of it is read
   * @param fileSize the length of the file
   */
  static OptionalLong plainSize(InputStream in, long fileSize) throws IOException {
    OptionalLong header = length(in);
    if (header.isEmpty()) {
      return OptionalLong.empty();
    }
    long payload = fileSize - header.getAsLong() - NONCE;
    long rest = payload % CHUNK;
    long chunks = payload / CHUNK + (rest > 0 ? 1 : 0);
    // Every chunk has its tag; one without content is there in an empty file only.
    boolean whole = payload >= TAG && (rest == 0 || rest > TAG || payload == TAG);
    return whole ? OptionalLong.of(payload - chunks * TAG) : OptionalLong.empty();
  }

  private static OptionalLong length(InputStream in) throws IOException {
    InputStream buffered = new BufferedInputStream(in, 1024);
    StringBuilder line = new StringBuilder();
    boolean first = true;
    for (int length = 1; length <= MAX_LENGTH; length++) {
      int b = buffered.read();
      if (b < 0) {
        return OptionalLong.empty();
      }
      if (b != '\n') {
        line.append((char) b);
        continue;
      }
      if (first && !line.toString().equals(VERSION)) {
        return OptionalLong.empty();
      }
      if (line.indexOf(END) == 0) {
        return OptionalLong.of(length);
      }
      first = false;
      line.setLength(0);
    }
    return OptionalLong.empty();
  }
}
