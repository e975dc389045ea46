package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system from the shell: backed up, listed, proven, put back. */
class SystemCommandsTest {

  @TempDir Path folder;
  Shop shop;
  Path into;

  @BeforeEach
  void create() throws IOException {
    shop = Shop.create(folder, 2);
    into = folder.resolve("new machine");
    Files.writeString(folder.resolve("cache.sqlite3"), "made anew by the application");
    configure("");
  }

  private void configure(String more) throws IOException {
    Files.writeString(
        shop.config(),
        Shop.yaml()
            + """
            system:
              databases: {primary: production.sqlite3}
              rebuilt: {cache: cache.sqlite3}
              files: {uploads: storage}
              mode: "660"
            """
            + more);
  }

  private String backup() {
    return Cli.done(shop.withConfig("system", "backup")).lastLine();
  }

  private Cli restore(String label, String... more) {
    String[] arguments =
        shop.withConfig("system", "restore", "--label", label, "--into", into.toString());
    return Cli.run(
        Stream.concat(List.of(arguments).stream(), List.of(more).stream()).toArray(String[]::new));
  }

  private String capturedAt(String label) {
    return JsonText.list(Cli.done(shop.withConfig("system", "list", "--json")).out()).stream()
        .filter(point -> label.equals(point.get("label")))
        .map(point -> String.valueOf(point.get("capturedAt")))
        .findFirst()
        .orElseThrow();
  }

  private long tenants(Path database) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var rows = connection.createStatement().executeQuery("SELECT count(*) FROM tenants")) {
      return rows.getLong(1);
    }
  }

  @Test
  void restores_the_newest_into_a_bare_folder_and_says_where_each_part_is() throws Exception {
    String label = backup();

    Cli restore = restore("latest");

    assertThat(restore.code()).as("%s", restore).isZero();
    String from = label + ", captured at " + capturedAt(label);
    assertThat(restore.lines())
        .containsExactly(
            "restoring " + from,
            "primary: " + into.resolve("production.sqlite3"),
            "uploads: " + into.resolve("storage"),
            "cache: "
                + into.resolve("cache.sqlite3")
                + ", not there: the application makes it anew",
            "restored from " + from,
            "restored");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(into.resolve("production.sqlite3"))))
        .isEqualTo("rw-rw----");
    assertThat(tenants(into.resolve("production.sqlite3"))).isEqualTo(2);
    assertThat(into.resolve("cache.sqlite3")).doesNotExist();
  }

  @Test
  void restores_over_garbage_and_keeps_it_unless_told_otherwise() throws Exception {
    backup();
    Files.createDirectories(into);
    for (String name : List.of("", "-wal", "-shm", "-journal")) {
      Files.writeString(into.resolve("production.sqlite3" + name), "garbage " + name);
    }

    Cli kept = restore("latest");
    Cli discarded = restore("latest", "--discard-replaced");

    assertThat(kept.code()).as("%s", kept).isZero();
    Path old =
        Path.of(
            kept.lines().stream()
                .filter(line -> line.startsWith("what was there: "))
                .findFirst()
                .orElseThrow()
                .substring("what was there: ".length()));
    assertThat(old.resolve("production.sqlite3-wal")).hasContent("garbage -wal");
    assertThat(discarded.out()).doesNotContain("what was there");
    for (String name : List.of("-wal", "-shm", "-journal")) {
      assertThat(into.resolve("production.sqlite3" + name)).doesNotExist();
    }
    assertThat(tenants(into.resolve("production.sqlite3"))).isEqualTo(2);
  }

  @Test
  void puts_a_part_where_the_operator_wants_it() throws Exception {
    backup();

    Cli restore = restore("latest", "--place", "primary=db/live.sqlite3");

    assertThat(restore.code()).as("%s", restore).isZero();
    assertThat(tenants(into.resolve("db/live.sqlite3"))).isEqualTo(2);
    assertThat(restore("latest", "--place", "nobody=db/x").code()).isEqualTo(3);
    assertThat(restore("latest", "--place", "primary=../x").code()).isEqualTo(2);
  }

  @Test
  void refuses_a_database_that_is_open_unless_forced() throws Exception {
    backup();
    restore("latest");
    Path database = into.resolve("production.sqlite3");
    try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + database)) {
      open.createStatement().execute("BEGIN IMMEDIATE");

      Cli refused = restore("latest");
      Cli forced = restore("latest", "--even-if-open");

      assertThat(refused.code()).isEqualTo(3);
      assertThat(refused.firstError()).startsWith("sevenfold: The system cannot be restored");
      assertThat(refused.err()).contains(database + " open");
      assertThat(forced.code()).as("%s", forced).isZero();
    }
  }

  @Test
  void a_tree_comes_back_with_folders_modes_times_and_links_and_the_rest_is_named()
      throws Exception {
    Path storage = folder.resolve("storage");
    Path empty = Files.createDirectories(storage.resolve("empty/within"));
    Files.setPosixFilePermissions(empty, PosixFilePermissions.fromString("rwxr-x--x"));
    Path file = Files.writeString(storage.resolve("two\nlines"), "kept");
    FileTime time = FileTime.from(Instant.parse("2021-03-04T05:06:07.123456Z"));
    Files.setLastModifiedTime(file, time);
    Files.setLastModifiedTime(empty, time);
    Files.createSymbolicLink(storage.resolve("inside"), Path.of("empty"));
    Files.createSymbolicLink(storage.resolve("outside"), Path.of("/etc/passwd"));

    Cli backup = shop.cli("system", "backup", "--json");

    assertThat(backup.code()).as("%s", backup).isZero();
    Map<String, Object> json = JsonText.object(backup.out());
    assertThat(json).containsEntry("proven", true).containsKeys("label", "files", "bytes");
    assertThat(json.get("warnings")).asString().contains("links that lead out", "outside");
    assertThat(backup.err()).contains("warning", "outside").doesNotContain("inside");
    Cli verified =
        Cli.run("archive", "verify", shop.archive(JsonText.text(json, "label")).toString());
    assertThat(verified.out()).contains(" folders, 1 links, ");
    for (Path target : List.of(into, folder.resolve("in place"))) {
      into = target;
      Files.createDirectories(target.resolve("storage/stale"));
      Files.writeString(target.resolve("production.sqlite3-wal"), "of another database");

      assertThat(restore("latest").code()).isZero();

      Path restored = target.resolve("storage");
      assertThat(Files.getLastModifiedTime(restored.resolve("two\nlines"))).isEqualTo(time);
      assertThat(Files.getLastModifiedTime(restored.resolve("empty/within"))).isEqualTo(time);
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(restored.resolve("empty/within"))))
          .isEqualTo("rwxr-x--x");
      assertThat(Files.readSymbolicLink(restored.resolve("inside"))).hasToString("empty");
      assertThat(restored.resolve("outside")).doesNotExist();
      assertThat(restored.resolve("stale")).doesNotExist();
      assertThat(target.resolve("production.sqlite3-wal")).doesNotExist();
    }
  }

  @Test
  void lists_as_text_and_as_json() {
    String first = backup();
    String second = backup();

    List<Map<String, Object>> listed = JsonText.list(shop.cli("system", "list", "--json").out());

    assertThat(listed).extracting(point -> point.get("label")).containsExactly(second, first);
    assertThat(listed).allMatch(point -> Boolean.TRUE.equals(point.get("proven")));
    assertThat(shop.cli("system", "list").lines().get(1)).startsWith(second);
  }

  @Test
  void verifies_an_archive_of_the_store_and_a_file() {
    String label = backup();
    Path file = folder.resolve("copy.tar.gz");

    Cli verified = shop.cli("archive", "verify", "--label", label);
    Cli got = shop.cli("archive", "get", "--label", label, "--out", file.toString());
    Cli verifiedFile = Cli.run("archive", "verify", file.toString());
    Cli json = Cli.run("archive", "verify", file.toString(), "--json");

    assertThat(verified.lastLine()).as("%s", verified).isEqualTo("proven");
    assertThat(got.code()).as("%s", got).isZero();
    assertThat(verifiedFile.lastLine()).as("%s", verifiedFile).isEqualTo("proven");
    assertThat(verifiedFile.out()).startsWith("system, 1 databases, ");
    assertThat(json.out()).contains("\"proven\":true").contains("\"tenant\":null");
  }

  @Test
  void a_damaged_archive_is_not_the_latest_and_nothing_is_changed() throws Exception {
    String good = backup();
    String bad = backup();
    byte[] bytes = Files.readAllBytes(shop.archive(bad));
    bytes[bytes.length / 2] ^= 1;
    Files.write(shop.archive(bad), bytes);

    Cli verify = shop.cli("archive", "verify", "--label", bad);
    Cli restore = restore(bad);

    assertThat(verify.code()).as("%s", verify).isEqualTo(3);
    assertThat(restore.code()).as("%s", restore).isEqualTo(3);
    assertThat(into.resolve("production.sqlite3")).doesNotExist();
    assertThat(restore("latest").code()).isZero();
    assertThat(shop.cli("archive", "verify", "--label", good).lastLine()).isEqualTo("proven");
  }

  @Test
  void takes_one_tenant_out_and_restores_it() throws IOException {
    Map<String, List<String>> before = shop.dump();
    String night = backup();
    shop.vandalise(1);

    Cli extract = shop.cli("archive", "extract-tenant", "--label", night, "--tenant", "1");
    Cli restore = shop.cli("tenant", "restore", "--tenant", "1", "--label", extract.lastLine());

    assertThat(extract.code()).as("%s", extract).isZero();
    assertThat(restore.code()).as("%s", restore).isZero();
    assertThat(shop.dump()).isEqualTo(before);
  }

  @Test
  void says_what_the_config_lacks() throws IOException {
    Files.writeString(shop.config(), Shop.yaml());
    Cli missing = shop.cli("system", "backup");
    Files.writeString(
        shop.config(),
        Shop.yaml() + "system: {databases: {a: production.sqlite3, b: production.sqlite3}}");
    Cli twice = shop.cli("system", "backup");
    Cli nothing = shop.cli("system", "restore", "--label", "latest", "--into", into.toString());
    Cli malformed = shop.cli("system", "restore", "--label", "last night", "--into", "x");

    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.firstError()).contains("the key system is missing");
    assertThat(twice.code()).isEqualTo(2);
    assertThat(twice.firstError()).contains("key system: Two parts overlap");
    assertThat(nothing.code()).isEqualTo(3);
    assertThat(nothing.firstError()).contains("There is no verified backup of the system");
    assertThat(malformed.code()).isEqualTo(2);
    assertThat(into).doesNotExist();
  }

  @Test
  void keeps_what_the_config_says() throws IOException {
    configure("  retention: {keep_last: 2}\n");
    backup();
    backup();

    Cli third = shop.cli("system", "backup");

    assertThat(third.out()).contains("pruned: ");
    assertThat(JsonText.list(shop.cli("system", "list", "--json").out())).hasSize(2);
  }
}
