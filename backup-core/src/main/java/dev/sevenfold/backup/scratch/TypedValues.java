package dev.sevenfold.backup.scratch;

import dev.sevenfold.backup.schema.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Values of a row as texts that keep them by type and to the last byte: {@code integer:5}, {@code
 * real:3ff0000000000000}, {@code text:6100}, {@code blob:00ff}, {@code null}. A text's bytes are
 * those that the database stores, a NUL and malformed UTF-8 among them; they never become a Java
 * string.
 */
public final class TypedValues {

  private static final String NULL = "null";
  private static final HexFormat HEX = HexFormat.of();

  private TypedValues() {}

  /** What to select so that {@link #read} finds these columns of the row under {@code alias}. */
  public static String selected(String alias, List<String> columns) {
    return Sql.commas(
        columns,
        column ->
            Sql.of(
                """
                typeof({value}),
                CASE WHEN typeof({value}) IN ('text', 'blob') THEN hex(CAST({value} AS BLOB))
                  ELSE {value} END
                """,
                alias + '.' + Sql.name(column)));
  }

  /** Reads the first columns that {@link #selected} selects. */
  public static List<String> read(ResultSet row, int columns) throws SQLException {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      values.add(text(row, 1 + 2 * i));
    }
    return values;
  }

  private static String text(ResultSet row, int at) throws SQLException {
    String type = row.getString(at);
    return switch (type) {
      case NULL -> NULL;
      case "integer" -> "integer:" + row.getLong(at + 1);
      case "real" -> "real:" + HEX.toHexDigits(Double.doubleToRawLongBits(row.getDouble(at + 1)));
      default -> type + ':' + row.getString(at + 1).toLowerCase(Locale.ROOT);
    };
  }

  /** The SQL whose one parameter, {@link #parameter}, makes the value again. */
  public static String expression(String value) {
    return value.startsWith("text:") ? "CAST(? AS TEXT)" : "?";
  }

  /**
   * What to bind for {@link #expression}.
   *
   * @throws IllegalArgumentException if the text is not one that {@link #read} makes
   */
  public static @Nullable Object parameter(String value) {
    if (value.equals(NULL)) {
      return null;
    }
    int colon = value.indexOf(':');
    String rest = value.substring(colon + 1);
    return switch (value.substring(0, Math.max(colon, 0))) {
      case "integer" -> (Object) Long.parseLong(rest);
      case "real" -> (Object) Double.longBitsToDouble(HexFormat.fromHexDigitsToLong(rest));
      case "text", "blob" -> HEX.parseHex(rest);
      default -> throw new IllegalArgumentException("There is no value like " + value);
    };
  }

  /** A condition: a value is a text of digits that a whole number can be. */
  public static String isDigits(String value) {
    return "(typeof(%1$s) = 'text' AND %1$s <> '' AND %1$s NOT GLOB '*[^0-9]*' AND length(%1$s) < 19)"
        .formatted(value);
  }

  /** The whole number that a value is, or says in digits; else null. */
  public static String wholeNumber(String value) {
    return "CASE WHEN typeof(%1$s) = 'integer' OR %2$s THEN CAST(%1$s AS INTEGER) END"
        .formatted(value, isDigits(value));
  }

  /** A number, a text or bytes, as SQL. */
  public static String literal(Object value) {
    if (value instanceof byte[] bytes) {
      return "x'" + HEX.formatHex(bytes) + "'";
    }
    return value instanceof String text ? Sql.text(text) : String.valueOf(value);
  }

  /** A value, for people. */
  public static String shown(@Nullable Object value) {
    return value instanceof byte[] bytes
        ? "x'" + HexFormat.of().formatHex(bytes) + "'"
        : String.valueOf(value);
  }
}
