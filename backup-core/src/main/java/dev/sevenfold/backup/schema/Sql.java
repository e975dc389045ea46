package dev.sevenfold.backup.schema;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The one place where identifiers are quoted and statements are put together. */
public final class Sql {

  /** {@code "{names}"}, with an alias or not before it, or {@code {sql}}. */
  private static final Pattern HOLE = Pattern.compile("(\\b\\w+\\.)?\"\\{([^{}]+)}\"|\\{([^{}]+)}");

  private static final Pattern BARE_NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");

  private Sql() {}

  /**
   * A statement, or a part of one, with holes that say what goes in: {@code "{column}"} takes a
   * name, and {@code t."{key}"} a list of names, which are quoted here; {@code {condition}} takes
   * SQL or a number.
   *
   * @param parts what goes in, in the order in which the holes are first named; a hole that is
   *     named again takes the same part
   * @throws IllegalArgumentException if there are more or fewer parts than holes, or if a name
   *     would go in unquoted
   */
  public static String of(String template, Object... parts) {
    List<String> holes = HOLE.matcher(template).results().map(Sql::hole).distinct().toList();
    if (holes.size() != parts.length) {
      throw new IllegalArgumentException(
          "%d parts for the holes %s of: %s".formatted(parts.length, holes, template));
    }
    return HOLE.matcher(template)
        .replaceAll(
            found -> Matcher.quoteReplacement(filled(found, parts[holes.indexOf(hole(found))])));
  }

  private static String hole(MatchResult found) {
    return Objects.requireNonNullElse(found.group(2), found.group(3));
  }

  private static String filled(MatchResult hole, Object part) {
    if (hole.group(2) != null) {
      String alias = Objects.requireNonNullElse(hole.group(1), "");
      List<?> names = part instanceof List<?> list ? list : List.of(part);
      return commas(names, name -> alias + name((String) name));
    }
    String sql = String.valueOf(part);
    if (part instanceof List || BARE_NAME.matcher(sql).matches()) {
      throw new IllegalArgumentException(
          "%s goes in as SQL; for a name, write \"{%s}\"".formatted(sql, hole.group(3)));
    }
    return sql;
  }

  /** An identifier, quoted. */
  public static String name(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** {@code "schema"."table"}. */
  public static String name(String schema, String table) {
    return name(schema) + '.' + name(table);
  }

  /** A text as a literal, so that a condition can be nested without counting parameters. */
  public static String text(String value) {
    // SQL ends at a NUL.
    return "('" + value.replace("'", "''").replace("\0", "' || char(0) || '") + "')";
  }

  /** {@code alias."a", alias."b"}. */
  public static String columns(String alias, List<String> columns) {
    return commas(columns, column -> alias + '.' + name(column));
  }

  /** {@code "a", "b"}. */
  public static String columns(List<String> columns) {
    return commas(columns, Sql::name);
  }

  /** The items, each written by {@code text}, with commas between them. */
  public static <T> String commas(List<T> items, Function<T, String> text) {
    return items.stream().map(text).collect(Collectors.joining(", "));
  }

  /** {@code left."a" = right."x" AND …}, for lists of equal length. */
  public static String equal(
      String left, List<String> leftColumns, String right, List<String> columns) {
    return pairs(left, leftColumns, right, columns, " = ");
  }

  /** As {@link #equal}, where null is equal to null. */
  public static String same(
      String left, List<String> leftColumns, String right, List<String> columns) {
    return pairs(left, leftColumns, right, columns, " IS ");
  }

  private static String pairs(
      String left, List<String> leftColumns, String right, List<String> columns, String operator) {
    StringBuilder condition = new StringBuilder();
    for (int i = 0; i < leftColumns.size(); i++) {
      condition
          .append(i == 0 ? "" : " AND ")
          .append(left + '.' + name(leftColumns.get(i)))
          .append(operator)
          .append(right + '.' + name(columns.get(i)));
    }
    return condition.toString();
  }

  /** All conditions. */
  public static String allOf(List<String> conditions) {
    return conditions.isEmpty() ? "1" : balanced(conditions, " AND ");
  }

  /** All texts, one after the other. */
  public static String concatenated(List<String> texts) {
    return texts.isEmpty() ? "''" : balanced(texts, " || ");
  }

  /**
   * A balanced tree: SQLite bounds the depth of an expression at 1,000, and a table may have more
   * columns than that.
   */
  private static String balanced(List<String> terms, String operator) {
    if (terms.size() == 1) {
      return terms.get(0);
    }
    int middle = terms.size() / 2;
    return '('
        + balanced(terms.subList(0, middle), operator)
        + operator
        + balanced(terms.subList(middle, terms.size()), operator)
        + ')';
  }
}
