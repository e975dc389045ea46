package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What a unique index has of a table's rows, as SQL. */
public final class UniqueRows {

  private UniqueRows() {}

  /**
   * The rows of the index, as {@code k0, …} for their keys and {@code u0, …} for what is unique.
   * The table keeps its name, by which an index may call it.
   */
  public static String of(String schemaName, Table table, Table.Unique unique) {
    String name = Sql.name(table.name());
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < table.key().size(); i++) {
      parts.add(name + '.' + Sql.name(table.key().get(i)) + " AS k" + i);
    }
    for (int i = 0; i < unique.terms().size(); i++) {
      parts.add('(' + unique.terms().get(i) + ") AS u" + i);
    }
    return Sql.of(
        "(SELECT {parts} FROM {table} AS {name}{where})",
        String.join(", ", parts),
        Sql.name(schemaName, table.name()),
        name,
        unique.condition().isEmpty() ? "" : " WHERE " + unique.condition());
  }

  /** A condition: both rows of the index have the same unique values. */
  public static String same(String left, String right, Table.Unique unique) {
    List<String> values = values(unique);
    List<String> same = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      String value = '.' + values.get(i);
      String collation = Sql.name(unique.collations().get(i));
      same.add(left + value + " = " + right + value + " COLLATE " + collation);
    }
    return Sql.allOf(same);
  }

  public static List<String> keys(Table table) {
    return names("k", table.key().size());
  }

  public static List<String> values(Table.Unique unique) {
    return names("u", unique.terms().size());
  }

  private static List<String> names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  /** Whether the index depends on a column, by itself or in an expression. */
  public static boolean dependsOn(Table.Unique unique, String column) {
    return unique.columns().contains(column)
        || (unique.columns().isEmpty()
            && unique.terms().stream()
                .flatMap(term -> SqlText.tokens(term).stream())
                .anyMatch(token -> token.text().equalsIgnoreCase(column)));
  }
}
