package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The columns of a live table that must have a value, held against the archived rows: those without
 * one take the column's default, or are in the way.
 */
final class RequiredColumns {

  private final List<String> defaulted = new ArrayList<>();
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
      defaulted.add(column);
      notes.add(
          "Column %s must have a value by now; %s archived rows without one take its default %s"
              .formatted(name, without, required.byDefault()));
    } else {
      conflicts.add(
          "column %s%s must have a value by now and has no default; %s archived rows have none"
              .formatted(name, isNew ? " is newer than the archive," : "", without));
    }
  }

  /** The columns that take their default where the archived row has no value. */
  List<String> defaulted() {
    return defaulted;
  }

  /** A condition: the archived row under {@code alias} has no value for the column, by right. */
  String takesDefault(String alias, String column) {
    return defaulted.contains(column) ? alias + '.' + Sql.name(column) + " IS NULL" : "0";
  }

  List<String> conflicts() {
    return conflicts;
  }

  List<String> notes() {
    return notes;
  }
}
