package dev.sevenfold.backup.age;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.store.ArchiveStore;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whom an {@link AgeArchiveStore} encrypts for, and how it decrypts. Use from one thread. */
public final class AgeArchiveStoreBuilder {

  private final ArchiveStore inner;
  private final List<RecipientStanzaWriter> recipients = new ArrayList<>();
  private final List<RecipientStanzaReader> identities = new ArrayList<>();
  private final List<OwnPlace> keyFiles = new ArrayList<>();
  private @Nullable Passphrase passphrase;

  AgeArchiveStoreBuilder(ArchiveStore inner) {
    this.inner = Objects.requireNonNull(inner, "inner");
  }

  /**
   * Encrypts for the holder of this public key. Several may be given: any one of them can decrypt.
   *
   * @param publicKey {@code age1…}, as {@code age-keygen} prints it
   * @throws IllegalArgumentException if it is not one
   */
  public AgeArchiveStoreBuilder recipient(String publicKey) {
    if (publicKey.toUpperCase(Locale.ROOT).startsWith("AGE-SECRET-KEY")) {
      throw new IllegalArgumentException(
          "The recipient is a secret key; give its public one, which age-keygen -y prints");
    }
    try {
      recipients.add(X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(publicKey));
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IllegalArgumentException(
          "\"" + publicKey + "\" is not an age recipient; it begins with age1", e);
    }
    return this;
  }

  /**
   * Decrypts with this secret key, beside others that are given.
   *
   * @param secretKey {@code AGE-SECRET-KEY-1…}; it is wiped when this returns or throws
   * @throws IllegalArgumentException if it is not one
   */
  public AgeArchiveStoreBuilder identity(char[] secretKey) {
    try {
      identities.add(Identities.parse(secretKey));
      return this;
    } finally {
      Arrays.fill(secretKey, '\0');
    }
  }

  /**
   * Decrypts with the secret keys in a file that {@code age-keygen} wrote, beside others that are
   * given. The file is read now, not again later.
   *
   * @throws OperationFailed if the file cannot be read
   * @throws IllegalArgumentException if it holds anything but age's own secret keys
   */
  public AgeArchiveStoreBuilder identityFile(Path file) {
    identities.addAll(Identities.read(Objects.requireNonNull(file, "file")));
    keyFiles.add(OwnPlace.of("a key", file));
    return this;
  }

  /**
   * Encrypts with a passphrase instead of for recipients, and decrypts with it. Each archive then
   * takes 64 MiB of memory and a fraction of a second to begin or to open; recipients do not, and
   * cannot be guessed.
   *
   * @param secret wiped when this returns or throws
   * @throws IllegalArgumentException if it is empty
   */
  public AgeArchiveStoreBuilder passphrase(char[] secret) {
    try {
      if (secret.length == 0) {
        throw new IllegalArgumentException("The passphrase is empty");
      }
      passphrase = new Passphrase(secret);
      return this;
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  /**
   * The store.
   *
   * @throws IllegalArgumentException if nothing was given to encrypt or decrypt with, or both
   *     recipients and a passphrase, which the format does not allow
   */
  public AgeArchiveStore build() {
    if (passphrase != null && !recipients.isEmpty()) {
      throw new IllegalArgumentException(
          "Both a passphrase and "
              + recipients.size()
              + " recipients are given; an age file is encrypted in one of the two ways");
    }
    if (passphrase == null && recipients.isEmpty() && identities.isEmpty()) {
      throw new IllegalArgumentException(
          "Neither a recipient, an identity nor a passphrase is given; there is no key to use");
    }
    return new AgeArchiveStore(inner, recipients, identities, passphrase, keyFiles);
  }
}
