package dev.sevenfold.backup.scratch;

import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.schema.Table.Column;
import dev.sevenfold.backup.schema.Table.ForeignKey;
import dev.sevenfold.backup.schema.Table.Unique;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the schema of one attached database through SQLite's own pragmas. */
public final class SchemaReader {

  private static final int EXPRESSION = -2;
  private static final int ROWID = -1;

  private record Listed(String name, String type, boolean withoutRowid) {}

  private record Reference(
      int id,
      String column,
      @Nullable String parentColumn,
      String parent,
      String onDelete,
      String onUpdate) {}

  private record Index(String name, boolean unique, String origin, boolean partial) {}

  /** What was written to make something; without a text where SQLite made it. */
  private record Made(String type, String name, @Nullable String sql) {}

  private final Session session;
  private final String schema;

  /** By the table that it belongs to, read as one: there is no index on names. */
  private final Map<String, List<Made>> made = new HashMap<>();

  private SchemaReader(Session session, String schema) {
    this.session = session;
    this.schema = schema;
  }

  public static Schema read(Session session, String schema) throws SQLException {
    return new SchemaReader(session, schema).read();
  }

  /** All that {@link #read} depends on, as one text: equal for equal schemas only. */
  public static String definitions(Session session, String schema) throws SQLException {
    String definitions =
        session.queryText(
            """
            SELECT group_concat(type || char(1) || name || char(1) || coalesce(sql, ''), char(2))
            FROM (SELECT type, name, sql FROM %s WHERE type IN ('table', 'index') ORDER BY rowid)
            """
                .formatted(Sql.name(schema, "sqlite_schema")));
    // Which tables are the storage of a virtual one is for its module to say, if that is loaded.
    return definitions == null || !definitions.toUpperCase(Locale.ROOT).contains("VIRTUAL")
        ? String.valueOf(definitions)
        : definitions + new SchemaReader(session, schema).listed();
  }

  private Schema read() throws SQLException {
    session.query(
        Sql.of(
            "SELECT tbl_name, type, name, sql FROM \"{schema}\".sqlite_schema ORDER BY name",
            schema),
        row ->
            made.computeIfAbsent(folded(row.getString(1)), any -> new ArrayList<>())
                .add(new Made(row.getString(2), row.getString(3), row.getString(4))));
    List<Table> tables = new ArrayList<>();
    List<String> derived = new ArrayList<>();
    List<String> standalone = new ArrayList<>();
    List<Listed> all = listed();
    for (Listed listed : all) {
      if (listed.type().equals("table")) {
        tables.add(table(listed));
      } else {
        derived.add(listed.name());
        if (listed.type().equals("virtual") && keepsRows(listed.name(), all)) {
          standalone.add(listed.name());
        }
      }
    }
    return new Schema(withPrimaryKeysOfParents(tables), derived, standalone);
  }

  private boolean keepsRows(String virtual, List<Listed> all) {
    String storage = folded(virtual) + '_';
    return VirtualTable.of(definition("table", virtual, virtual))
        .keepsRows(
            all.stream()
                .anyMatch(
                    other ->
                        other.type().equals("shadow") && folded(other.name()).startsWith(storage)));
  }

  private List<Listed> listed() throws SQLException {
    return session.query(
        """
        SELECT name, type, wr FROM pragma_table_list
        WHERE schema = ? AND type IN ('table', 'virtual', 'shadow')
          AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        ORDER BY name
        """,
        row -> new Listed(row.getString(1), row.getString(2), row.getBoolean(3)), schema);
  }

  private Table table(Listed listed) throws SQLException {
    String name = listed.name();
    List<Index> indexes = indexes(name);
    Map<String, String> collations = collations(indexes);
    List<Column> columns = new ArrayList<>();
    Map<Integer, String> keyParts = new TreeMap<>();
    session.query(
        "SELECT name, type, pk, hidden, \"notnull\", coalesce(dflt_value, 'NULL')"
            + " FROM pragma_table_xinfo(?, ?) ORDER BY cid",
        row -> {
          String column = row.getString(1);
          columns.add(
              new Column(
                  column,
                  row.getString(2),
                  row.getBoolean(5),
                  row.getInt(4) != 0,
                  collations.getOrDefault(column, "BINARY"),
                  collations.containsKey(column),
                  row.getString(6)));
          if (row.getInt(3) > 0) {
            keyParts.put(row.getInt(3), column);
          }
          return name;
        },
        name,
        schema);
    List<String> primaryKey = List.copyOf(keyParts.values());
    boolean aliased =
        !listed.withoutRowid()
            && primaryKey.size() == 1
            && indexes.stream().noneMatch(index -> index.origin().equals("pk"));
    List<String> key =
        listed.withoutRowid() || aliased ? primaryKey : List.of(rowidName(name, columns));
    return new Table(
        name,
        definition("table", name, name),
        columns,
        key,
        !listed.withoutRowid(),
        primaryKey,
        uniques(name, indexes, listed.withoutRowid()),
        foreignKeys(name),
        definitions(name));
  }

  private static String rowidName(String table, List<Column> columns) {
    for (String candidate : List.of("rowid", "_rowid_", "oid")) {
      if (columns.stream().noneMatch(column -> column.name().equalsIgnoreCase(candidate))) {
        return candidate;
      }
    }
    throw new InvalidTenantModel(
        "Table " + table + " has columns named rowid, _rowid_ and oid, and none of them is its key",
        "Its rows cannot be addressed; declare the table ignored, or rename a column");
  }

  private List<Index> indexes(String table) throws SQLException {
    return session.query(
        "SELECT name, \"unique\", origin, partial FROM pragma_index_list(?, ?) ORDER BY seq",
        row -> new Index(row.getString(1), row.getBoolean(2), row.getString(3), row.getBoolean(4)),
        table,
        schema);
  }

  /** SQLite has no pragma for the collation of a column, but for that of each index on it. */
  private Map<String, String> collations(List<Index> indexes) throws SQLException {
    Map<String, String> collations = new HashMap<>();
    // Those that belong to the table's definition have the last word; before them, those that a
    // foreign key may point at, as it needs a unique index with the column's own collation.
    List<Index> weakestFirst = new ArrayList<>(indexes);
    weakestFirst.sort(
        Comparator.comparing((Index index) -> !index.origin().equals("c"))
            .thenComparing(Index::unique));
    for (Index index : weakestFirst) {
      session.query(
          "SELECT name, coll FROM pragma_index_xinfo(?, ?) WHERE key AND cid >= 0",
          row -> collations.put(row.getString(1), row.getString(2)),
          index.name(),
          schema);
    }
    return collations;
  }

  private List<Unique> uniques(String table, List<Index> indexes, boolean withoutRowid)
      throws SQLException {
    List<Unique> uniques = new ArrayList<>();
    for (Index index : indexes) {
      // The key of a table WITHOUT ROWID is what addresses its rows, and is compared as such.
      if (index.unique() && !(withoutRowid && index.origin().equals("pk"))) {
        uniques.add(unique(table, index));
      }
    }
    return uniques;
  }

  private Unique unique(String table, Index index) throws SQLException {
    String definition = index.origin().equals("c") ? definition("index", index.name(), table) : "";
    List<String> written = SqlText.terms(definition);
    List<String> terms = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    List<String> collations = new ArrayList<>();
    session.query(
        "SELECT cid, name, coll FROM pragma_index_xinfo(?, ?) WHERE key ORDER BY seqno",
        row -> {
          collations.add(row.getString(3));
          if (row.getInt(1) == EXPRESSION || row.getInt(1) == ROWID) {
            if (terms.size() >= written.size()) {
              throw undefined("index", index.name());
            }
            return terms.add(written.get(terms.size()));
          }
          columns.add(row.getString(2));
          return terms.add(Sql.name(row.getString(2)));
        },
        index.name(),
        schema);
    boolean plain = columns.size() == terms.size();
    return new Unique(
        index.name(),
        terms,
        plain ? columns : List.of(),
        collations,
        index.partial() ? SqlText.condition(definition) : "");
  }

  private List<ForeignKey> foreignKeys(String table) throws SQLException {
    Map<Integer, List<Reference>> byId = new LinkedHashMap<>();
    session
        .query(
            """
            SELECT id, "from", "to", "table", on_delete, on_update
            FROM pragma_foreign_key_list(?, ?) ORDER BY id DESC, seq
            """,
            row ->
                new Reference(
                    row.getInt(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6)),
            table,
            schema)
        .forEach(part -> byId.computeIfAbsent(part.id(), id -> new ArrayList<>()).add(part));
    List<ForeignKey> keys = new ArrayList<>();
    for (List<Reference> parts : byId.values()) {
      Reference first = parts.get(0);
      // A reference without columns points at the parent's primary key, which is filled in later.
      keys.add(
          new ForeignKey(
              parts.stream().map(Reference::column).toList(),
              first.parent(),
              first.parentColumn() == null
                  ? List.of()
                  : parts.stream().map(part -> String.valueOf(part.parentColumn())).toList(),
              first.onDelete(),
              first.onUpdate()));
    }
    return keys;
  }

  private static List<Table> withPrimaryKeysOfParents(List<Table> tables) {
    Schema all = new Schema(tables, List.of(), List.of());
    return tables.stream()
        .map(
            table ->
                new Table(
                    table.name(),
                    table.definition(),
                    table.columns(),
                    table.key(),
                    table.hasRowid(),
                    table.primaryKey(),
                    table.uniques(),
                    table.foreignKeys().stream()
                        .flatMap(key -> resolved(key, all).stream())
                        .toList(),
                    table.indexes()))
        .toList();
  }

  /** Empty where the parent does not exist, or has no such key: SQLite never follows such a one. */
  private static Optional<ForeignKey> resolved(ForeignKey key, Schema all) {
    return all.find(key.parent())
        .map(
            parent ->
                new ForeignKey(
                    key.columns(),
                    parent.name(),
                    key.parentColumns().isEmpty()
                        ? parent.primaryKey()
                        : parent.spelled(key.parentColumns()),
                    key.onDelete(),
                    key.onUpdate()))
        .filter(resolved -> resolved.parentColumns().size() == resolved.columns().size());
  }

  private String definition(String type, String name, String table) {
    return made(table)
        .filter(each -> each.type().equals(type) && folded(each.name()).equals(folded(name)))
        .flatMap(each -> Optional.ofNullable(each.sql()).stream())
        .findFirst()
        .orElseThrow(() -> undefined(type, name));
  }

  private static InvalidTenantModel undefined(String type, String name) {
    return new InvalidTenantModel(
        "The schema does not define " + type + ' ' + name + ", which SQLite lists",
        "Run PRAGMA integrity_check on the database; restore it from a system backup if it is"
            + " damaged");
  }

  private List<String> definitions(String table) {
    return made(table)
        .filter(each -> each.type().equals("index"))
        .flatMap(each -> Optional.ofNullable(each.sql()).stream())
        .toList();
  }

  private Stream<Made> made(String table) {
    return made.getOrDefault(folded(table), List.of()).stream();
  }

  /** A name as SQLite compares it: the case of ASCII letters alone does not count. */
  private static String folded(String name) {
    StringBuilder folded = new StringBuilder(name);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      folded.setCharAt(i, c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c);
    }
    return folded.toString();
  }
}
