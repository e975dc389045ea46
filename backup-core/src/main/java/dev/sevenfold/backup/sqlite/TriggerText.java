package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.scratch.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The text of a {@code CREATE TRIGGER} statement.
 *
 * @param head up to and with {@code BEGIN}
 * @param steps the statements between {@code BEGIN} and {@code END}
 */
record TriggerText(String head, List<Step> steps) {

  /**
   * One statement.
   *
   * @param text without its semicolon
   * @param table the table that it writes to, in lower case; empty if it only reads
   */
  record Step(String text, String table) {}

  TriggerText {
    steps = List.copyOf(steps);
  }

  static TriggerText of(String createTrigger) {
    List<SqlText.Token> tokens = SqlText.tokens(createTrigger);
    int begin = 0;
    while (begin < tokens.size() && !tokens.get(begin).is("BEGIN")) {
      begin++;
    }
    int bodyStart = begin < tokens.size() ? tokens.get(begin).end() : createTrigger.length();
    List<Step> steps = new ArrayList<>();
    int first = begin + 1;
    for (int i = first; i < tokens.size(); i++) {
      if (tokens.get(i).is(";") && i > first) {
        int start = tokens.get(first - 1).end();
        String text = createTrigger.substring(start, tokens.get(i - 1).end());
        steps.add(new Step(text, written(tokens.subList(first, i))));
        first = i + 1;
      }
    }
    return new TriggerText(createTrigger.substring(0, bodyStart), steps);
  }

  private static String written(List<SqlText.Token> statement) {
    SqlText.Token verb = statement.get(0);
    int at = 1;
    if (is(statement, at, "OR")) {
      at += 2;
    }
    boolean writes = verb.is("UPDATE");
    if (verb.is("INSERT") || verb.is("REPLACE") || verb.is("DELETE")) {
      writes = true;
      at += is(statement, at, "INTO") || is(statement, at, "FROM") ? 1 : 0;
    }
    return writes && at < statement.size() ? statement.get(at).text().toLowerCase(Locale.ROOT) : "";
  }

  private static boolean is(List<SqlText.Token> tokens, int position, String keyword) {
    return position < tokens.size() && tokens.get(position).is(keyword);
  }

  /** Whether every statement writes to one of these tables. */
  boolean writesOnlyTo(Set<String> tables) {
    return !steps.isEmpty() && steps.stream().allMatch(step -> tables.contains(step.table()));
  }

  /** The same trigger with only the statements that write to these tables; empty if none does. */
  Optional<String> writingTo(Set<String> tables) {
    List<Step> kept = steps.stream().filter(step -> tables.contains(step.table())).toList();
    return kept.isEmpty()
        ? Optional.empty()
        : Optional.of(
            kept.stream()
                .map(Step::text)
                .collect(Collectors.joining(";\n", head + '\n', ";\nEND")));
  }
}
