package dev.sevenfold.backup.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One ordinary table, with what copying and comparing its rows depends on, as SQLite has it: for
 * another engine, as its workbench does. Immutable.
 *
 * <p>Where an engine's table has no primary key, its row id is a number by which the engine finds
 * the row again, for as long as nobody has changed it.
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
public record Table(
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
  private static final String TEXT = "TEXT";

  /**
   * A column.
   *
   * @param type the declared type, possibly empty
   * @param required whether it is declared never to be null
   * @param generated whether its value is computed
   * @param collation how its texts are compared, as far as its indexes tell; else {@code BINARY}
   * @param indexed whether an index tells
   * @param byDefault what a row has that gives no value, as SQL: {@code NULL} if nothing is
   *     declared
   */
  public record Column(
      String name,
      String type,
      boolean required,
      boolean generated,
      String collation,
      boolean indexed,
      String byDefault) {

    /** Whether the value that nobody gives is none. */
    public boolean isNullByDefault() {
      return byDefault.equalsIgnoreCase("NULL");
    }

    /**
     * Whether values stay what they are: 1 and 1.0, 0.0 and -0.0 can be told apart. Other columns
     * turn what they store into one of them, by their affinity.
     */
    public boolean keepsTypes() {
      return affinity().isEmpty();
    }

    /** Whether numbers are turned into integers where that loses nothing. */
    public boolean isNumeric() {
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
   * A unique index. What it says is evaluated on the workbench too: one that SQLite cannot evaluate
   * is left out by the engine, and is only found to be broken when rows are written.
   *
   * @param terms what is unique together, as SQL: columns, quoted, and expressions
   * @param columns its columns; empty if it has an expression among them
   * @param collations the collation of each term
   * @param condition the condition of a partial index; empty if it has none
   */
  public record Unique(
      String index,
      List<String> terms,
      List<String> columns,
      List<String> collations,
      String condition) {}

  /** A declared foreign key with its actions. */
  public record ForeignKey(
      List<String> columns,
      String parent,
      List<String> parentColumns,
      String onDelete,
      String onUpdate) {}

  public Table {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
    primaryKey = List.copyOf(primaryKey);
    uniques = List.copyOf(uniques);
    foreignKeys = List.copyOf(foreignKeys);
    indexes = List.copyOf(indexes);
  }

  /** The columns that hold a value of their own: what is copied, compared and digested. */
  public List<String> stored() {
    return columns.stream().filter(column -> !column.generated()).map(Column::name).toList();
  }

  /** The stored columns, and before them the row id where no column is an alias of it. */
  public List<String> copied() {
    return hasHiddenRowid() ? Stream.concat(key.stream(), stored().stream()).toList() : stored();
  }

  /** Whether the row id is a column of the table, so that it means something to the host. */
  public boolean hasIntegerPrimaryKey() {
    return hasRowid && stored().contains(key.get(0));
  }

  /** Whether rows are addressed by a row id that no column shows, and that another may get. */
  public boolean hasHiddenRowid() {
    return hasRowid && !hasIntegerPrimaryKey();
  }

  /** The columns that say which row is which, whenever it is seen; empty if none do. */
  public List<String> identity() {
    return hasHiddenRowid() ? primaryKey : key;
  }

  /** Names for the columns of the key, by their number: {@code k0, k1, …}. */
  public List<String> numberedKey(String prefix) {
    return IntStream.range(0, key.size()).mapToObj(i -> prefix + i).toList();
  }

  /** These columns as the table spells them; those that it does not have are left out. */
  public List<String> spelled(List<String> names) {
    return names.stream()
        .flatMap(
            wanted -> columns.stream().map(Column::name).filter(wanted::equalsIgnoreCase).limit(1))
        .toList();
  }

  /**
   * Columns of a row of {@code child}, for a comparison with the {@code own} columns of this table
   * that they point at: by the collation and the affinity of what is pointed at, as a foreign key
   * compares.
   */
  public String compared(Table child, String alias, List<String> columns, List<String> own) {
    List<String> parts = pointers(child, alias, columns, own);
    return parts.size() == 1 ? parts.get(0) : '(' + String.join(", ", parts) + ')';
  }

  /** The same columns, one by one, as what an {@code IN} that has the own columns selects. */
  public String selected(Table child, String alias, List<String> columns, List<String> own) {
    return String.join(", ", pointers(child, alias, columns, own));
  }

  /** A condition: the row of {@code child} under its alias points at the row under {@code ours}. */
  public String isPointedAt(
      Table child, String alias, List<String> columns, String ours, List<String> own) {
    List<String> parts = pointers(child, alias, columns, own);
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      conditions.add(parts.get(i) + " = " + ours + '.' + Sql.name(own.get(i)));
    }
    return Sql.allOf(conditions);
  }

  private List<String> pointers(Table child, String alias, List<String> columns, List<String> own) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      parts.add(pointer(child, alias, columns.get(i), own.get(i)));
    }
    return parts;
  }

  private String pointer(Table child, String alias, String column, String own) {
    String value = alias + '.' + Sql.name(column);
    if (imposes(child.affinity(column), affinity(own))) {
      value = '+' + value; // has no affinity
    }
    boolean same = child.isIndexed(column) && child.collation(column).equals(collation(own));
    // Only where it is needed: among several columns, a collation is in the way of an index.
    return isIndexed(own) && !same ? value + " COLLATE " + Sql.name(collation(own)) : value;
  }

  /**
   * Whether a comparison of two columns would turn values of the second one into what the first one
   * holds. A foreign key only ever does that to those of the first.
   */
  private static boolean imposes(String child, String own) {
    if (child.isEmpty() || child.equals(own)) {
      return false;
    }
    return child.equals(TEXT) ? own.isEmpty() : own.isEmpty() || own.equals(TEXT);
  }

  /** Whether the collation of a column is known. */
  private boolean isIndexed(String column) {
    return find(column).filter(Column::indexed).isPresent();
  }

  /** The column with this name, which must be there. */
  public Column column(String name) {
    return find(name)
        .orElseThrow(() -> new IllegalArgumentException("Table " + this.name + " has no " + name));
  }

  /** How texts of a column are compared. */
  public String collation(String column) {
    return find(column).map(Column::collation).orElse(BINARY);
  }

  /** What decides how values of a column are compared; empty if they are compared as they are. */
  public String affinity(String column) {
    return find(column).map(Column::affinity).orElse("");
  }

  private Optional<Column> find(String column) {
    return columns.stream()
        .filter(candidate -> candidate.name().equalsIgnoreCase(column))
        .findFirst();
  }

  /** The part of the schema that ownership depends on. */
  public DatabaseSchema.Table toSchema() {
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
