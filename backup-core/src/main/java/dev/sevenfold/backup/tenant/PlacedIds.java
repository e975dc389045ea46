package dev.sevenfold.backup.tenant;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rewrites the ids at certain places of a text. All else stays as it is. Thread-safe. */
final class PlacedIds implements IdRewriter {

  private static final String ID = "{id}";
  private static final Pattern NUMBER = Pattern.compile("0|[1-9]\\d{0,17}");

  private final Pattern places;

  /** The table of each group of the pattern. */
  private final List<String> tables;

  private PlacedIds(Pattern places, List<String> tables) {
    this.places = places;
    this.tables = List.copyOf(tables);
  }

  static PlacedIds separated(String table, String separator) {
    if (separator.isEmpty()) {
      throw new IllegalArgumentException("Nothing is said to be between ids");
    }
    String between = Pattern.quote(separator);
    Pattern places = Pattern.compile("(?<=^|" + between + ")((?:(?!" + between + ").)+)");
    return new PlacedIds(places, List.of(table));
  }

  static PlacedIds patterns(Map<String, String> tablesByPattern) {
    List<String> places = new ArrayList<>();
    List<String> tables = new ArrayList<>();
    for (Map.Entry<String, String> pattern : new TreeMap<>(tablesByPattern).entrySet()) {
      String text = pattern.getKey();
      int at = text.indexOf(ID);
      if (at < 1 || text.indexOf(ID, at + 1) >= 0) {
        throw new IllegalArgumentException(
            "The pattern \"" + text + "\" has not one {id} behind something else");
      }
      String before = "(?<=" + Pattern.quote(text.substring(0, at)) + ")";
      String behind = "(?=" + Pattern.quote(text.substring(at + ID.length())) + ")";
      places.add(before + "([A-Za-z0-9_-]+)" + behind);
      tables.add(pattern.getValue());
    }
    if (places.isEmpty()) {
      throw new IllegalArgumentException("No pattern of the text is said to hold ids");
    }
    return new PlacedIds(Pattern.compile(String.join("|", places)), tables);
  }

  @Override
  public String rewrite(String text, NewIds ids) {
    return places
        .matcher(text)
        .replaceAll(
            found -> {
              int group = 1;
              while (found.group(group) == null) {
                group++;
              }
              String id = found.group().strip();
              String now = rewritten(id, tables.get(group - 1), ids);
              return Matcher.quoteReplacement(found.group().replace(id, now));
            });
  }

  /** The new id; one that is a number may well be written as a text. */
  private static String rewritten(String old, String table, NewIds ids) {
    Object now = ids.of(table, old);
    return now.equals(old) && NUMBER.matcher(old).matches()
        ? ids.of(table, Long.valueOf(old)).toString()
        : now.toString();
  }
}
