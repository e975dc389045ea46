package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.testsupport.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.Function;

/** Schemas that need a SQLite extension: named in the config, or named as missing. */
class ExtensionsTest {

  private static final String SOURCE =
      """
      #include <sqlite3ext.h>
      SQLITE_EXTENSION_INIT1
      static void slug(sqlite3_context *context, int count, sqlite3_value **values) {
        sqlite3_result_value(context, values[0]);
      }
      int sqlite3_extension_init(sqlite3 *db, char **error, const sqlite3_api_routines *api) {
        SQLITE_EXTENSION_INIT2(api);
        return sqlite3_create_function(
            db, "slug", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, 0, slug, 0, 0);
      }
      """;

  private static final String YAML =
      """
      database: app.sqlite3
      tenants: {table: tenants, column: tenant_id}
      store: {directory: store}
      scratch: scratch
      """;

  @TempDir Path folder;

  @BeforeEach
  void create() throws SQLException, IOException {
    execute(
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
        "INSERT INTO tenants VALUES (1), (2)",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, x TEXT)",
        "CREATE INDEX by_slug ON notes (slug(x))",
        "INSERT INTO notes VALUES (1, 1, 'a'), (2, 2, 'b')");
    Files.createDirectories(folder.resolve("store"));
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("app.sqlite3"));
        Statement statement = connection.createStatement()) {
      Function.create(
          connection,
          "slug",
          new Function() {
            @Override
            protected void xFunc() throws SQLException {
              result(value_text(0));
            }
          },
          1,
          Function.FLAG_DETERMINISTIC);
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private String config(String more) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "config", ".yml"), YAML + more)
        .toString();
  }

  private Path compiled() throws IOException, InterruptedException {
    Path compiler = Programs.require("gcc", "gcc");
    Assumptions.assumeTrue(
        Files.exists(Path.of("/usr/include/sqlite3ext.h")),
        "SKIPPED: there is no sqlite3ext.h here. On Debian: apt-get install libsqlite3-dev");
    Path source = Files.writeString(folder.resolve("slug.c"), SOURCE);
    Path library = folder.resolve("slug.so");
    Process process =
        new ProcessBuilder(
                compiler.toString(),
                "-shared",
                "-fPIC",
                "-o",
                library.toString(),
                source.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
    return library;
  }

  @Test
  void what_is_missing_is_named_before_and_instead_of_a_restore() throws Exception {
    String config = config("");
    Cli explain = Cli.done("tenant", "explain", "--config", config);
    Cli backup = Cli.done("tenant", "backup", "--config", config, "--tenant", "1");
    execute("DELETE FROM notes WHERE id = 1");
    Cli restore =
        Cli.run(
            "tenant", "restore", "--config", config, "--tenant", "1", "--label", backup.lastLine());

    assertThat(explain.out()).contains("Missing", "index by_slug of table notes", "slug()");
    assertThat(backup.err()).contains("would be refused", "by_slug", "slug()");
    assertThat(restore.code()).as("%s", restore).isEqualTo(3);
    assertThat(restore.err()).contains("by_slug", "slug()");
  }

  @Test
  void one_that_the_config_names_is_on_every_connection() throws Exception {
    String config = config("extensions: [" + compiled().getFileName() + "]\n");
    Cli explain = Cli.done("tenant", "explain", "--config", config);
    Cli backup = Cli.done("tenant", "backup", "--config", config, "--tenant", "1");
    execute("DELETE FROM notes WHERE id = 1");
    Cli.done(
        "tenant", "restore", "--config", config, "--tenant", "1", "--label", backup.lastLine());
    Cli verify = Cli.done("archive", "verify", "--config", config, "--label", backup.lastLine());

    assertThat(explain.out()).doesNotContain("Missing");
    assertThat(backup.err()).isEmpty();
    assertThat(verify.lastLine()).isEqualTo("proven");
    execute("INSERT INTO tenants SELECT 3 FROM notes WHERE id = 1 AND slug(x) = 'a'");
  }

  @Test
  void one_that_is_not_there_or_is_none_is_wrong_in_the_config() throws Exception {
    Cli absent = Cli.run("tenant", "explain", "--config", config("extensions: [nosuch.so]\n"));
    Cli none = Cli.run("tenant", "explain", "--config", config("extensions: app.sqlite3\n"));

    assertThat(absent.code()).isEqualTo(2);
    assertThat(absent.err()).contains("nosuch.so", "no such file");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("key extensions", "app.sqlite3", "cannot be loaded");
  }
}
