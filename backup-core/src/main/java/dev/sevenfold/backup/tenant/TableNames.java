package dev.sevenfold.backup.tenant;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A set of table names with {@code *} and {@code ?} in them, compared without regard to case. */
final class TableNames {

  private final List<Pattern> patterns;

  TableNames(List<String> globs) {
    patterns = globs.stream().map(TableNames::pattern).toList();
  }

  private static Pattern pattern(String glob) {
    String regex =
        glob.chars()
            .mapToObj(
                c ->
                    switch (c) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(c));
                    })
            .collect(Collectors.joining());
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
  }

  boolean contains(String table) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(table).matches());
  }
}
