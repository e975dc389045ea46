package dev.sevenfold.backup.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.tenant.SuggestedModel;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Databases made by scripts, and what is suggested for them. */
final class Suggesting {

  private Suggesting() {}

  /** Runs scripts whose statements end with the line, all of them or none. */
  static void execute(Path file, String... scripts) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String script : scripts) {
        for (String each : script.split(";\n", 0)) {
          if (!each.isBlank()) {
            statement.execute(each);
          }
        }
      }
      connection.commit();
    }
  }

  /** What is suggested beside a model, with files in some folders. */
  static SuggestedModel suggest(Path database, TenantModel model, Path... roots) {
    try (SqliteTenantSource source = SqliteTenantSource.builder(database, model).build()) {
      return source.suggest(List.of(roots), Progress.none());
    }
  }

  /** Suggests until it is quiet, and looks whether each row is then exactly one tenant's. */
  static SuggestedModel complete(Path database, TenantModel model, Path... roots) {
    SuggestedModel first = suggest(database, model, roots);
    SuggestedModel second = suggest(database, first.model(), roots);
    assertThat(second.isQuiet()).as(second.yaml()).isTrue();
    try (SqliteTenantSource source = SqliteTenantSource.builder(database, first.model()).build()) {
      source.explain();
      assertThat(source.check(Progress.none()).isComplete()).isTrue();
      assertThat(source.check(Progress.none()).unmodelled()).isEmpty();
    }
    return first;
  }
}
