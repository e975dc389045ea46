package dev.sevenfold.backup.link;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

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
  public static final int SHORTEST_SECRET = 32;

  private static final int MOST = 16;

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
    return new LinkKeys(List.of(requireSecret(secret)));
  }

  /**
   * These secrets, and an older one that is accepted but does not sign.
   *
   * @throws IllegalArgumentException if it is shorter than {@value #SHORTEST_SECRET} bytes, or
   *     there are sixteen already, all of which each token would be compared with
   */
  public LinkKeys accepting(byte[] olderSecret) {
    List<byte[]> all = new ArrayList<>(secrets);
    all.add(requireSecret(olderSecret));
    if (all.size() > MOST) {
      throw new IllegalArgumentException(
          "There are more than %d keys of links; drop those whose links have expired"
              .formatted(MOST));
    }
    return new LinkKeys(List.copyOf(all));
  }

  private static byte[] requireSecret(byte[] secret) {
    Objects.requireNonNull(secret, "secret");
    if (secret.length < SHORTEST_SECRET) {
      throw new IllegalArgumentException(
          "The secret of a key of links has %d bytes; it needs %d"
              .formatted(secret.length, SHORTEST_SECRET));
    }
    return secret.clone();
  }

  /** The secret that signs. */
  byte[] current() {
    return secrets.get(0);
  }

  /** Every secret that is accepted. */
  List<byte[]> all() {
    return secrets;
  }

  /** How many there are, without the secrets. */
  @Override
  public String toString() {
    return "LinkKeys[" + secrets.size() + "]";
  }
}
