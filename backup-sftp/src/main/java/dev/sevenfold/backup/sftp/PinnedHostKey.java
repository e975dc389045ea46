package dev.sevenfold.backup.sftp;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.jspecify.annotations.Nullable;

/** The one key that the server has. Immutable. */
final class PinnedHostKey implements HostKeys {

  private static final String FINGERPRINT = "SHA256:[A-Za-z0-9+/]{43}";

  private final String fingerprint;
  private final @Nullable String type;

  private PinnedHostKey(String fingerprint, @Nullable String type) {
    this.fingerprint = fingerprint;
    this.type = type;
  }

  /** Takes a fingerprint, or a key as it stands in a {@code .pub} file. */
  static PinnedHostKey parse(String text) {
    String stripped = text.strip();
    if (stripped.matches(FINGERPRINT)) {
      return new PinnedHostKey(stripped, null);
    }
    try {
      PublicKeyEntry entry = PublicKeyEntry.parsePublicKeyEntry(stripped);
      PublicKey key = entry.resolvePublicKey(null, null, PublicKeyEntryResolver.FAILING);
      return new PinnedHostKey(KeyUtils.getFingerPrint(key), KeyUtils.getKeyType(key));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is no host key; write SHA256:… as ssh-keygen -lf shows it, or the key as it"
              + " stands in the server's .pub file: ssh-ed25519 AAAA…",
          e);
    }
  }

  @Override
  public List<String> types(String host, int port) {
    return type == null ? List.of() : List.of(type);
  }

  @Override
  public Optional<LoginRefused> objection(String host, int port, PublicKey key) {
    String actual = KeyUtils.getFingerPrint(key);
    if (fingerprint.equals(actual)) {
      return Optional.empty();
    }
    return Optional.of(
        new LoginRefused(
            "The host key of "
                + host
                + ":"
                + port
                + " is "
                + KeyUtils.getKeyType(key)
                + " "
                + actual
                + ", not "
                + fingerprint,
            "Somebody may be in between. Ask whoever runs the server; if it has several keys, or a"
                + " new one indeed, configure the one that it shows"));
  }

  @Override
  public String toString() {
    return "host key " + fingerprint;
  }
}
