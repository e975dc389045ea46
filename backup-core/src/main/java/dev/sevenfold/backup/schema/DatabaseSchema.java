package dev.sevenfold.backup.schema;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The part of a database's schema that ownership depends on: tables, their columns and keys. Read
 * from the live database by its source. Names are compared without regard to ASCII case, as SQL
 * does. Immutable.
 *
 * @param tables every table, in the order of the schema
 */
public record DatabaseSchema(List<Table> tables) {

  /** What a table is made of. */
  public enum TableKind {
    /** Holds rows of its own. */
    ORDINARY,
    /** Derived by a module from other tables; or its storage. Rebuilt, never copied. */
    DERIVED,
    /**
     * A module's, with rows that no other table has: a search index with texts of its own. No
     * backup copies them, so that the model has to say whether they may be left out.
     */
    STANDALONE
  }

  /**
   * One table.
   *
   * @param name its name, not quoted
   * @param kind whether its rows are its own
   * @param columns all columns in their order, generated ones too
   * @param required those of them that are declared never to be null
   * @param primaryKey the columns of the primary key in their order; empty if it has none
   * @param foreignKeys the declared foreign keys
   */
  public record Table(
      String name,
      TableKind kind,
      List<String> columns,
      List<String> required,
      List<String> primaryKey,
      List<ForeignKey> foreignKeys) {

    /** Requires all parts and copies the lists. */
    public Table {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(kind, "kind");
      columns = List.copyOf(columns);
      required = List.copyOf(required);
      primaryKey = List.copyOf(primaryKey);
      foreignKeys = List.copyOf(foreignKeys);
    }

    /** The column with this name, as the table spells it. */
    public Optional<String> column(String column) {
      return columns.stream().filter(column::equalsIgnoreCase).findFirst();
    }
  }

  /**
   * A foreign key.
   *
   * @param columns the columns of the child
   * @param parent the table they point at
   * @param parentColumns the columns there, as many as {@code columns}
   */
  public record ForeignKey(List<String> columns, String parent, List<String> parentColumns) {
    /** Requires as many columns on both sides. */
    public ForeignKey {
      columns = List.copyOf(columns);
      Objects.requireNonNull(parent, "parent");
      parentColumns = List.copyOf(parentColumns);
      if (columns.isEmpty() || columns.size() != parentColumns.size()) {
        throw new IllegalArgumentException(
            "A foreign key from " + columns + " cannot point at " + parent + parentColumns);
      }
    }
  }

  /** Copies the list; refuses two tables of one name. */
  public DatabaseSchema {
    tables = List.copyOf(tables);
    index(tables);
  }

  /** The table with this name, without regard to case. */
  public Optional<Table> table(String name) {
    return tables.stream().filter(table -> table.name().equalsIgnoreCase(name)).findFirst();
  }

  private static Map<String, Table> index(List<Table> tables) {
    return tables.stream()
        .collect(Collectors.toMap(t -> t.name().toLowerCase(Locale.ROOT), Function.identity()));
  }
}
