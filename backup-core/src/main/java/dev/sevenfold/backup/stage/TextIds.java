package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.tenant.Replacement;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes new ids out of texts, in the manner of the old ones: what was drawn at random is drawn
 * again, and a name that means something gets a number behind it. Thread-safe.
 */
public final class TextIds implements Replacement {

  private static final String HEX = "0123456789abcdef";
  private static final String CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  /** Ten letters of time, which say in which order rows were made, and sixteen at random. */
  private static final Pattern ULID =
      Pattern.compile("([0-7][0-9A-HJKMNP-TV-Z]{9})[0-9A-HJKMNP-TV-Z]{16}");

  private static final Pattern UUIDS =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]{16,}|[0-9A-F]{16,}");

  /** Mixed letters and digits too long for a name, behind a prefix that says what they are of. */
  private static final Pattern OPAQUE =
      Pattern.compile("((?:[a-z]{1,12}[_-])?)((?=.*[0-9][A-Za-z])[A-Za-z0-9]{14,})");

  private final RandomGenerator random = new SecureRandom();

  @Override
  public String replace(Object value, int attempt) {
    String text = (String) value;
    Matcher ulid = ULID.matcher(text);
    if (ulid.matches()) {
      return ulid.group(1) + drawn(CROCKFORD, text.length() - ulid.group(1).length());
    }
    if (UUIDS.matcher(text).matches()) {
      return UUID.randomUUID().toString();
    }
    if (HEXADECIMAL.matcher(text).matches()) {
      boolean upper = !text.equals(text.toLowerCase(Locale.ROOT));
      return drawn(upper ? HEX.toUpperCase(Locale.ROOT) : HEX, text.length());
    }
    Matcher opaque = OPAQUE.matcher(text);
    if (opaque.matches()) {
      return opaque.group(1) + alike(opaque.group(2));
    }
    return text + '-' + (attempt + 1);
  }

  private String alike(String text) {
    StringBuilder drawn = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        drawn.append((char) ('0' + random.nextInt(10)));
      } else if (c >= 'a' && c <= 'z') {
        drawn.append((char) ('a' + random.nextInt(26)));
      } else {
        drawn.append((char) ('A' + random.nextInt(26)));
      }
    }
    return drawn.toString();
  }

  private String drawn(String letters, int count) {
    StringBuilder drawn = new StringBuilder();
    for (int i = 0; i < count; i++) {
      drawn.append(letters.charAt(random.nextInt(letters.length())));
    }
    return drawn.toString();
  }
}
