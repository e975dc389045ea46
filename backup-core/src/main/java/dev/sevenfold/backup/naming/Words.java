package dev.sevenfold.backup.naming;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The words of a name: of {@code order_lines}, {@code orderLines} and {@code OrderLines} alike. */
final class Words {

  /** Between a small letter or a digit and a capital, and before the last of several capitals. */
  private static final Pattern GAP =
      Pattern.compile(
          "[^\\p{L}\\p{N}]+|(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})");

  private Words() {}

  static List<String> of(String name) {
    return GAP.splitAsStream(name)
        .filter(word -> !word.isEmpty())
        .map(word -> word.toLowerCase(Locale.ROOT))
        .toList();
  }

  static List<String> first(List<String> words, int count) {
    return words.subList(0, count);
  }

  static List<String> last(List<String> words, int count) {
    return words.subList(words.size() - count, words.size());
  }
}
