package dev.sevenfold.examples.dashboard.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys of the application, all made of one secret that lies in a file only we can read. Immutable.
 */
public final class Secrets {

  private static final int BYTES = 32;

  private static final FileAttribute<Set<PosixFilePermission>> OURS_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final byte[] secret;

  private Secrets(byte[] secret) {
    this.secret = secret;
  }

  /** The secret in a file, which is made if there is none. */
  public static Secrets in(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] fresh = new byte[BYTES];
      new SecureRandom().nextBytes(fresh);
      // With its mode from the beginning: it is never readable by others.
      Files.createFile(file, OURS_ONLY);
      Files.write(file, fresh, StandardOpenOption.WRITE);
    }
    byte[] secret = Files.readAllBytes(file);
    if (secret.length != BYTES) {
      throw new IOException(
          "The secret in %s has %d bytes instead of %d; delete it to have a new one made"
              .formatted(file, secret.length, BYTES));
    }
    return new Secrets(secret);
  }

  /** The key for one purpose; it tells nothing about those for others. */
  public byte[] key(String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
