package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.tenant.FileSet;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.RestoreRules;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Gives staged rows new file names, where the host's model says how. */
final class FileKeys {

  private FileKeys() {}

  /** From the name that a file has in the archive to those that rows have for it from now on. */
  static Map<String, Set<String>> renew(
      Session session, FileSets sets, Ownership ownership, SqliteSchema schema, List<RowDiff> diffs)
      throws SQLException {
    Map<String, Set<String>> renamed = new TreeMap<>();
    for (RowDiff diff : diffs) {
      SqliteTable table = diff.table();
      for (RestoreRules.FileKey key : ownership.rules().fileKeys()) {
        if (key.table().equals(table.name())) {
          for (List<Object> row : keys(session, table)) {
            Map<String, String> before = paths(session, sets, table, row);
            renew(session, table, key, row);
            Map<String, String> after = paths(session, sets, table, row);
            before.forEach((set, path) -> put(renamed, set, path, after));
          }
        }
      }
    }
    return renamed;
  }

  private static void put(
      Map<String, Set<String>> renamed, String set, String path, Map<String, String> after) {
    String now = after.get(set);
    if (now != null) {
      renamed
          .computeIfAbsent(FileSets.entryName(set, path), name -> new TreeSet<>())
          .add(FileSets.entryName(set, now));
    }
  }

  private static List<List<Object>> keys(Session session, SqliteTable table) throws SQLException {
    return session.query(
        "SELECT " + Sql.columns(table.key()) + " FROM " + Sql.name(RowDiff.STAGE, table.name()),
        row -> OwnerSearch.values(row, table.key().size()));
  }

  private static void renew(
      Session session, SqliteTable table, RestoreRules.FileKey key, List<Object> row)
      throws SQLException {
    List<Object> values = new ArrayList<>(List.of(key.newKey().get()));
    values.addAll(row);
    session.update(
        "UPDATE OR ABORT "
            + Sql.name(RowDiff.STAGE, table.name())
            + " AS t SET "
            + Sql.name(key.column())
            + " = ? WHERE "
            + OwnerSearch.keyIs("t", table),
        values.toArray());
  }

  /** From each file set of the table to the path that a row names in it. */
  private static Map<String, String> paths(
      Session session, FileSets sets, SqliteTable table, List<Object> key) throws SQLException {
    Map<String, String> paths = new TreeMap<>();
    for (String name : sets.names()) {
      FileSet set = sets.set(name);
      if (set.table().equalsIgnoreCase(table.name())) {
        List<Optional<String>> path =
            session.query(
                "SELECT "
                    + TenantFiles.asText(set.path().columns())
                    + " FROM "
                    + Sql.name(RowDiff.STAGE, table.name())
                    + " t WHERE "
                    + OwnerSearch.keyIs("t", table),
                row -> TenantFiles.path(set, row),
                key.toArray());
        path.get(0).ifPresent(found -> paths.put(name, found));
      }
    }
    return paths;
  }
}
