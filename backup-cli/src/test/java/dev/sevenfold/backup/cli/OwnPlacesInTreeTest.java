package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.job.SystemBackupJob;
import dev.sevenfold.backup.scheduler.BackupScheduler;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everything in one folder, which is backed up: the store, scratch, schedules and passwords too.
 */
class OwnPlacesInTreeTest {

  private static final String SYSTEM =
      """
      system:
        databases: {primary: production.sqlite3}
        files: {app: .}
      """;

  @TempDir Path temporary;
  Path folder;
  Shop shop;

  @BeforeEach
  void create() throws IOException {
    folder = temporary.toRealPath();
    shop = Shop.create(folder, 2);
    Files.writeString(shop.config(), Shop.yaml() + SYSTEM);
  }

  private Map<String, String> store() throws IOException {
    Map<String, String> content = new TreeMap<>();
    for (Path file : StoreFiles.all(shop.store())) {
      content.put(file.getFileName().toString(), Long.toString(Files.size(file)));
    }
    return content;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--discard-replaced"})
  void five_backups_are_of_one_size_and_a_restore_in_place_loses_none(String flag)
      throws Exception {
    shop.backup(1);
    Cli.done(shop.withConfig("schedule", "set", "--system", "--cron", "@daily"));
    List<Cli> runs = new ArrayList<>();
    for (int run = 0; run < 5; run++) {
      runs.add(Cli.done(shop.withConfig("system", "backup", "--json")));
    }
    assertThat(runs)
        .extracting(run -> run.out().replaceFirst("(?s).*\"bytes\":(\\d+).*", "$1"))
        .containsOnly(runs.get(0).out().replaceFirst("(?s).*\"bytes\":(\\d+).*", "$1"));
    assertThat(runs.get(4).err()).contains("the store", "the scratch folder", "left out");
    Map<String, String> before = store();
    shop.execute("DELETE FROM customers");

    List<String> arguments =
        new ArrayList<>(
            List.of(shop.withConfig("system", "restore", "--label", "latest", "--into", ".")));
    arguments.set(arguments.size() - 1, folder.toString());
    if (!flag.isEmpty()) {
      arguments.add(flag);
    }
    Cli restore = Cli.run(arguments.toArray(String[]::new));

    assertThat(restore.code()).as("%s", restore).isZero();
    assertThat(restore.lines())
        .anyMatch(line -> line.startsWith("note: ") && line.contains("the store, " + shop.store()));
    assertThat(store()).isEqualTo(before);
    assertThat(shop.count("SELECT count(*) FROM customers")).isPositive();
    for (String label : before.keySet()) {
      if (label.endsWith(".tar.gz")) {
        Cli.done(shop.withConfig("archive", "verify", "--label", label.replace(".tar.gz", "")));
      }
    }
    assertThat(Cli.done(shop.withConfig("schedule", "show")).out()).contains("@daily");
  }

  @Test
  void a_backup_is_made_while_the_schedules_in_the_tree_are_in_use() throws Exception {
    Path jobs = folder.resolve("sevenfold-jobs.sqlite3");
    String label;
    try (BackupScheduler scheduler = BackupScheduler.builder(jobs).build()) {
      scheduler.submit(SystemBackupJob.job());

      label = Cli.done(shop.withConfig("system", "backup")).lastLine();
    }
    Path bare = folder.resolveSibling(folder.getFileName() + "-bare");
    Cli restore =
        Cli.done(shop.withConfig("system", "restore", "--label", label, "--into", bare.toString()));

    assertThat(restore.lines())
        .contains("sevenfold-jobs: " + bare.resolve("sevenfold-jobs.sqlite3"));
  }

  @Test
  void passwords_and_keys_of_the_store_stay_out_of_the_archive() throws Exception {
    Path passphrase = Files.writeString(folder.resolve("backup.pass"), "correct horse");
    Files.writeString(
        shop.config(),
        Shop.yaml()
                .replace(
                    "store: {directory: backups}",
                    "store: {directory: backups, age: {passphrase: {file: backup.pass}}}")
            + SYSTEM);
    Cli backup = Cli.done(shop.withConfig("system", "backup"));
    Files.writeString(passphrase, "correct horse\n");

    Cli restore =
        Cli.done(
            shop.withConfig("system", "restore", "--label", "latest", "--into", folder.toString()));

    assertThat(backup.err()).contains("a key backup.pass");
    assertThat(passphrase).hasContent("correct horse\n");
    assertThat(restore.out()).contains("a key, " + passphrase);
  }

  @Test
  void a_row_that_names_a_file_of_the_store_neither_copies_nor_replaces_it() throws Exception {
    Files.writeString(
        shop.config(),
        Shop.yaml()
            .replace("store: {directory: backups}", "store: {directory: storage/ba/ck}")
            .replace("{key[0..2]}/{key[2..4]}/{key}", "{key}"));
    Path store = Files.createDirectories(folder.resolve("storage/ba/ck"));
    String label = shop.backup(1);
    Path archive = StoreFiles.file(store, label, ".tar.gz");
    byte[] before = Files.readAllBytes(archive);
    shop.execute(
        "UPDATE blobs SET key = ? WHERE id = (SELECT min(id) FROM blobs)",
        "ba/ck/tenant_1/" + archive.getFileName());

    Cli backup = Cli.done(shop.withConfig("tenant", "backup", "--tenant", "1"));
    Cli.done(shop.withConfig("tenant", "restore", "--tenant", "1", "--label", label));
    Cli.done(shop.withConfig("tenant", "undo", "--tenant", "1"));

    assertThat(backup.err()).contains(label + ".tar.gz is Sevenfold's own: the store");
    assertThat(archive).hasBinaryContent(before);
  }

  @Test
  void schedules_that_the_system_names_itself_are_restored_as_it_says() throws Exception {
    Files.writeString(
        shop.config(),
        Shop.yaml() + SYSTEM.replace("primary:", "jobs: sevenfold-jobs.sqlite3, primary:"));
    Cli.done(shop.withConfig("schedule", "set", "--system", "--cron", "@daily"));
    Cli.done(shop.withConfig("system", "backup"));
    Cli.done(shop.withConfig("schedule", "remove", "--system"));

    Cli.done(
        shop.withConfig("system", "restore", "--label", "latest", "--into", folder.toString()));

    assertThat(Cli.done(shop.withConfig("schedule", "show")).out()).contains("@daily");
  }
}
