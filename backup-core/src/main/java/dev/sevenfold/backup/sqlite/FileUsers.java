package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.tenant.FileSet;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds files that rows of others name, theirs alone or with the tenant, in whatever file set they
 * are. Used once.
 */
final class FileUsers {

  private final Session session;
  private final SqliteSchema schema;
  private final Owners owners;
  private final FileSets sets;
  private final Set<Path> candidates;
  private final Set<Path> used = new HashSet<>();

  private FileUsers(
      Session session, SnapshotTaker.Copied copied, FileSets sets, Set<Path> candidates) {
    this.session = session;
    this.schema = copied.schema();
    this.owners =
        Owners.in(
            SnapshotTaker.LIVE,
            session,
            SnapshotTaker.WORK,
            "file",
            copied.ownership(),
            schema,
            copied.key());
    this.sets = sets;
    this.candidates = candidates;
  }

  /**
   * The candidates that others name.
   *
   * @param candidates files, as {@link FileSets#file} tells them apart
   */
  static Set<Path> of(
      Session session, SnapshotTaker.Copied copied, FileSets sets, Set<Path> candidates)
      throws SQLException {
    FileUsers users = new FileUsers(session, copied, sets, candidates);
    users.findOwners();
    for (String name : sets.names()) {
      users.find(name);
    }
    return users.used;
  }

  /** The tenant's own rows name files for others too, where these own the rows as well. */
  private void findOwners() throws SQLException {
    for (String name : sets.names()) {
      SqliteTable table = schema.table(sets.set(name).table());
      owners.ask(
          table,
          SnapshotTaker.LIVE,
          "SELECT "
              + Sql.columns("b", table.key())
              + " FROM "
              + Sql.name(RowDiff.BEFORE, table.name())
              + " b");
    }
    owners.climb();
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
            + "(NOT EXISTS (SELECT 1 FROM "
            + before
            + " b WHERE "
            + RowMatch.isSameKey(table, "b", "m")
            + ") OR "
            + owners.isOthers(table, SnapshotTaker.LIVE, "m", table.key())
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
