package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.schema.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Keys of rows as people write them: the values of a key of several columns with a slash between
 * them, a slash in a value after a backslash, a blob in hexadecimal.
 */
public final class WrittenKey {

  /** A blob as previews show it. */
  private static final Pattern BLOB = Pattern.compile("^[xX]'([0-9a-fA-F]*)'$");

  private WrittenKey() {}

  /** A column of a key as people write it. */
  private static String text(String column) {
    return Sql.of(
        "CASE typeof({value}) WHEN 'blob' THEN lower(hex({value})) ELSE CAST({value} AS TEXT) END",
        column);
  }

  /** A key as people write it, of a row under {@code alias}. */
  public static String written(List<String> identity, String alias) {
    List<String> texts =
        identity.stream().map(column -> text(alias + '.' + Sql.name(column))).toList();
    return texts.size() == 1
        ? texts.get(0)
        : String.join(
            " || '/' || ",
            texts.stream()
                .map(t -> "replace(replace(" + t + ", '\\', '\\\\'), '/', '\\/')")
                .toList());
  }

  /** A condition: the row under {@code alias} has the key whose values are bound. */
  public static String names(List<String> identity, String alias) {
    return Sql.allOf(
        identity.stream()
            .map(
                column ->
                    Sql.of(
                        "CASE typeof({value}) WHEN 'blob' THEN hex({value}) = upper(?)"
                            + " ELSE CAST({value} AS TEXT) = ? END",
                        alias + '.' + Sql.name(column)))
            .toList());
  }

  /**
   * The values to bind.
   *
   * @throws RestoreRefused if the key has another number of columns
   */
  public static List<Object> bound(String table, List<String> identity, String key) {
    List<Object> values = new ArrayList<>();
    for (String part : parts(table, identity, key)) {
      values.add(BLOB.matcher(part).replaceFirst("$1"));
      values.add(part);
    }
    return values;
  }

  private static List<String> parts(String table, List<String> identity, String key) {
    if (identity.size() == 1) {
      return List.of(key);
    }
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c == '\\' && i + 1 < key.length()) {
        part.append(key.charAt(++i));
      } else if (c == '/') {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    if (parts.size() != identity.size()) {
      throw new RestoreRefused(
          "The row %s of table %s is named by %d values, and its key has %d columns: %s"
              .formatted(key, table, parts.size(), identity.size(), identity),
          List.of(),
          "Nothing was changed; write a key as its values with / between them, and a / in a value"
              + " as \\/");
    }
    return parts;
  }
}
