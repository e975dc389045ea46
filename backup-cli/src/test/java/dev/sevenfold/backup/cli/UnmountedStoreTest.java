package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an operator sees while the disk of the backups is not mounted: each command is a process.
 */
class UnmountedStoreTest {

  @TempDir Path folder;
  private Shop shop;

  @BeforeEach
  void create() throws IOException {
    shop = Shop.create(folder, 2);
    Files.writeString(
        shop.config(), Shop.yaml() + "system:\n  databases: {primary: production.sqlite3}\n");
  }

  private void unmount() throws IOException {
    Files.move(shop.store(), folder.resolve("disk"));
    Files.createDirectory(shop.store());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tenant backup --tenant 1",
        "tenant backup --all",
        "tenant list --tenant 1",
        "tenant list --tenant 1 --safety",
        "tenant list --tenant 1 --json",
        "tenant undo --tenant 1",
        "archive prune",
        "archive prune --dry-run",
        "archive drill",
        "archive delete --label system_20261122010100",
        "archive verify --label system_20261122010100",
        "archive convert-store",
        "system backup",
        "system list",
        "system list --json",
        "health",
        "health --json"
      })
  void every_command_says_so(String command) throws IOException {
    shop.backup(1);
    Cli.done(shop.withConfig("system", "backup"));
    unmount();

    Cli cli = Cli.run((command + " --config " + shop.config()).split(" "));

    assertThat(cli.code()).as(cli.toString()).isEqualTo(1);
    assertThat(cli.err()).contains("is not mounted", "archive prepare-store");
    assertThat(shop.store()).isEmptyDirectory();
  }

  @Test
  void system_restore_says_so_where_the_config_names_the_database() throws IOException {
    Cli.done(shop.withConfig("system", "backup"));
    unmount();

    Cli cli =
        shop.cli(
            "system", "restore", "--label", "latest", "--into", folder.resolve("n").toString());

    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("is not mounted");
  }

  @Test
  void mounted_again_or_prepared_it_goes_on() throws IOException {
    shop.backup(1);
    unmount();
    Files.delete(shop.store());
    Files.move(folder.resolve("disk"), shop.store());
    shop.backup(1);
    assertThat(Cli.done(shop.withConfig("tenant", "list", "--tenant", "1")).lines()).hasSize(3);
    unmount();

    Cli prepared = Cli.done(shop.withConfig("archive", "prepare-store"));

    assertThat(prepared.lines())
        .containsExactly("directory " + shop.store() + ": ready", "prepared");
    shop.backup(1);
    assertThat(Cli.done(shop.withConfig("tenant", "list", "--tenant", "1")).lines()).hasSize(2);
  }

  @Test
  void the_note_beside_the_database_is_in_no_backup_of_its_folder() throws IOException {
    Path app = Files.createDirectory(folder.resolve("app"));
    Files.move(shop.database(), app.resolve("app.sqlite3"));
    Files.writeString(
        shop.config(),
        """
        system: {databases: {primary: app/app.sqlite3}, files: {all: app}}
        store: {directory: backups}
        """);
    Cli.done(shop.withConfig("system", "backup"));
    assertThat(app.resolve("app.sqlite3-sevenfold.stores")).exists();
    Files.writeString(app.resolve("file"), "so that there is one");

    Cli.done(shop.withConfig("system", "backup"));

    Path into = folder.resolve("n");
    Cli.done(shop.withConfig("system", "restore", "--label", "latest", "--into", into.toString()));
    try (Stream<Path> files = Files.list(into)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("app.sqlite3", "file");
    }
  }
}
