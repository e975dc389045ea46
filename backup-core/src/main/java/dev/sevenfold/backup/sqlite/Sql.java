package dev.sevenfold.backup.sqlite;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The one place where identifiers are quoted and lists of columns are written. */
final class Sql {

  private Sql() {}

  /** An identifier, quoted. */
  static String name(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** {@code "schema"."table"}. */
  static String name(String schema, String table) {
    return name(schema) + '.' + name(table);
  }

  /** {@code alias."a", alias."b"}. */
  static String columns(String alias, List<String> columns) {
    return commas(columns, column -> alias + '.' + name(column));
  }

  /** {@code "a", "b"}. */
  static String columns(List<String> columns) {
    return commas(columns, Sql::name);
  }

  /** The items, each written by {@code text}, with commas between them. */
  static <T> String commas(List<T> items, Function<T, String> text) {
    return items.stream().map(text).collect(Collectors.joining(", "));
  }

  /** {@code left."a" = right."x" AND …}, for lists of equal length. */
  static String equal(String left, List<String> leftColumns, String right, List<String> columns) {
    return pairs(left, leftColumns, right, columns, " = ");
  }

  /** As {@link #equal}, where null is equal to null. */
  static String same(String left, List<String> leftColumns, String right, List<String> columns) {
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

  /**
   * All conditions, as a balanced tree: SQLite bounds the depth of an expression at 1,000, and a
   * table may have more columns than that.
   */
  static String allOf(List<String> conditions) {
    return switch (conditions.size()) {
      case 0 -> "1";
      case 1 -> conditions.get(0);
      default -> {
        int middle = conditions.size() / 2;
        yield '('
            + allOf(conditions.subList(0, middle))
            + " AND "
            + allOf(conditions.subList(middle, conditions.size()))
            + ')';
      }
    };
  }
}
