package dev.sevenfold.backup.naming;

import dev.sevenfold.backup.error.Printable;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names and values as the YAML of a config and Java write them. */
public final class Texts {

  /** What YAML reads as a text without quotes, wherever it stands. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][\\w./-]*");

  /** What older YAML reads as something else. */
  private static final Pattern WORDS =
      Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null|nan|inf");

  private Texts() {}

  public static String yaml(String text) {
    return PLAIN.matcher(text).matches() && !WORDS.matcher(text).matches() ? text : quoted(text);
  }

  public static String yaml(Map<String, String> entries) {
    return entries.entrySet().stream()
        .map(entry -> yaml(entry.getKey()) + ": " + yaml(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  public static String java(String text) {
    return quoted(text);
  }

  public static String java(Map<String, String> entries) {
    List<String> written =
        entries.entrySet().stream()
            .map(
                entry ->
                    (entries.size() > MAP_OF ? "Map.entry(" : "")
                        + java(entry.getKey())
                        + ", "
                        + java(entry.getValue())
                        + (entries.size() > MAP_OF ? ")" : ""))
            .toList();
    return (entries.size() > MAP_OF ? "Map.ofEntries(" : "Map.of(")
        + String.join(", ", written)
        + ')';
  }

  /** So many entries {@code Map.of} takes. */
  private static final int MAP_OF = 10;

  /** A call of the builder with texts. */
  public static String call(String method, String... arguments) {
    return '.'
        + method
        + Stream.of(arguments).map(Texts::java).collect(Collectors.joining(", ", "(", ")"));
  }

  /** A comment: one line, whatever is in a name. */
  public static String comment(String text) {
    return Printable.of(text);
  }

  /** In double quotes, by what YAML and Java have in common. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f || (c > 0x7f && !Character.isLetterOrDigit(c))) {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
