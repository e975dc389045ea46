package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.io.Quoted;
import dev.sevenfold.backup.io.Sha256;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The secrets that archives are signed and recognised with: one that signs, and older ones that are
 * still accepted. Immutable.
 *
 * <p>To rotate, make a new key the current one and keep the last as an older one for as long as its
 * archives are to be restored:
 *
 * <pre>{@code
 * SigningKeys keys = SigningKeys.of("2027", secret2027).accepting("2026", secret2026);
 * }</pre>
 *
 * <p>Never reuse an id: with another secret under it, all archives that it signed are damaged.
 *
 * <p>A key's id stands in the archives for everybody to read; its secret is nowhere to be seen, not
 * even in {@link #toString()}. Use the secrets for nothing else.
 */
public final class SigningKeys {

  /** How short a secret may be: as long as what HMAC-SHA256 makes of it. */
  public static final int SHORTEST_SECRET = Sha256.BYTES;

  /** How long the line of a signature may be. */
  static final int MOST_SIGNATURE_BYTES = 256;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern LINE = Pattern.compile("HMAC-SHA256 (" + ID + ") ([0-9a-f]{64})\n");

  private final String current;
  private final Map<String, byte[]> secrets;

  private SigningKeys(String current, Map<String, byte[]> secrets) {
    this.current = current;
    this.secrets = secrets;
  }

  /**
   * One key, which signs and is accepted.
   *
   * @param id up to 64 letters, digits and {@code . _ -}
   * @param secret at least {@value #SHORTEST_SECRET} random bytes
   * @throws IllegalArgumentException if either is not so
   */
  public static SigningKeys of(String id, byte[] secret) {
    return new SigningKeys(
        id, Map.of(requireId(id), Sha256.secret(secret, "the signing key " + id)));
  }

  /**
   * These keys, and an older one that is accepted but does not sign.
   *
   * @throws IllegalArgumentException if a key with this id is there already, or the id or the
   *     secret is not as {@link #of} requires
   */
  public SigningKeys accepting(String olderId, byte[] secret) {
    Map<String, byte[]> all = new LinkedHashMap<>(secrets);
    if (all.put(requireId(olderId), Sha256.secret(secret, "the signing key " + olderId)) != null) {
      throw new IllegalArgumentException("There are two signing keys with the id " + olderId);
    }
    return new SigningKeys(current, all);
  }

  /** Whether a key can have this id. */
  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** Whether one of the keys has this id. */
  boolean has(String id) {
    return secrets.containsKey(id);
  }

  private static String requireId(String id) {
    if (!isId(id)) {
      throw new IllegalArgumentException(
          "The id of a signing key has 1 to 64 letters, digits and . _ -, unlike "
              + Quoted.text(id));
    }
    return id;
  }

  /**
   * The content of {@code manifest.sig}: one line that says that the current key signed these
   * bytes.
   */
  byte[] sign(byte[] manifest) {
    byte[] secret = Objects.requireNonNull(secrets.get(current), current);
    String mac = Sha256.hex(Sha256.hmac(secret, manifest));
    return "HMAC-SHA256 %s %s\n".formatted(current, mac).getBytes(UTF_8);
  }

  /** Refuses a line that is no signature which one of these keys made of these bytes. */
  void verify(byte[] line, byte[] manifest) {
    Matcher signature = LINE.matcher(new String(line, UTF_8));
    if (!signature.matches()) {
      throw Corrupt.archive("The archive's signature is malformed");
    }
    if (!recognise(line, manifest)) {
      throw new ArchiveNotReadable(
          "The archive is signed with the key %s, which is none of %s"
              .formatted(signature.group(1), secrets.keySet()),
          "Accept that key too, if it was one of yours; nothing of the archive is known");
    }
  }

  /**
   * Whether one of these keys signed these bytes; another key, or another program in a way of its
   * own, may have. Refuses a line that says that one of these keys signed other bytes.
   */
  boolean recognise(byte[] line, byte[] manifest) {
    Matcher signature = LINE.matcher(new String(line, UTF_8));
    if (!signature.matches() || !secrets.containsKey(signature.group(1))) {
      return false;
    }
    String id = signature.group(1);
    byte[] secret = Objects.requireNonNull(secrets.get(id), id);
    byte[] mac = HexFormat.of().parseHex(signature.group(2));
    // Takes as long for a wrong signature as for a right one.
    if (!MessageDigest.isEqual(mac, Sha256.hmac(secret, manifest))) {
      throw Corrupt.signature(id);
    }
    return true;
  }

  /** The ids, without the secrets. */
  @Override
  public String toString() {
    return "SigningKeys[current=" + current + ", accepted=" + secrets.keySet() + "]";
  }
}
