package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import java.util.ArrayList;
import java.util.List;

/** Conditions over two rows of one table: is it the same row, and has it the same values? */
public final class RowMatch {

  private static final String LOWEST = "-9223372036854775808";

  private RowMatch() {}

  /**
   * Both rows, of tables with one definition, hold the same values, by type: 1 is not 1.0, 'a' is
   * not 'A' whatever the collation, and -0.0 is not 0.0.
   */
  public static String isExact(Table table, String left, String right) {
    return isExact(table, table.stored(), left, right);
  }

  /** As {@link #isExact(Table, String, String)}, for some of the columns. */
  public static String isExact(Table table, List<String> columns, String left, String right) {
    return compared(table, columns, left, right, false);
  }

  /** As {@link #isExact}, where the other row is of a table with other types. */
  public static String isExactByType(Table table, List<String> columns, String left, String right) {
    return compared(table, columns, left, right, true);
  }

  private static String compared(
      Table table, List<String> columns, String left, String right, boolean otherTypes) {
    List<String> conditions = new ArrayList<>();
    for (Table.Column column : table.columns()) {
      if (columns.contains(column.name())) {
        String a = left + '.' + Sql.name(column.name());
        String b = right + '.' + Sql.name(column.name());
        conditions.add(a + " IS " + b + " COLLATE BINARY");
        if (otherTypes || column.keepsTypes()) {
          conditions.add(Sql.of("typeof({a}) = typeof({b})", a, b));
        } else if (column.isNumeric()) {
          // The one number that such a column has as an integer and as a real.
          conditions.add(
              Sql.of("({a} IS NOT {lowest} OR typeof({a}) = typeof({b}))", a, LOWEST, b));
        }
        if (column.keepsTypes()) {
          conditions.add(
              Sql.of(
                  "(typeof({a}) <> 'real' OR {a} <> 0.0 OR {sign of a} = {sign of b})",
                  a,
                  sign(a),
                  sign(b)));
        }
      }
    }
    return Sql.allOf(conditions);
  }

  /** What tells a negative zero from zero, which SQL takes for equal. */
  private static String sign(String real) {
    return "atan2(" + real + ", -1.0)";
  }

  /** Both are the same row by the key that addresses it. */
  public static String isSameKey(Table table, String left, String right) {
    return Sql.equal(left, table.key(), right, table.key());
  }

  /**
   * Selects the rows of a table whose keys tell nothing: their {@code print}, a {@code number}
   * among those that share it, and their key {@code k}. Two sides have the same rows if they have
   * the same prints and numbers.
   */
  public static String numbered(Table table, String rows) {
    return Sql.of(
        """
        SELECT print, row_number() OVER (PARTITION BY print ORDER BY k) AS number, k
        FROM (SELECT {print} AS print, t."{key}" AS k FROM {rows} t)
        """,
        fingerprint(table, "t"),
        table.key().get(0),
        rows);
  }

  /** A text that rows share if, and but for rounding of reals only if, they are exactly equal. */
  public static String fingerprint(Table table, String alias) {
    return fingerprint(table.stored(), alias);
  }

  /** As {@link #fingerprint(Table, String)}, of these columns alone. */
  public static String fingerprint(List<String> columns, String alias) {
    List<String> parts = new ArrayList<>();
    for (String name : columns) {
      String column = alias + '.' + Sql.name(name);
      parts.add(
          Sql.of(
              """
              typeof({value}) || ':' || CASE typeof({value})
                WHEN 'real' THEN printf('%!.17g', {value})
                  || CASE {value} WHEN 0.0 THEN {sign} ELSE '' END
                ELSE coalesce(hex(CAST({value} AS BLOB)), '') END || ','
              """,
              column, sign(column)));
    }
    return Sql.concatenated(parts);
  }
}
