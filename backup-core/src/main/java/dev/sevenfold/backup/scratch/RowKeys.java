package dev.sevenfold.backup.scratch;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Keys of single rows, as Java and people see them. */
public final class RowKeys {

  private RowKeys() {}

  public static List<Object> values(ResultSet row, int count) throws SQLException {
    List<Object> values = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      values.add(row.getObject(i));
    }
    return values;
  }

  /** Values for people to read, and to compare: a blob is written as SQL writes it. */
  public static String text(List<Object> values) {
    return values.stream()
        .map(v -> v instanceof byte[] blob ? "x'" + HexFormat.of().formatHex(blob) + '\'' : "" + v)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** A condition: the row under {@code alias} has the key that is bound. */
  public static String keyIs(String alias, Table table) {
    return Sql.allOf(
        table.key().stream().map(column -> alias + '.' + Sql.name(column) + " = ?").toList());
  }
}
