package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.tenant.DatabaseSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One ordinary table of a SQLite database, with what copying and comparing its rows depends on.
 * Immutable.
 *
 * @param name its name, not quoted
 * @param definition the {@code CREATE TABLE} statement as the schema has it
 * @param columns all columns in their order
 * @param key what addresses a row: the row id under a name that works, or the primary key of a
 *     table {@code WITHOUT ROWID}
 * @param hasRowid whether {@code key} is the row id
 * @param primaryKey the declared primary key; empty if there is none
 * @param uniques what must be unique beside {@code key}, the declared primary key among them
 * @param foreignKeys the declared foreign keys
 * @param indexes the {@code CREATE INDEX} statements
 */
record SqliteTable(
    String name,
    String definition,
    List<Column> columns,
    List<String> key,
    boolean hasRowid,
    List<String> primaryKey,
    List<Unique> uniques,
    List<ForeignKey> foreignKeys,
    List<String> indexes) {

  private static final String BINARY = "BINARY";

  /**
   * A column.
   *
   * @param type the declared type, possibly empty
   * @param required whether it is declared never to be null
   * @param generated whether its value is computed
   * @param collation how its texts are compared, as far as its indexes tell; else {@code BINARY}
   */
  record Column(String name, String type, boolean required, boolean generated, String collation) {

    /**
     * Whether values stay what they are: 1 and 1.0, 0.0 and -0.0 can be told apart. Other columns
     * turn what they store into one of them, by their affinity.
     */
    boolean keepsTypes() {
      return affinity().isEmpty();
    }

    /** Whether numbers are turned into integers where that loses nothing. */
    boolean isNumeric() {
      return affinity().equals("INTEGER") || affinity().equals("NUMERIC");
    }

    /**
     * What decides how its values are compared, as a type's name; empty if they are compared as
     * they are. An index on a column of another affinity is of no use for it.
     */
    String affinity() {
      String upper = type.toUpperCase(Locale.ROOT);
      if (upper.contains("INT")) {
        return "INTEGER";
      }
      if (upper.contains("CHAR") || upper.contains("CLOB") || upper.contains("TEXT")) {
        return "TEXT";
      }
      if (upper.isEmpty() || upper.contains("BLOB") || upper.equals("ANY")) {
        return "";
      }
      boolean real = upper.contains("REAL") || upper.contains("FLOA") || upper.contains("DOUB");
      return real ? "REAL" : "NUMERIC";
    }
  }

  /**
   * A unique index.
   *
   * @param terms what is unique together, as SQL: columns, quoted, and expressions
   * @param columns its columns; empty if it has an expression among them
   * @param collations the collation of each term
   * @param condition the condition of a partial index; empty if it has none
   */
  record Unique(
      String index,
      List<String> terms,
      List<String> columns,
      List<String> collations,
      String condition) {}

  /** A declared foreign key with its actions. */
  record ForeignKey(
      List<String> columns,
      String parent,
      List<String> parentColumns,
      String onDelete,
      String onUpdate) {}

  SqliteTable {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
    primaryKey = List.copyOf(primaryKey);
    uniques = List.copyOf(uniques);
    foreignKeys = List.copyOf(foreignKeys);
    indexes = List.copyOf(indexes);
  }

  /** The columns that hold a value of their own: what is copied, compared and digested. */
  List<String> stored() {
    return columns.stream().filter(column -> !column.generated()).map(Column::name).toList();
  }

  /** The stored columns, and before them the row id where no column is an alias of it. */
  List<String> copied() {
    if (!hasRowid || stored().contains(key.get(0))) {
      return stored();
    }
    return Stream.concat(key.stream(), stored().stream()).toList();
  }

  /** Whether the row id is a column of the table, so that it means something to the host. */
  boolean hasIntegerPrimaryKey() {
    return hasRowid && stored().contains(key.get(0));
  }

  /** The columns that say which row is which, whenever it is seen; empty if none do. */
  List<String> identity() {
    return hasRowid && !hasIntegerPrimaryKey() ? primaryKey : key;
  }

  /** These columns as the table spells them; those that it does not have are left out. */
  List<String> spelled(List<String> names) {
    return names.stream()
        .flatMap(
            wanted -> columns.stream().map(Column::name).filter(wanted::equalsIgnoreCase).limit(1))
        .toList();
  }

  /**
   * Columns of another table's row, for a comparison with {@code own} columns of this table: by the
   * collation of what is pointed at, as a foreign key compares.
   */
  String compared(String alias, List<String> columns, List<String> own) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String collation = collation(own.get(i));
      parts.add(
          alias
              + '.'
              + Sql.name(columns.get(i))
              + (collation.equals(BINARY) ? "" : " COLLATE " + Sql.name(collation)));
    }
    return parts.size() == 1 ? parts.get(0) : '(' + String.join(", ", parts) + ')';
  }

  /** How texts of a column are compared. */
  String collation(String column) {
    return find(column).map(Column::collation).orElse(BINARY);
  }

  /** What decides how values of a column are compared; empty if they are compared as they are. */
  String affinity(String column) {
    return find(column).map(Column::affinity).orElse("");
  }

  private Optional<Column> find(String column) {
    return columns.stream()
        .filter(candidate -> candidate.name().equalsIgnoreCase(column))
        .findFirst();
  }

  /** The part of the schema that ownership depends on. */
  DatabaseSchema.Table toSchema() {
    return new DatabaseSchema.Table(
        name,
        DatabaseSchema.TableKind.ORDINARY,
        columns.stream().map(Column::name).toList(),
        columns.stream()
            .filter(column -> column.required() || (hasRowid && key.contains(column.name())))
            .map(Column::name)
            .toList(),
        primaryKey,
        foreignKeys.stream()
            .map(
                foreignKey ->
                    new DatabaseSchema.ForeignKey(
                        foreignKey.columns(), foreignKey.parent(), foreignKey.parentColumns()))
            .toList());
  }
}
