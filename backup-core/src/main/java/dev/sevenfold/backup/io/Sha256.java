package dev.sevenfold.backup.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** SHA-256, and its digests as 64 lower-case hexadecimal digits. */
public final class Sha256 {

  public static final int BYTES = 32;

  private static final String HMAC = "HmacSHA256";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  private Sha256() {}

  /**
   * What a stream held.
   *
   * @param sha256 lower-case hexadecimal
   */
  public record Content(long size, String sha256) {}

  /** Reads a stream to its end. */
  public static Content of(InputStream in) throws IOException {
    return copy(in, OutputStream.nullOutputStream());
  }

  /** Copies a stream to its end, and tells what it held. */
  public static Content copy(InputStream in, OutputStream out) throws IOException {
    MessageDigest sha256 = digest();
    long size = new DigestInputStream(in, sha256).transferTo(out);
    return new Content(size, hex(sha256.digest()));
  }

  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  public static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }

  public static String hexOf(byte[] content) {
    return hex(digest().digest(content));
  }

  /**
   * A copy of a secret that is long enough for {@link #hmac}; {@code key} is what it belongs to.
   */
  public static byte[] secret(byte[] secret, String key) {
    if (secret.length < BYTES) {
      throw new IllegalArgumentException(
          "The secret of %s has %d bytes; it needs %d".formatted(key, secret.length, BYTES));
    }
    return secret.clone();
  }

  /** The HMAC-SHA256 of these parts, one after the other. */
  public static byte[] hmac(byte[] secret, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret, HMAC));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("Every Java platform has HMAC-SHA256 for any key", e);
    }
  }

  /** Refuses what is not a digest; {@code what} begins the message. */
  public static void requireHex(String digest, String what) {
    Objects.requireNonNull(digest, what);
    if (!HEX.matcher(digest).matches()) {
      throw new IllegalArgumentException(
          what + " is not 64 lower-case hexadecimal digits: " + Quoted.text(digest));
    }
  }
}
