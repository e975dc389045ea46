package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sevenfold.backup.io.Sha256;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The content of {@code manifest.sig}: one line that says which key signed the manifest. Immutable.
 *
 * @param keyId which key
 * @param mac the HMAC-SHA256 of the manifest's bytes, 64 lower-case hexadecimal digits
 */
record ManifestSignature(String keyId, String mac) {

  /** How long the line may be. */
  static final int MOST_BYTES = 256;

  private static final String ALGORITHM = "HmacSHA256";
  private static final Pattern LINE =
      Pattern.compile("HMAC-SHA256 ([A-Za-z0-9._-]{1,64}) ([0-9a-f]{64})\n");

  static ManifestSignature of(String keyId, byte[] secret, byte[] manifest) {
    return new ManifestSignature(keyId, mac(secret, manifest));
  }

  static ManifestSignature parse(byte[] line) {
    Matcher matcher = LINE.matcher(new String(line, UTF_8));
    if (!matcher.matches()) {
      throw Corrupt.archive("The archive's signature is malformed");
    }
    return new ManifestSignature(matcher.group(1), matcher.group(2));
  }

  byte[] line() {
    return "HMAC-SHA256 %s %s\n".formatted(keyId, mac).getBytes(UTF_8);
  }

  /** Takes as long for a wrong signature as for a right one. */
  boolean isBy(byte[] secret, byte[] manifest) {
    return MessageDigest.isEqual(mac.getBytes(UTF_8), mac(secret, manifest).getBytes(UTF_8));
  }

  private static String mac(byte[] secret, byte[] manifest) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      return Sha256.hex(mac.doFinal(manifest));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("Every Java platform has HMAC-SHA256 for any key", e);
    }
  }
}
