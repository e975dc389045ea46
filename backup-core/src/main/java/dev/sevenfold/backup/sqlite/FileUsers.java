package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.tenant.FileSet;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds files that rows outside of the tenant name, in whatever file set they are. Used once. */
final class FileUsers {

  private final Session session;
  private final SqliteSchema schema;
  private final FileSets sets;
  private final Set<Path> candidates;
  private final Set<Path> used = new HashSet<>();

  private FileUsers(Session session, SqliteSchema schema, FileSets sets, Set<Path> candidates) {
    this.session = session;
    this.schema = schema;
    this.sets = sets;
    this.candidates = candidates;
  }

  /**
   * The candidates that others name.
   *
   * @param candidates files, as {@link FileSets#file} tells them apart
   */
  static Set<Path> of(Session session, SqliteSchema schema, FileSets sets, Set<Path> candidates)
      throws SQLException {
    FileUsers users = new FileUsers(session, schema, sets, candidates);
    for (String name : sets.names()) {
      users.find(name);
    }
    return users.used;
  }

  private void find(String name) throws SQLException {
    FileSet set = sets.set(name);
    SqliteTable table = schema.table(set.table());
    List<String> columns = set.path().columns();
    String before = Sql.name(RowDiff.BEFORE, table.name());
    // Rows of one set that name one file have the same columns; those of several need not.
    String same =
        sets.sharesItsFolder(name)
            ? ""
            : "("
                + Sql.columns("m", columns)
                + ") IN (SELECT "
                + Sql.columns(columns)
                + " FROM "
                + before
                + " UNION ALL SELECT "
                + Sql.columns(columns)
                + " FROM "
                + Sql.name(RowDiff.STAGE, table.name())
                + ") AND ";
    session.forEach(
        "SELECT "
            + TenantFiles.asText(columns)
            + " FROM "
            + Sql.name(SnapshotTaker.LIVE, table.name())
            + " m WHERE "
            + same
            + "NOT EXISTS (SELECT 1 FROM "
            + before
            + " b WHERE "
            + RowMatch.isSameKey(table, "b", "m")
            + ')',
        row -> add(name, set, row));
  }

  private void add(String name, FileSet set, ResultSet row) throws SQLException {
    TenantFiles.namedBy(set, row)
        .flatMap(path -> sets.file(FileSets.entryName(name, path)))
        .filter(candidates::contains)
        .ifPresent(used::add);
  }
}
