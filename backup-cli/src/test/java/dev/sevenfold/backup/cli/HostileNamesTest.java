package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names, ids and values that steer a terminal, or begin a line of their own, through commands. */
class HostileNamesTest {

  /** Red, a title of the window, a new line that looks like one of ours, text turned around. */
  private static final String EVIL = "\u001b[31m\u001b]0;x\u0007\r\nforged\u009b2J\u202edaed\u007f";

  private static final String YAML = "\\e[31m\\e]0;x\\a\\r\\nforged\\u009b2J\\u202edaed\\u007f";

  private static final String TENANT = "t" + EVIL;

  @TempDir Path folder;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final PrintStream before = System.err;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void create() throws IOException {
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    Files.createDirectories(folder.resolve("storage"));
    Files.writeString(folder.resolve("storage/a" + EVIL.replace("/", "")), "x");
    Files.writeString(
        folder.resolve("sevenfold.yml"),
        """
        database: app.sqlite3
        tenants:
          table: tenants
          column: "of%1$s"
          files:
            - {root: storage, table: "docs%1$s", path: "{file}"}
        system: {databases: {primary: app.sqlite3}, files: {uploads: storage}}
        store: {directory: backups}
        scratch: scratch
        """
            .formatted(YAML));
    execute(
        "CREATE TABLE tenants (id TEXT PRIMARY KEY, name TEXT)",
        "CREATE TABLE \"docs%1$s\" (id TEXT PRIMARY KEY, \"of%1$s\" TEXT, \"body%1$s\" TEXT,"
            + " file TEXT,"
            + " UNIQUE (\"body%1$s\"))",
        "INSERT INTO tenants VALUES ('t%1$s', 'name%1$s'), ('other', 'other')",
        "INSERT INTO \"docs%1$s\" VALUES ('1%1$s', 't%1$s', 'body%1$s', 'f%1$s')");
  }

  @AfterEach
  void nothingWasSteered() {
    System.setErr(before);
    said.add(log.toString(StandardCharsets.UTF_8));
    for (String text : said) {
      assertThat(text.replace("\n", "").replace("\tat ", "").replace("\t... ", "").codePoints())
          .as(text)
          .noneMatch(Character::isISOControl)
          .noneMatch(c -> Character.getType(c) == Character.FORMAT);
      assertThat(text.lines()).noneMatch(line -> line.startsWith("forged"));
    }
  }

  private void execute(String... statements) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("app.sqlite3"));
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql.formatted(EVIL));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Cli cli(String group, String command, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(group, command, "--config", folder.resolve("sevenfold.yml").toString()));
    all.addAll(List.of(arguments));
    Cli cli = Cli.run(all.toArray(String[]::new));
    said.add(cli.out());
    said.add(cli.err());
    return cli;
  }

  private String backup() {
    Cli backup = cli("tenant", "backup", "--tenant", TENANT);
    assertThat(backup.code()).as(backup.toString()).isZero();
    return backup.lastLine();
  }

  @Test
  void a_tenant_is_backed_up_listed_shown_restored_and_put_back() {
    String label = backup();
    execute("UPDATE \"docs%1$s\" SET \"body%1$s\" = 'new%1$s'", "DELETE FROM tenants WHERE 0");
    for (String json : List.of("--debug", "--json")) {
      assertThat(cli("tenant", "list", "--tenant", TENANT, json).code()).isZero();
      assertThat(cli("tenant", "preview", "--tenant", TENANT, "--label", label, json).code())
          .isZero();
    }
    assertThat(cli("tenant", "restore", "--tenant", TENANT, "--label", label).lastLine())
        .isEqualTo("restored");
    assertThat(cli("tenant", "undo", "--tenant", TENANT, "--json").code()).isZero();
    assertThat(cli("tenant", "backup", "--all").code()).isZero();
    assertThat(cli("tenant", "backup", "--all", "--json").code()).isZero();
    assertThat(cli("tenant", "explain").code()).isZero();
    assertThat(cli("archive", "verify", "--label", label).code()).isZero();
    assertThat(cli("archive", "drill").code()).isZero();
    cli("health", "--json");
  }

  @Test
  void what_is_refused_is_told_in_lines_of_its_own() throws IOException {
    String label = backup();
    execute("CREATE TABLE \"unclaimed%1$s\" (a)");
    for (String debug : List.of("--debug", "--json")) {
      assertThat(cli("tenant", "backup", "--tenant", TENANT, debug).code()).isEqualTo(3);
    }
    assertThat(cli("tenant", "backup", "--all").code()).isNotZero();
    execute(
        "DROP TABLE \"unclaimed%1$s\"",
        "UPDATE \"docs%1$s\" SET \"of%1$s\" = 'other'",
        "INSERT INTO \"docs%1$s\" VALUES ('9', 't%1$s', 'x', NULL)");
    assertThat(cli("tenant", "preview", "--tenant", TENANT, "--label", label, "--debug").code())
        .isEqualTo(3);
    assertThat(cli("tenant", "restore", "--tenant", TENANT, "--label", label).code()).isEqualTo(3);
    assertThat(cli("tenant", "backup", "--tenant", "no" + EVIL, "--debug").code()).isEqualTo(3);
    assertThat(cli("tenant", "restore", "--tenant", "1", "--label", EVIL).code()).isNotZero();
    assertThat(cli("tenant", "relabel", "--tenant", "other", "--from", archive(label)).code())
        .isEqualTo(3);
    assertThat(cli("tenant", "relabel", "--tenant", "1", "--from", "no" + EVIL).code())
        .isEqualTo(2);
    assertThat(cli("tenant", "list", "--tenant", "1", "--" + EVIL).code()).isEqualTo(2);
    assertThat(cli("tenant", EVIL).code()).isEqualTo(2);
    Files.writeString(folder.resolve("sevenfold.yml"), "\"" + YAML + "\": 1\n");
    assertThat(cli("tenant", "list", "--tenant", "1").code()).isEqualTo(2);
  }

  private String archive(String label) throws IOException {
    Path copy = folder.resolve("sent" + EVIL.replace("/", ""));
    assertThat(cli("archive", "get", "--label", label, "--out", copy.toString()).code()).isZero();
    assertThat(Cli.run("archive", "verify", copy.toString()).code()).isZero();
    said.add(Cli.run("archive", "verify", copy.toString()).out());
    Path broken = folder.resolve("broken" + EVIL.replace("/", ""));
    Files.writeString(broken, EVIL);
    said.add(Cli.run("archive", "verify", broken.toString(), "--debug").err());
    return copy.toString();
  }

  @Test
  void a_system_is_backed_up_and_put_back() {
    Cli backup = cli("system", "backup");
    assertThat(backup.code()).as(backup.toString()).isZero();
    assertThat(cli("system", "list", "--json").code()).isZero();
    String into = folder.resolve("into" + EVIL.replace("/", "")).toString();
    assertThat(cli("system", "restore", "--label", "latest", "--into", into).code()).isZero();
  }
}
