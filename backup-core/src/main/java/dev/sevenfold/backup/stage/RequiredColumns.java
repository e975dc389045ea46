package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The columns of a live table that must have a value, held against the archived rows: those without
 * one take the column's default, or are in the way.
 */
final class RequiredColumns {

  private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");
  private static final Set<String> CONSTANTS =
      Set.of("NULL", "TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP");

  private final Map<String, String> defaults = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<String> conflicts = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private RequiredColumns() {}

  /**
   * Looks at every column but those that are given a value otherwise.
   *
   * @param given their names, as the live table spells them
   */
  static RequiredColumns of(Session session, Table now, Table then, List<String> given)
      throws SQLException {
    RequiredColumns required = new RequiredColumns();
    List<Table.Column> columns = new ArrayList<>(now.columns());
    columns.removeIf(column -> !column.required() || column.generated());
    columns.removeIf(column -> given.contains(column.name()));
    columns.sort(Comparator.comparing(Table.Column::name));
    for (Table.Column column : columns) {
      required.hold(session, now, then, column);
    }
    return required;
  }

  private void hold(Session session, Table now, Table then, Table.Column required)
      throws SQLException {
    String column = required.name();
    String byDefault = required.byDefault();
    boolean isNew = then.spelled(List.of(column)).isEmpty();
    String archived = Sql.name(Stage.ARCHIVE, then.name());
    String isNull = isNew ? "" : " WHERE " + Sql.name(column) + " IS NULL";
    long without = session.queryLong("SELECT count(*) FROM " + archived + isNull);
    boolean hasDefault = !required.isNullByDefault();
    if (without == 0 || (isNew && hasDefault)) {
      return;
    }
    String name = now.name() + '.' + column;
    if (hasDefault) {
      defaults.put(column, expression(session, byDefault));
      notes.add(
          "Column %s must have a value by now; %s archived rows without one take its default %s"
              .formatted(name, without, byDefault));
    } else {
      conflicts.add(
          "column %s%s must have a value by now and has no default; %s archived rows have none"
              .formatted(name, isNew ? " is newer than the archive," : "", without));
    }
  }

  /** A default may be text in double quotes or in none, which elsewhere would name a column. */
  private static String expression(Session session, String byDefault) throws SQLException {
    if (byDefault.startsWith("\"")) {
      return session.queryText("SELECT quote(" + byDefault + ")");
    }
    boolean isText =
        WORD.matcher(byDefault).matches()
            && !CONSTANTS.contains(byDefault.toUpperCase(Locale.ROOT));
    return isText ? Sql.text(byDefault) : byDefault;
  }

  /** The value of an archived row under {@code alias}, as SQL. */
  String value(String alias, String column) {
    String name = alias + '.' + Sql.name(column);
    String byDefault = defaults.get(column);
    return byDefault == null ? name : "coalesce(" + name + ", (" + byDefault + "))";
  }

  /** A condition: the archived row under {@code alias} has no value for the column, by right. */
  String takesDefault(String alias, String column) {
    return defaults.containsKey(column) ? alias + '.' + Sql.name(column) + " IS NULL" : "0";
  }

  List<String> conflicts() {
    return conflicts;
  }

  List<String> notes() {
    return notes;
  }
}
