package dev.sevenfold.backup.sftp;

import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.source.OwnPlace;
import java.io.IOException;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.sshd.client.auth.UserAuthFactory;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.io.resource.PathResource;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.jspecify.annotations.Nullable;

/** A private key in a file, read at each login. Thread-safe if the supplier is. */
final class KeyLogin implements Login {

  private final Path file;
  private final @Nullable Supplier<char[]> passphrase;

  KeyLogin(Path file, @Nullable Supplier<char[]> passphrase) {
    this.file = file;
    this.passphrase = passphrase;
  }

  @Override
  public List<UserAuthFactory> ways() {
    return List.of(UserAuthPublicKeyFactory.INSTANCE);
  }

  @Override
  public List<OwnPlace> ownPlaces() {
    return List.of(OwnPlace.of("a key", file));
  }

  @Override
  public void offerTo(ClientSession session) throws LoginRefused {
    Iterable<KeyPair> pairs;
    try (InputStream in = Files.newInputStream(file)) {
      pairs =
          SecurityUtils.loadKeyPairIdentities(
              session, new PathResource(file), in, passphraseProvider());
    } catch (NoSuchFileException e) {
      throw unusable("is not there", "Put the key there, or configure where it is", e);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw explain(e);
    }
    if (pairs == null) {
      throw unusable("holds no key", "Configure the private key, not the .pub file", null);
    }
    pairs.forEach(session::addPublicKeyIdentity);
  }

  private FilePasswordProvider passphraseProvider() {
    Supplier<char[]> supplier = passphrase;
    if (supplier == null) {
      return FilePasswordProvider.EMPTY;
    }
    return (session, resource, retry) -> {
      char[] secret = supplier.get();
      try {
        return new String(secret);
      } finally {
        Arrays.fill(secret, '\0');
      }
    };
  }

  private LoginRefused explain(Exception e) {
    // What a wrong passphrase decrypts to is not well-formed.
    boolean secret =
        e instanceof GeneralSecurityException
            || (passphrase != null && e instanceof StreamCorruptedException);
    if (secret && passphrase == null) {
      return unusable("cannot be read without a passphrase", "Configure its passphrase", e);
    }
    if (secret) {
      return unusable("does not open with the passphrase", "Configure the right passphrase", e);
    }
    return unusable(
        "cannot be read (" + (e instanceof IOException io ? Printable.reason(io) : e) + ")",
        "Let the user that this process runs as read it; formats: OpenSSH and PEM",
        e);
  }

  private LoginRefused unusable(String why, String advice, @Nullable Exception cause) {
    return new LoginRefused("The private key " + file + " " + why, advice, cause);
  }

  @Override
  public String toString() {
    return "the private key " + file;
  }
}
