package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteErrors;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds out what the live schema needs and the connection lacks: functions, collations, modules,
 * tokenizers. Statements are only compiled, so nothing is read or written.
 */
final class SchemaNeeds {

  private static final String LIVE = Session.MAIN;

  private static final Pattern FULL_TEXT =
      Pattern.compile("\\busing\\s+[\"'\\[`]?fts[345]\\b", Pattern.CASE_INSENSITIVE);

  private final Session session;
  private final Set<String> missing = new LinkedHashSet<>();

  private SchemaNeeds(Session session) {
    this.session = session;
  }

  /** What is missing for anything that may be done with these tables, triggers included. */
  static List<String> missing(Session session, Schema schema) throws SQLException {
    SchemaNeeds needs = new SchemaNeeds(session);
    for (Table table : schema.tables()) {
      needs.indexes(table);
      String name = Sql.name(LIVE, table.name());
      String what = "table " + table.name();
      needs.compile(what, "EXPLAIN INSERT INTO " + name + " DEFAULT VALUES");
      String all =
          Sql.commas(table.stored(), column -> Sql.name(column) + " = " + Sql.name(column));
      needs.compile(what, "EXPLAIN UPDATE " + name + " SET " + all);
      needs.compile(what, "EXPLAIN DELETE FROM " + name);
    }
    for (String table : needs.virtualTables()) {
      needs.virtual(table);
    }
    return List.copyOf(needs.missing);
  }

  /**
   * What is missing for a restore into these tables: the host's triggers do not fire, but for what
   * they write to search indexes.
   */
  static List<String> missingForRestore(Session session, List<Table> tables) throws SQLException {
    SchemaNeeds needs = new SchemaNeeds(session);
    StringBuilder triggers = new StringBuilder();
    for (Table table : tables) {
      needs.indexes(table);
      session
          .texts(
              Sql.of(
                  """
                  SELECT sql FROM "{live}".sqlite_schema
                  WHERE type = 'trigger' AND lower(tbl_name) = lower(?)
                  """,
                  LIVE),
              table.name())
          .forEach(sql -> triggers.append(sql.toLowerCase(Locale.ROOT)).append('\n'));
    }
    for (String table : needs.virtualTables()) {
      if (triggers.indexOf(table.toLowerCase(Locale.ROOT)) >= 0) {
        needs.virtual(table);
      }
    }
    return List.copyOf(needs.missing);
  }

  private void indexes(Table table) throws SQLException {
    for (String index :
        session.texts(
            "SELECT name FROM pragma_index_list(?, ?) ORDER BY seq", table.name(), LIVE)) {
      compile(
          "index " + index + " of table " + table.name(),
          "EXPLAIN REINDEX " + Sql.name(LIVE, index));
    }
  }

  private List<String> virtualTables() throws SQLException {
    return session.texts(
        "SELECT name FROM pragma_table_list WHERE schema = ? AND type = 'virtual' ORDER BY name",
        LIVE);
  }

  private void virtual(String table) throws SQLException {
    String what = "virtual table " + table;
    String rows = "SELECT 1 FROM " + Sql.name(LIVE, table);
    compile(what, rows + " LIMIT 0");
    if (isFullText(table)) {
      // A tokenizer is looked for when it is first used.
      compile(what, rows + " WHERE " + Sql.name(table) + " MATCH 'a' LIMIT 1");
    }
  }

  private boolean isFullText(String table) throws SQLException {
    return session
        .texts("SELECT sql FROM " + Sql.name(LIVE, "sqlite_schema") + " WHERE name = ?", table)
        .stream()
        .anyMatch(sql -> FULL_TEXT.matcher(String.valueOf(sql)).find());
  }

  private void compile(String what, String statement) throws SQLException {
    try {
      session.forEach(statement, row -> {});
    } catch (SQLException e) {
      if (SqliteErrors.isMissing(e)) {
        add(what, SqliteErrors.missing(e));
      } else if (!SqliteErrors.isPlainError(e) && !SqliteErrors.isDamageOfDerived(e)) {
        throw e;
      }
    }
  }

  /** An index that needs it is more to the point than its table. */
  private void add(String what, String lacking) {
    boolean told =
        what.startsWith("table ")
            && missing.stream()
                .anyMatch(said -> said.contains(" of " + what + ": ") && said.endsWith(lacking));
    if (!told) {
      missing.add(what + ": " + lacking);
    }
  }
}
