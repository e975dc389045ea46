package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.tenant.FilePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Columns whose values name files that there are below a root. */
final class FileNames {

  private static final int SAMPLE = 50;

  private final Look look;
  private final Draft draft;

  FileNames(Look look, Draft draft) {
    this.look = look;
    this.draft = draft;
  }

  void run(List<Path> roots) throws SQLException {
    for (Table table : look.tables(look::isOwned)) {
      if (look.ownership.files().stream()
          .noneMatch(s -> s.table().equalsIgnoreCase(table.name()))) {
        for (Table.Column column : table.columns()) {
          if (!roots.isEmpty() && table.affinity(column.name()).equals("TEXT")) {
            column(table, column.name(), roots);
          }
        }
      }
    }
  }

  private void column(Table table, String column, List<Path> roots) throws SQLException {
    if (column.contains("{") || column.contains("}") || column.contains("[")) {
      return;
    }
    List<String> values =
        look.session.texts(
            Sql.of(
                """
                SELECT DISTINCT t."{column}" FROM {table} t
                WHERE typeof(t."{column}") = 'text' AND t."{column}" <> '' LIMIT {some}
                """,
                column,
                look.live(table),
                "0 + " + SAMPLE));
    for (Path root : roots) {
      for (String template : List.of("{c}", "{c[0..2]}/{c[2..4]}/{c}", "{c[0..2]}/{c}")) {
        FilePath path = FilePath.parse(template.replace("{c", "{" + column));
        long there = values.stream().filter(value -> isFile(root, path, value)).count();
        if (there > 0 && 2 * there >= values.size()) {
          draft.add(
              new Proposal.Files(root, table.name(), path.toString()),
              "%d of %d files that were looked for are there".formatted(there, values.size()));
          return;
        }
      }
    }
  }

  private static boolean isFile(Path root, FilePath path, String value) {
    try {
      Optional<String> file = path.resolve(column -> value);
      return file.isPresent() && Files.isRegularFile(root.resolve(file.get()));
    } catch (IllegalArgumentException e) { // an InvalidPathException too
      return false;
    }
  }
}
