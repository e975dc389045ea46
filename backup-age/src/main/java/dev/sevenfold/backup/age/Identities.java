package dev.sevenfold.backup.age;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import dev.sevenfold.backup.error.OperationFailed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads secret keys. Nothing of a key is in any message, nor is a cause that might hold some. */
final class Identities {

  private static final String PREFIX = "AGE-SECRET-KEY-1";

  private Identities() {}

  /** Reads one key; {@code key} is left as it is. */
  static RecipientStanzaReader parse(char[] key) {
    return parse(CharBuffer.wrap(key), "The identity");
  }

  private static RecipientStanzaReader parse(CharSequence key, String where) {
    try {
      return X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(key);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IllegalArgumentException(
          where + " is not an age identity; it begins with " + PREFIX + " and has 74 characters");
    }
  }

  /** Reads a file as {@code age-keygen} writes it: a key per line, comments, empty lines. */
  static List<RecipientStanzaReader> read(Path file) {
    byte[] bytes = new byte[0];
    char[] chars = new char[0];
    try {
      bytes = Files.readAllBytes(file);
      CharBuffer decoded = StandardCharsets.ISO_8859_1.decode(ByteBuffer.wrap(bytes));
      chars = decoded.array();
      return parseLines(chars, decoded.limit(), file);
    } catch (IOException e) {
      throw new OperationFailed(
          "The identity file " + file + " could not be read: " + e.getClass().getSimpleName(),
          "Check that it is there and that the host may read it",
          e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(chars, '\0');
    }
  }

  private static List<RecipientStanzaReader> parseLines(char[] chars, int end, Path file) {
    List<RecipientStanzaReader> identities = new ArrayList<>();
    int start = 0;
    for (int line = 1; start < end; line++) {
      int stop = start;
      while (stop < end && chars[stop] != '\n') {
        stop++;
      }
      int from = start;
      int to = stop;
      while (from < to && Character.isWhitespace(chars[to - 1])) {
        to--;
      }
      if (from < to && chars[from] != '#') {
        String where = "Line " + line + " of " + file;
        identities.add(parse(CharBuffer.wrap(chars, from, to - from), where));
      }
      start = stop + 1;
    }
    if (identities.isEmpty()) {
      throw new IllegalArgumentException("There is no identity in " + file);
    }
    return identities;
  }
}
