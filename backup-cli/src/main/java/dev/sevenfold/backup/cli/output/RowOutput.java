package dev.sevenfold.backup.cli.output;

import dev.sevenfold.backup.cli.run.Shell;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.source.RestorePlan.RowChange;
import dev.sevenfold.backup.source.RestorePlan.TableChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prints single rows that a restore changes, where they were asked for. */
public final class RowOutput {

  private RowOutput() {}

  public static void print(Shell shell, TableChange change) {
    for (RowChange row : change.rows()) {
      shell.print(
          word(row) + " in " + change.table() + name(row) + ": " + String.join(", ", values(row)));
    }
  }

  private static String word(RowChange row) {
    return row.kind().name().toLowerCase(Locale.ROOT);
  }

  /** By its key, as {@code --rows} takes it, and what people know it by. */
  private static String name(RowChange row) {
    return row.key().map(key -> ' ' + oneLine(key)).orElse("")
        + row.display().map(display -> " (" + oneLine(display) + ')').orElse("");
  }

  /** Of a row that is updated, the values that change. */
  private static List<String> values(RowChange row) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < row.columns().size(); i++) {
      String column = row.columns().get(i) + "=";
      if (row.kind() == RowChange.Kind.UPDATED) {
        String before = text(row.before().get(i));
        String after = text(row.after().get(i));
        if (!Objects.equals(before, after)) {
          values.add(column + before + " -> " + after);
        }
      } else {
        List<@Nullable String> all = row.before().isEmpty() ? row.after() : row.before();
        values.add(column + text(all.get(i)));
      }
    }
    return values;
  }

  /** A row's columns with their values. */
  static List<String> values(List<String> columns, List<@Nullable String> values) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      texts.add(line(columns.get(i)) + "=" + text(values.get(i)));
    }
    return texts;
  }

  /** One line, whatever a name or a key holds. */
  static String line(String text) {
    return Printable.of(text);
  }

  /** One line, whatever the value holds. */
  private static String text(@Nullable String value) {
    return value == null ? "NULL" : '\'' + oneLine(value) + '\'';
  }

  private static String oneLine(String value) {
    StringBuilder text = new StringBuilder();
    value.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c).forEach(text::appendCodePoint);
    return text.toString();
  }

  /** The rows of a table for JSON. */
  public static List<Map<String, Object>> rows(TableChange change) {
    return change.rows().stream()
        .map(
            row ->
                Json.object(
                    "kind", word(row),
                    "key", row.key(),
                    "display", row.display(),
                    "before", named(row.columns(), row.before()),
                    "after", named(row.columns(), row.after())))
        .toList();
  }

  static Optional<Map<String, Object>> named(List<String> columns, List<@Nullable String> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> named = Json.object();
    for (int i = 0; i < columns.size(); i++) {
      named.put(columns.get(i), Optional.ofNullable(values.get(i)));
    }
    return Optional.of(named);
  }
}
