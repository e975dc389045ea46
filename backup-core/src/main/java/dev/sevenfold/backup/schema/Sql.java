package dev.sevenfold.backup.schema;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The one place where identifiers are quoted and lists of columns are written. */
public final class Sql {

  private Sql() {}

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
