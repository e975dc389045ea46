package dev.sevenfold.backup.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns the content of a link into a token and back: the content, then half of its HMAC-SHA-256, as
 * URL-safe Base64. Thread-safe.
 */
final class Tokens {

  private static final String ALGORITHM = "HmacSHA256";

  // Signed before the content, so that nothing else that a host signs can pass for a link.
  private static final byte[] PURPOSE = bytes("sevenfold download link\n");

  // 128 bits: guessing one takes longer than the sun lasts, and a link stays short.
  private static final int SIGNATURE = 16;

  /** Far above every link: an id of a tenant fits into a file name. */
  private static final int LONGEST = 2_000;

  private final LinkKeys keys;

  Tokens(LinkKeys keys) {
    this.keys = keys;
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  LinkToken write(LinkContent content) {
    byte[] bytes = content.toBytes();
    byte[] signature = signature(keys.current(), bytes);
    return new LinkToken(
        encode(
            ByteBuffer.allocate(bytes.length + SIGNATURE)
                .put(bytes)
                .put(signature, 0, SIGNATURE)
                .array()));
  }

  /** Reads a token; empty if it is none that these keys have signed. */
  Optional<LinkContent> read(String token) {
    if (token.length() > LONGEST) {
      return Optional.empty();
    }
    byte[] all;
    try {
      all = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    // One link has one text: not another one with padding, or with bits that do not count.
    if (all.length <= SIGNATURE || !encode(all).equals(token)) {
      return Optional.empty();
    }
    byte[] content = Arrays.copyOf(all, all.length - SIGNATURE);
    byte[] signature = Arrays.copyOfRange(all, content.length, all.length);
    return isSigned(content, signature) ? LinkContent.fromBytes(content) : Optional.empty();
  }

  /** Takes as long whatever the signature is, and whichever key it is by. */
  private boolean isSigned(byte[] content, byte[] signature) {
    boolean signed = false;
    for (byte[] key : keys.all()) {
      byte[] expected = Arrays.copyOf(signature(key, content), SIGNATURE);
      signed |= MessageDigest.isEqual(expected, signature);
    }
    return signed;
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] signature(byte[] key, byte[] content) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(PURPOSE);
      return mac.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
    }
  }
}
