package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.io.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The last bytes of an archive: the SHA-256 of all bytes before them, within something that every
 * decompressor takes for the two empty records that end a tar.
 *
 * <p>The manifest vouches for the content. It says nothing of the compressed bytes, some of which
 * have no influence on the content: a bit of a header, of padding, of one of many ways to say the
 * same. Only with a seal is each flipped bit of an archive noticed. It is made without a key, so it
 * tells of accidents alone.
 *
 * <p>Immutable and thread-safe.
 */
final class Seal {

  /** No seal is longer. */
  static final int MOST_BYTES = 128;

  private final byte[] before;
  private final byte[] after;

  /** A seal that has these bytes, in hexadecimal digits, before and after the SHA-256. */
  Seal(String before, String after) {
    this.before = HexFormat.of().parseHex(before);
    this.after = HexFormat.of().parseHex(after);
    if (size() > MOST_BYTES) {
      throw new IllegalArgumentException("A seal of " + size() + " bytes");
    }
  }

  private int size() {
    return before.length + Sha256.BYTES + after.length;
  }

  /** Writes the seal of an archive whose bytes so far have this digest. */
  void write(OutputStream out, byte[] sha256) throws IOException {
    out.write(before);
    out.write(sha256);
    out.write(after);
  }

  /**
   * Compares the end of an archive with what a seal of it would be. An archive that somebody has
   * unpacked and compressed again has none, and is read all the same.
   *
   * @param digest of all bytes but {@code end}; used up by this
   * @param end the last bytes, {@link #MOST_BYTES} of them if there are as many
   */
  void check(MessageDigest digest, byte[] end) {
    if (end.length < size()) {
      return;
    }
    int form = end.length - size();
    int sha256 = form + before.length;
    int rest = sha256 + Sha256.BYTES;
    digest.update(end, 0, form);
    boolean rightDigest = Arrays.equals(digest.digest(), Arrays.copyOfRange(end, sha256, rest));
    boolean rightForm =
        Arrays.equals(before, Arrays.copyOfRange(end, form, sha256))
            && Arrays.equals(after, Arrays.copyOfRange(end, rest, end.length));
    // Damage hits what is sealed, or one of the seal's parts; the other then still tells of it.
    if (rightDigest != rightForm) {
      throw Corrupt.archive(
          rightForm
              ? "The archive is damaged: its bytes are not those that its seal was made of"
              : "The archive is damaged: its seal is broken");
    }
  }
}
