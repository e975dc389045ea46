package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.source.Progress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The {@code tenant.sqlite3} of an archive, which is untrusted input: somebody else may have made
 * it. Nothing in it is executed, and only ordinary tables are read.
 */
public final class TenantDatabaseFile {

  private static final String MAIN = SnapshotTaker.LIVE;
  private static final int MOST = 10;

  private TenantDatabaseFile() {}

  /**
   * Makes sure that the file is a sound SQLite database with exactly the tables, rows and contents
   * that the manifest says.
   *
   * @throws ArchiveCorrupt if it is not, with everything that differs
   */
  public static void verify(Path file, ArchiveManifest manifest, Progress progress) {
    List<String> problems;
    requireAlone(manifest);
    try (Session session = SqliteDatabase.scratch(file)) {
      // Rows are archived as they are, those that a check added later would forbid too.
      session.set("ignore_check_constraints", 1);
      problems = problems(session, manifest, progress);
    } catch (SQLException | InvalidTenantModel e) {
      throw new ArchiveCorrupt(
          "The archive's database cannot be read: " + e.getMessage(), "Choose another archive", e);
    }
    if (!problems.isEmpty()) {
      throw new ArchiveCorrupt(
          "The archive's database is not what its manifest says: "
              + String.join("; ", problems.subList(0, Math.min(MOST, problems.size())))
              + (problems.size() > MOST ? " and " + (problems.size() - MOST) + " more" : ""),
          "Choose another archive");
    }
  }

  /**
   * SQLite takes what lies beside a database under its name for its journal, plays it back into the
   * database when that is opened, and deletes the file that the journal names as the one above it.
   */
  private static void requireAlone(ArchiveManifest manifest) {
    for (ArchiveManifest.Entry entry : manifest.entries()) {
      String name = entry.name().toLowerCase(Locale.ROOT);
      if (name.startsWith(ArchiveManifest.TENANT_DATABASE)
          && !entry.name().equals(ArchiveManifest.TENANT_DATABASE)) {
        throw new ArchiveCorrupt(
            "The archive has the entry " + entry.name() + " beside its database",
            "Choose another archive");
      }
    }
  }

  private static List<String> problems(Session session, ArchiveManifest manifest, Progress progress)
      throws SQLException {
    List<String> problems = new ArrayList<>(foreignObjects(session));
    if (!problems.isEmpty()) {
      return problems;
    }
    List<String> integrity = session.query("PRAGMA integrity_check(5)", row -> row.getString(1));
    if (!integrity.equals(List.of("ok"))) {
      problems.addAll(integrity);
      return problems;
    }
    Map<String, ArchiveManifest.Table> expected = new TreeMap<>();
    manifest.tables().forEach(table -> expected.put(table.name(), table));
    SqliteSchema schema = SchemaReader.read(session, MAIN);
    for (int i = 0; i < schema.tables().size(); i++) {
      progress.report("verify", Progress.Unit.TABLES, i, schema.tables().size());
      SqliteTable table = schema.tables().get(i);
      ArchiveManifest.Table said = expected.remove(table.name());
      if (said == null) {
        problems.add("table " + table.name() + " is not in the manifest");
      } else {
        if (!table.definition().equals(said.definition())) {
          problems.add("table " + table.name() + " has another definition");
          continue;
        }
        TableDigests.Digest found = TableDigests.of(session, MAIN, table);
        if (found.rows() != said.rows() || !found.digest().equals(said.digest())) {
          problems.add(
              "table "
                  + table.name()
                  + " has "
                  + found.rows()
                  + " rows with the digest "
                  + found.digest()
                  + ", not "
                  + said.rows()
                  + " with "
                  + said.digest());
        }
      }
    }
    expected.keySet().forEach(name -> problems.add("table " + name + " is missing"));
    return problems;
  }

  /** A view or a trigger could pass for a table; a virtual table could run anything. */
  private static List<String> foreignObjects(Session session) throws SQLException {
    return session.query(
        "SELECT type || ' ' || name FROM sqlite_schema WHERE NOT coalesce((type = 'table' AND"
            + " rootpage > 0 AND upper(substr(sql, 1, 13)) = 'CREATE TABLE ')"
            + " OR (type = 'index' AND sql IS NULL), 0) LIMIT 10",
        row -> "it holds the " + row.getString(1));
  }
}
