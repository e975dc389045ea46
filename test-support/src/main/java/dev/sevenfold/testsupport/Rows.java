package dev.sevenfold.testsupport;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Rows as text, by value and type, in a canonical order. */
public final class Rows {

  private Rows() {}

  /** Every row of {@code from}: a quoted table, or a table with a condition. */
  public static List<String> of(Statement statement, String from) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet row = statement.executeQuery("SELECT * FROM " + from)) {
      while (row.next()) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          text.append(typed(row, i)).append(" | ");
        }
        rows.add(text.toString());
      }
    }
    rows.sort(null);
    return rows;
  }

  private static String typed(ResultSet row, int column) throws SQLException {
    Object value = row.getObject(column);
    if (value instanceof Double real) {
      return "real:" + Long.toHexString(Double.doubleToRawLongBits(real));
    }
    if (value instanceof byte[] bytes) {
      return "blob:" + HexFormat.of().formatHex(bytes);
    }
    if (value instanceof String) {
      return "text:" + HexFormat.of().formatHex(row.getBytes(column));
    }
    return value == null ? "null" : "int:" + value;
  }
}
