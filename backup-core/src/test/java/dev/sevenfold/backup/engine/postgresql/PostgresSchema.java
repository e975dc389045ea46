package dev.sevenfold.backup.engine.postgresql;

import static java.util.Objects.requireNonNull;

import dev.sevenfold.backup.schema.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the server, and the statements that make tables like them in SQLite: so an archive
 * says what they were, and whatever reads a schema of SQLite reads this one. Immutable.
 *
 * @param catalog all that the rest follows from
 * @param types from a table to its columns to their types
 * @param definitions what makes the tables in SQLite, and their unique indexes
 */
record PostgresSchema(
    List<List<@Nullable String>> catalog,
    Map<String, Map<String, PostgresType>> types,
    List<String> definitions) {

  private static final String SEPARATOR = "\u001f";
  private static final Pattern CONSTANT =
      Pattern.compile("(-?\\d+(?:\\.\\d+)?|true|false|'(?:[^']|'')*')(?:::[a-z \\[\\]]+)?");

  /** Tables, keys and references in one go: a line for each column, index and foreign key. */
  private static final String CATALOG =
      """
      WITH tables AS (SELECT oid, relname FROM pg_class WHERE relkind = 'r'
        AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'sevenfold\\_%')
      SELECT t.relname, 'column', a.attname, format_type(a.atttypid, -1),
        format_type(a.atttypid, a.atttypmod), a.attnotnull::text, pg_get_expr(d.adbin, d.adrelid), a.attnum
      FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid
        LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
      WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      UNION ALL
      SELECT t.relname, CASE WHEN i.indisprimary THEN 'primary' ELSE 'unique' END, x.relname,
        string_agg(a.attname, chr(31) ORDER BY k.n), NULL, NULL, NULL, 0
      FROM tables t JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class x ON x.oid = i.indexrelid
        CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, n)
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum
      WHERE i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
      GROUP BY t.relname, i.indisprimary, x.relname
      UNION ALL
      SELECT t.relname, 'foreign', c.conname, string_agg(a.attname, chr(31) ORDER BY k.n),
        p.relname, string_agg(b.attname, chr(31) ORDER BY k.n), c.confdeltype || c.confupdtype::text, 0
      FROM tables t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'f'
        JOIN tables p ON p.oid = c.confrelid
        CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY k (child, parent, n)
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.child
        JOIN pg_attribute b ON b.attrelid = p.oid AND b.attnum = k.parent
      GROUP BY t.relname, c.conname, p.relname, c.confdeltype, c.confupdtype
      ORDER BY 1, 2, 8, 3
      """;

  private static final Map<Character, String> ACTIONS =
      Map.of(
          'c', "CASCADE", 'n', "SET NULL", 'd', "SET DEFAULT", 'r', "RESTRICT", 'a', "NO ACTION");

  static PostgresSchema read(PostgresWire wire) throws SQLException {
    List<List<@Nullable String>> catalog = wire.query(CATALOG);
    Map<String, List<List<@Nullable String>>> tables = new TreeMap<>();
    for (List<@Nullable String> line : catalog) {
      tables.computeIfAbsent(text(line, 0), name -> new ArrayList<>()).add(line);
    }
    Map<String, Map<String, PostgresType>> types = new TreeMap<>();
    List<String> definitions = new ArrayList<>();
    List<String> uniques = new ArrayList<>();
    tables.forEach(
        (name, lines) -> {
          Map<String, PostgresType> columns = new TreeMap<>();
          of(lines, "column")
              .forEach(
                  line ->
                      columns.put(text(line, 2), new PostgresType(text(line, 3), text(line, 4))));
          types.put(name, columns);
          definitions.add(define(name, lines, columns));
          of(lines, "unique")
              .forEach(
                  line ->
                      uniques.add(
                          "CREATE UNIQUE INDEX %s ON %s (%s)"
                              .formatted(
                                  Sql.name(text(line, 2)),
                                  Sql.name(name),
                                  Sql.columns(names(line, 3)))));
        });
    definitions.addAll(uniques);
    return new PostgresSchema(catalog, types, definitions);
  }

  private static String define(
      String name, List<List<@Nullable String>> lines, Map<String, PostgresType> types) {
    List<String> parts = new ArrayList<>();
    of(lines, "column").forEach(line -> parts.add(column(line)));
    List<List<@Nullable String>> primary = of(lines, "primary");
    if (primary.isEmpty()) {
      throw new IllegalArgumentException(
          "Table "
              + name
              + " has no primary key: nothing of the server's addresses a row for long");
    }
    List<String> key = names(primary.get(0), 3);
    parts.add("PRIMARY KEY (" + Sql.columns(key) + ')');
    for (List<@Nullable String> line : of(lines, "foreign")) {
      parts.add(
          "FOREIGN KEY (%s) REFERENCES %s (%s) ON DELETE %s ON UPDATE %s"
              .formatted(
                  Sql.columns(names(line, 3)),
                  Sql.name(text(line, 4)),
                  Sql.columns(names(line, 5)),
                  ACTIONS.get(text(line, 6).charAt(0)),
                  ACTIONS.get(text(line, 6).charAt(1))));
    }
    boolean isRowid =
        key.size() == 1 && requireNonNull(types.get(key.get(0))).inSqlite().equals("INTEGER");
    return "CREATE TABLE %s (\n  %s\n)%s"
        .formatted(Sql.name(name), String.join(",\n  ", parts), isRowid ? "" : " WITHOUT ROWID");
  }

  /** The server's type stands in a comment, so that a definition changes with it. */
  private static String column(List<@Nullable String> line) {
    PostgresType type = new PostgresType(text(line, 3), text(line, 4));
    String byDefault = line.get(6);
    return Sql.name(text(line, 2))
        + ' '
        + type.inSqlite()
        + " /* "
        + type.declared()
        + " */"
        + (text(line, 5).equals("true") ? " NOT NULL" : "")
        + (byDefault == null ? "" : " DEFAULT " + byDefault(byDefault));
  }

  /** What only the server can evaluate calls a function that is nowhere else. */
  private static String byDefault(String expression) {
    Matcher constant = CONSTANT.matcher(expression);
    return constant.matches()
        ? constant.group(1)
        : "(sevenfold_default(" + Sql.text(expression) + "))";
  }

  private static List<List<@Nullable String>> of(List<List<@Nullable String>> lines, String kind) {
    return lines.stream().filter(line -> text(line, 1).equals(kind)).toList();
  }

  private static List<String> names(List<@Nullable String> line, int at) {
    return List.of(text(line, at).split(SEPARATOR));
  }

  private static String text(List<@Nullable String> line, int at) {
    return requireNonNull(line.get(at));
  }

  PostgresType type(String table, String column) {
    return requireNonNull(requireNonNull(types.get(table), table).get(column), column);
  }
}
