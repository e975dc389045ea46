package dev.sevenfold.backup.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The length and the SHA-256 of what a stream holds. */
final class Digests {

  /**
   * What was read.
   *
   * @param sha256 lower-case hexadecimal
   */
  record Digest(long size, String sha256) {}

  private Digests() {}

  static Digest of(InputStream in) throws IOException {
    MessageDigest sha256 = LiveFiles.sha256();
    long size = new DigestInputStream(in, sha256).transferTo(OutputStream.nullOutputStream());
    return new Digest(size, HexFormat.of().formatHex(sha256.digest()));
  }
}
