package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.io.Quoted;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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
 * <p>A key's id stands in the archives for everybody to read; its secret is nowhere to be seen, not
 * even in {@link #toString()}. Use the secrets for nothing else.
 */
public final class SigningKeys {

  /** How short a secret may be: as long as what HMAC-SHA256 makes of it. */
  public static final int SHORTEST_SECRET = 32;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

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
    return new SigningKeys(id, Map.of(requireId(id), requireSecret(id, secret)));
  }

  /**
   * These keys, and an older one that is accepted but does not sign.
   *
   * @throws IllegalArgumentException if a key with this id is there already, or the id or the
   *     secret is not as {@link #of} requires
   */
  public SigningKeys accepting(String olderId, byte[] secret) {
    Map<String, byte[]> all = new LinkedHashMap<>(secrets);
    if (all.put(requireId(olderId), requireSecret(olderId, secret)) != null) {
      throw new IllegalArgumentException("There are two signing keys with the id " + olderId);
    }
    return new SigningKeys(current, all);
  }

  private static String requireId(String id) {
    Objects.requireNonNull(id, "id");
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "The id of a signing key has 1 to 64 letters, digits and . _ -, unlike "
              + Quoted.text(id));
    }
    return id;
  }

  private static byte[] requireSecret(String id, byte[] secret) {
    if (secret.length < SHORTEST_SECRET) {
      throw new IllegalArgumentException(
          "The secret of the signing key %s has %d bytes; it needs %d"
              .formatted(id, secret.length, SHORTEST_SECRET));
    }
    return secret.clone();
  }

  /** The signature of these bytes, by the current key. */
  ManifestSignature sign(byte[] manifest) {
    return ManifestSignature.of(current, secret(current), manifest);
  }

  /** Refuses a signature that none of these keys made of these bytes. */
  void verify(ManifestSignature signature, byte[] manifest) {
    byte[] secret = secrets.get(signature.keyId());
    if (secret == null) {
      throw new ArchiveNotReadable(
          "The archive is signed with the key %s, which is none of %s"
              .formatted(signature.keyId(), secrets.keySet()),
          "Accept that key too, if it was one of yours; nothing of the archive is known");
    }
    if (!signature.isBy(secret, manifest)) {
      throw Corrupt.archive(
          "The archive's signature is wrong: the key %s did not sign this manifest"
              .formatted(signature.keyId()));
    }
  }

  private byte[] secret(String id) {
    return Objects.requireNonNull(secrets.get(id), id);
  }

  /** The ids, without the secrets. */
  @Override
  public String toString() {
    return "SigningKeys[current=" + current + ", accepted=" + secrets.keySet() + "]";
  }
}
