package dev.sevenfold.backup.engine.postgresql;

import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A type of the server, and how its values are kept in SQLite: whole numbers, reals and bytes as
 * such, everything else as the text that the server has for it. Immutable.
 *
 * @param name without what limits it, so that a cast cuts nothing off
 * @param declared as the column has it, {@code numeric(12,2)}
 */
record PostgresType(String name, String declared) {

  private static final Set<String> WHOLE = Set.of("smallint", "integer", "bigint");
  private static final Set<String> REAL = Set.of("real", "double precision");
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");
  private static final Pattern UUID =
      Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /** The type of a column in SQLite. */
  String inSqlite() {
    if (WHOLE.contains(name)) {
      return "INTEGER";
    }
    return REAL.contains(name) ? "REAL" : name.equals("bytea") ? "BLOB" : "TEXT";
  }

  @Nullable Object toSqlite(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return switch (inSqlite()) {
      case "INTEGER" -> (Object) Long.parseLong(text);
      case "REAL" -> (Object) Double.parseDouble(text);
      case "BLOB" -> HexFormat.of().parseHex(text.substring(2));
      default -> text;
    };
  }

  /** The text that the server reads a value of SQLite from. */
  static @Nullable String fromSqlite(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return "\\x" + HexFormat.of().formatHex(bytes);
    }
    return value == null ? null : value.toString();
  }

  /** Whether a value of this type can read like that. */
  boolean mayBe(String text) {
    if (WHOLE.contains(name)) {
      return NUMBER.matcher(text).matches();
    }
    return !name.equals("uuid") || UUID.matcher(text).matches();
  }
}
