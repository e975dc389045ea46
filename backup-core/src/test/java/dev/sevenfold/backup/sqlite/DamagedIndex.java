package dev.sevenfold.backup.sqlite;

/** Makes indexes that do not agree with their tables, as a disk or a bug would. */
final class DamagedIndex {

  private static final String WRITABLE = "PRAGMA writable_schema = ON";

  private DamagedIndex() {}

  /** An index on {@code columns} of a table that misses the rows of a condition. */
  static void missing(Lab lab, String index, String table, String columns, String condition) {
    String definition = "CREATE INDEX " + index + " ON " + table + " (" + columns + ")";
    lab.execute(
        definition + " WHERE NOT (" + condition + ")",
        WRITABLE,
        "UPDATE sqlite_schema SET sql = '" + definition + "' WHERE name = '" + index + "'");
  }

  /** Executes a statement while the index, which is there, does not hear of it. */
  static void deaf(Lab lab, String index, String statement) {
    String root = lab.query("SELECT rootpage FROM sqlite_schema WHERE name = '" + index + "'");
    String table = lab.query("SELECT tbl_name FROM sqlite_schema WHERE name = '" + index + "'");
    String sql = lab.query("SELECT sql FROM sqlite_schema WHERE name = '" + index + "'");
    lab.execute(WRITABLE, "DELETE FROM sqlite_schema WHERE name = '" + index + "'");
    lab.execute(statement);
    lab.execute(
        WRITABLE,
        "INSERT INTO sqlite_schema VALUES ('index', '%s', '%s', %s, '%s')"
            .formatted(index, table, root, sql.replace("'", "''")));
  }
}
