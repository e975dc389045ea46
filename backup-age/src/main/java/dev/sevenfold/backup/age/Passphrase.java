package dev.sevenfold.backup.age;

import com.exceptionfactory.jagged.FileKey;
import com.exceptionfactory.jagged.RecipientStanza;
import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.framework.codec.CanonicalBase64;
import com.exceptionfactory.jagged.framework.crypto.CipherKey;
import com.exceptionfactory.jagged.framework.crypto.EncryptedFileKey;
import com.exceptionfactory.jagged.framework.crypto.FileKeyDecryptorFactory;
import com.exceptionfactory.jagged.framework.crypto.FileKeyEncryptorFactory;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.generators.SCrypt;

/** A passphrase as age uses it: scrypt makes a key of it, with a salt per file. Thread-safe. */
final class Passphrase implements RecipientStanzaReader, RecipientStanzaWriter {

  /** 2^16 takes 64 MiB and a fraction of a second, for each archive. */
  static final int WORK_FACTOR = 16;

  /** 2^20 takes 1 GiB. Whoever writes the file could ask for more and bring the host down. */
  static final int MAX_WORK_FACTOR = 20;

  private static final String TYPE = "scrypt";
  private static final byte[] SALT_PREFIX =
      "age-encryption.org/v1/scrypt".getBytes(StandardCharsets.US_ASCII);
  private static final int SALT_LENGTH = 16;
  private static final int BLOCK_SIZE = 8;
  private static final int KEY_LENGTH = 32;

  private final byte[] secret;

  /** Copies the passphrase; wiping {@code chars} is up to the caller. */
  Passphrase(char[] chars) {
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(chars));
    secret = new byte[encoded.remaining()];
    encoded.get(secret);
    encoded.clear();
    encoded.put(new byte[encoded.capacity()]);
  }

  /** Makes the passphrase unusable. */
  void wipe() {
    Arrays.fill(secret, (byte) 0);
  }

  @Override
  public Iterable<RecipientStanza> getRecipientStanzas(FileKey fileKey)
      throws GeneralSecurityException {
    byte[] salt = new byte[SALT_LENGTH];
    new SecureRandom().nextBytes(salt);
    CipherKey wrapKey = wrapKey(salt, WORK_FACTOR);
    try {
      byte[] body =
          new FileKeyEncryptorFactory()
              .newFileKeyEncryptor()
              .getEncryptedFileKey(fileKey, wrapKey)
              .getEncoded();
      String encodedSalt = CanonicalBase64.getEncoder().encodeToString(salt);
      return List.of(
          new Stanza(TYPE, List.of(encodedSalt, Integer.toString(WORK_FACTOR)), body.clone()));
    } finally {
      wrapKey.destroy();
    }
  }

  @Override
  public FileKey getFileKey(Iterable<RecipientStanza> stanzas) throws GeneralSecurityException {
    List<RecipientStanza> all = new ArrayList<>();
    stanzas.forEach(all::add);
    // Beside a stanza of another key the file would not be authentic: its holder could forge it.
    if (all.size() != 1 || !all.get(0).getType().equals(TYPE)) {
      throw new GeneralSecurityException("The file is not encrypted with a passphrase alone");
    }
    List<String> arguments = all.get(0).getArguments();
    if (arguments.size() != 2 || !arguments.get(1).matches("[1-9]\\d?")) {
      throw new GeneralSecurityException("The file's scrypt stanza is malformed");
    }
    int workFactor = Integer.parseInt(arguments.get(1));
    if (workFactor > MAX_WORK_FACTOR) {
      throw new ArchiveNotReadable(
          "The encrypted archive asks for a work factor of 2^%d; at most 2^%d is done"
              .formatted(workFactor, MAX_WORK_FACTOR),
          "Decrypt it with the age tool, if you trust where it comes from");
    }
    byte[] salt =
        CanonicalBase64.getDecoder().decode(arguments.get(0).getBytes(StandardCharsets.US_ASCII));
    if (salt.length != SALT_LENGTH) {
      throw new GeneralSecurityException("The file's scrypt stanza is malformed");
    }
    CipherKey wrapKey = wrapKey(salt, workFactor);
    try {
      return new FileKeyDecryptorFactory()
          .newFileKeyDecryptor()
          .getFileKey(new EncryptedFileKey(all.get(0).getBody()), wrapKey);
    } finally {
      wrapKey.destroy();
    }
  }

  private CipherKey wrapKey(byte[] salt, int workFactor) {
    byte[] prefixed =
        ByteBuffer.allocate(SALT_PREFIX.length + salt.length).put(SALT_PREFIX).put(salt).array();
    return new CipherKey(
        SCrypt.generate(secret, prefixed, 1 << workFactor, BLOCK_SIZE, 1, KEY_LENGTH));
  }

  @Override
  public String toString() {
    return "a passphrase";
  }

  /** What is written of the file's key. */
  private static final class Stanza implements RecipientStanza {
    private final String type;
    private final List<String> arguments;
    private final byte[] body;

    Stanza(String type, List<String> arguments, byte[] body) {
      this.type = type;
      this.arguments = arguments;
      this.body = body;
    }

    @Override
    public String getType() {
      return type;
    }

    @Override
    public List<String> getArguments() {
      return arguments;
    }

    @Override
    public byte[] getBody() {
      return body.clone();
    }
  }
}
