package dev.sevenfold.backup.files;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.tenant.FileSet;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Knows of staged rows what their files are called in the archive, whatever new ids and new keys
 * make of the names: a file goes with its row. Each row keeps the values of before beside the ones
 * that are changed.
 */
public final class RenamedFiles {

  private static final String BEFORE = "sevenfold_before_";

  private final Session session;
  private final FileSets sets;
  private final List<Table> staged;

  /**
   * @param staged the tables of the stage
   */
  public RenamedFiles(Session session, FileSets sets, List<Table> staged) {
    this.session = session;
    this.sets = sets;
    this.staged = staged;
  }

  /** Has each staged row keep what its file is called by now. */
  public void remember() throws SQLException {
    for (String name : stagedSets()) {
      FileSet set = sets.set(name);
      String table = Sql.name(Workbench.STAGE, set.table());
      List<String> columns = set.path().columns();
      for (int i = 0; i < columns.size(); i++) {
        String kept = Sql.name(kept(name, i));
        String value = "CAST(" + Sql.name(columns.get(i)) + " AS TEXT)";
        session.execute("ALTER TABLE " + table + " ADD COLUMN " + kept + " TEXT");
        session.execute("UPDATE " + table + " SET " + kept + " = " + value);
      }
    }
  }

  /** From what a file was called to what rows call it now. */
  public Map<String, Set<String>> read() throws SQLException {
    Map<String, Set<String>> renamed = new TreeMap<>();
    for (String name : stagedSets()) {
      FileSet set = sets.set(name);
      List<String> columns = set.path().columns();
      List<String> kept = IntStream.range(0, columns.size()).mapToObj(i -> kept(name, i)).toList();
      session.forEach(
          Sql.of(
              "SELECT {columns now}, \"{kept}\" FROM {staged}",
              TenantFiles.asText(columns),
              kept,
              Sql.name(Workbench.STAGE, set.table())),
          row -> {
            Optional<String> then = path(set, row, columns.size());
            Optional<String> now = path(set, row, 0);
            if (then.isPresent() && now.isPresent()) {
              renamed
                  .computeIfAbsent(FileSets.entryName(name, then.get()), any -> new TreeSet<>())
                  .add(FileSets.entryName(name, now.get()));
            }
          });
    }
    return renamed;
  }

  private List<String> stagedSets() {
    return sets.names().stream()
        .filter(
            name ->
                staged.stream()
                    .anyMatch(table -> table.name().equalsIgnoreCase(sets.set(name).table())))
        .toList();
  }

  private String kept(String set, int column) {
    return BEFORE + sets.names().indexOf(set) + '_' + column;
  }

  /** What the columns from {@code first} on make of the path; empty if that is no file's. */
  private static Optional<String> path(FileSet set, ResultSet row, int first) throws SQLException {
    try {
      return set.path().resolve(TenantFiles.values(set, row, first)::get);
    } catch (IllegalArgumentException e) {
      // Such a row names no file, here as in a backup.
      return Optional.empty();
    }
  }
}
