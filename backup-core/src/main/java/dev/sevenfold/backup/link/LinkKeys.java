package dev.sevenfold.backup.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sevenfold.backup.io.Sha256;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The secrets that links are signed and recognised with: one that signs, and older ones that are
 * still accepted. Immutable.
 *
 * <p>To rotate, make a new secret the first one and keep the last as an older one for as long as
 * its links are to work:
 *
 * <pre>{@code
 * LinkKeys keys = LinkKeys.of(secret2027).accepting(secret2026);
 * }</pre>
 *
 * <p>The secrets are nowhere to be seen, not even in {@link #toString()}. Use them for nothing
 * else. A link is only as hard to forge as its secret is to guess: take random bytes.
 */
public final class LinkKeys {

  /** How short a secret may be: as long as what HMAC-SHA-256 makes of it. */
  public static final int SHORTEST_SECRET = Sha256.BYTES;

  private static final int MOST = 16;
  private static final String KEY = "a key of links";

  // Signed before the content, so that nothing else that a host signs can pass for a link.
  private static final byte[] PURPOSE = "sevenfold download link\n".getBytes(UTF_8);

  // 128 bits: guessing one takes longer than the sun lasts, and a link stays short.
  private static final int SIGNATURE = 16;

  /** Far above every link: an id of a tenant fits into a file name. */
  private static final int LONGEST_TOKEN = 2_000;

  /** The one that signs first. */
  private final List<byte[]> secrets;

  private LinkKeys(List<byte[]> secrets) {
    this.secrets = secrets;
  }

  /**
   * One secret, which signs and is accepted.
   *
   * @param secret at least {@value #SHORTEST_SECRET} random bytes
   * @throws IllegalArgumentException if it is shorter
   */
  public static LinkKeys of(byte[] secret) {
    return new LinkKeys(List.of(Sha256.secret(secret, KEY)));
  }

  /**
   * These secrets, and an older one that is accepted but does not sign.
   *
   * @throws IllegalArgumentException if it is shorter than {@value #SHORTEST_SECRET} bytes, or
   *     there are sixteen already, all of which each token would be compared with
   */
  public LinkKeys accepting(byte[] olderSecret) {
    List<byte[]> all = new ArrayList<>(secrets);
    all.add(Sha256.secret(olderSecret, KEY));
    if (all.size() > MOST) {
      throw new IllegalArgumentException(
          "There are more than %d keys of links; drop those whose links have expired"
              .formatted(MOST));
    }
    return new LinkKeys(List.copyOf(all));
  }

  /** The content, then half of its HMAC-SHA-256, as URL-safe Base64. */
  LinkToken write(LinkContent content) {
    byte[] bytes = content.toBytes();
    byte[] token = Arrays.copyOf(bytes, bytes.length + SIGNATURE);
    System.arraycopy(signature(secrets.get(0), bytes), 0, token, bytes.length, SIGNATURE);
    return new LinkToken(encode(token));
  }

  /** Reads a token; empty if it is none that these keys have signed. */
  Optional<LinkContent> read(String token) {
    if (token.length() > LONGEST_TOKEN) {
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
    for (byte[] secret : secrets) {
      signed |= MessageDigest.isEqual(signature(secret, content), signature);
    }
    return signed;
  }

  private static byte[] signature(byte[] secret, byte[] content) {
    return Arrays.copyOf(Sha256.hmac(secret, PURPOSE, content), SIGNATURE);
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** How many there are, without the secrets. */
  @Override
  public String toString() {
    return "LinkKeys[" + secrets.size() + "]";
  }
}
