package dev.sevenfold.backup.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a job is given beside its tenant: {@code controller:background_jobs,reason:nightly}. The
 * text is kept as it was written. Two are equal if their text is. Immutable.
 *
 * <p>Keys are words, each used once; a value is any text without a comma, and may hold colons.
 * There are no spaces around either: a stray one is refused, not dropped. Nothing secret belongs
 * here: arguments are stored and shown.
 */
public final class JobArguments {

  /** No arguments: the empty text. */
  public static final JobArguments NONE = new JobArguments("", Map.of());

  static final int MAX_LENGTH = 1_000;

  private static final Pattern KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

  private final String text;
  private final Map<String, String> values;

  private JobArguments(String text, Map<String, String> values) {
    this.text = text;
    this.values = values;
  }

  /**
   * Reads {@code key:value,…}, strictly.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static JobArguments parse(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          ("The arguments have %s characters; at most %s are allowed. Pass a key to what "
                  + "is long")
              .formatted(text.length(), MAX_LENGTH));
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (String item : text.split(",", -1)) {
      int colon = item.indexOf(':');
      String key = colon < 0 ? item : item.substring(0, colon);
      String value = colon < 0 ? "" : item.substring(colon + 1);
      if (colon < 0 || !KEY.matcher(key).matches()) {
        throw malformed(item, text, "it does not begin with a word and a colon");
      }
      if (!value.equals(value.strip()) || value.chars().anyMatch(Character::isISOControl)) {
        throw malformed(item, text, "its value has spaces around it, or a control character");
      }
      if (values.put(key, value) != null) {
        throw malformed(item, text, "\"" + key + "\" was given before");
      }
    }
    return new JobArguments(text, Collections.unmodifiableMap(values));
  }

  private static IllegalArgumentException malformed(String item, String text, String why) {
    return new IllegalArgumentException(
        ("The argument \"%s\" of \"%s\" cannot be read: %s. Write key:value,key:value "
                + "without spaces")
            .formatted(item, text, why));
  }

  /** The value of a key; empty if there is none. */
  public Optional<String> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** All values by their keys, in the order in which they were written. */
  public Map<String, String> asMap() {
    return values;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JobArguments arguments && text.equals(arguments.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The text as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
