package dev.sevenfold.backup.naming;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * English nouns in singular and plural. Plurals are made, and never taken apart: {@code cases} is
 * of {@code case} and {@code buses} of {@code bus}, which no ending tells.
 */
final class Nouns {

  private static final Map<String, String> IRREGULAR =
      Map.ofEntries(
          Map.entry("child", "children"),
          Map.entry("person", "people"),
          Map.entry("man", "men"),
          Map.entry("woman", "women"),
          Map.entry("foot", "feet"),
          Map.entry("tooth", "teeth"),
          Map.entry("goose", "geese"),
          Map.entry("mouse", "mice"),
          Map.entry("ox", "oxen"),
          Map.entry("die", "dice"),
          Map.entry("quiz", "quizzes"));

  private Nouns() {}

  /** Whether two words are the same noun, each of them in singular or plural. */
  static boolean same(String a, String b) {
    // All plurals begin as their nouns do; so most pairs need not be looked at.
    return a.equals(b) || (a.charAt(0) == b.charAt(0) && isPlural(a, b));
  }

  private static boolean isPlural(String a, String b) {
    return plurals(a).contains(b) || plurals(b).contains(a);
  }

  /** Whether two names are the same nouns; also where one of them has no gaps between its words. */
  static boolean same(List<String> a, List<String> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return false;
    }
    if (a.size() != b.size()) {
      return same(String.join("", a), String.join("", b));
    }
    for (int i = 0; i < a.size(); i++) {
      if (!same(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Every plural that people write of a noun. */
  static Set<String> plurals(String noun) {
    Set<String> plurals = new LinkedHashSet<>();
    IRREGULAR.forEach(
        (one, many) -> {
          // Compounds too: grandchild, salesperson. Not human, of which nobody writes humen.
          boolean compound = noun.endsWith(one) && one.length() > 4;
          if (noun.equals(one) || compound) {
            plurals.add(noun.substring(0, noun.length() - one.length()) + many);
          }
        });
    plurals.add(noun + "s");
    ending(noun, "y", "ies").filter(many -> !isVowelBefore(noun, 1)).forEach(plurals::add);
    if (Stream.of("s", "x", "z", "ch", "sh", "o").anyMatch(noun::endsWith)) {
      plurals.add(noun + "es");
    }
    plurals.addAll(
        Stream.of(
                ending(noun, "is", "es"),
                ending(noun, "ix", "ices"),
                ending(noun, "ex", "ices"),
                ending(noun, "um", "a"),
                ending(noun, "rion", "ria"),
                ending(noun, "us", "i"),
                ending(noun, "a", "ae"),
                ending(noun, "fe", "ves"),
                ending(noun, "f", "ves"))
            .flatMap(many -> many)
            .collect(Collectors.toSet()));
    return plurals;
  }

  private static Stream<String> ending(String noun, String one, String many) {
    // Shorter words are no such nouns: is, us, a.
    return noun.endsWith(one) && noun.length() > one.length() + 1
        ? Stream.of(noun.substring(0, noun.length() - one.length()) + many)
        : Stream.empty();
  }

  private static boolean isVowelBefore(String noun, int last) {
    return "aeiou".indexOf(noun.charAt(noun.length() - last - 1)) >= 0;
  }
}
