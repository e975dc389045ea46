package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code archive convert-store}, on folders that a version before has filled. */
class ConvertStoreTest {

  @TempDir Path folder;
  Shop shop;

  @BeforeEach
  void create() {
    shop = Shop.create(folder, 2);
  }

  /** Brings a store to where a version before this one would have it. */
  private static void flatten(Path store) throws IOException {
    for (Path file : StoreFiles.all(store)) {
      Files.move(file, store.resolve(file.getFileName()));
    }
    Files.delete(store.resolve(".sevenfold-store.json"));
    Files.delete(store.resolve("tenant_1"));
  }

  @Test
  void gives_each_tenant_a_folder_without_a_database() throws IOException {
    String label = shop.backup(1);
    flatten(shop.store());
    assertThat(Cli.done(shop.withConfig("tenant", "list", "--tenant", "1")).out()).contains(label);
    assertThat(shop.archive(label)).doesNotExist();
    Files.delete(shop.database());

    Cli convert = Cli.done(shop.withConfig("archive", "convert-store"));

    assertThat(convert.lines())
        .containsExactly("directory " + shop.store() + ": 1 archives moved", "converted");
    assertThat(shop.archive(label)).exists();
    assertThat(Cli.done(shop.withConfig("archive", "verify", "--label", label)).lastLine())
        .isEqualTo("proven");
    assertThat(Cli.done(shop.withConfig("archive", "convert-store")).lines())
        .containsExactly("directory " + shop.store() + ": 0 archives moved", "converted");
  }

  @Test
  void converts_each_place_of_a_mirror_and_says_which_one_failed() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(
        shop.config(),
        Shop.yaml()
            .replace(
                "store: {directory: backups}",
                "store: {mirror: [{directory: other}, {directory: backups,"
                    + " age: {passphrase: {file: not-there}}}]}"));
    Files.writeString(other.resolve(".sevenfold-store.json"), "{\"layout\":3}");
    Path archive = shop.store().resolve("tenant_1_20261122010100.age");
    Files.createDirectories(shop.store());
    Files.writeString(archive, "encrypted with a key that is elsewhere");

    Cli convert = shop.cli("archive", "convert-store");

    assertThat(convert.code()).isEqualTo(1);
    assertThat(convert.err()).contains("other", "layout 3", "Use a newer version");
    assertThat(convert.lines()).containsExactly("directory " + shop.store() + ": 1 archives moved");
    assertThat(archive).doesNotExist();
    assertThat(StoreFiles.names(shop.store())).isEqualTo(List.of(archive.getFileName().toString()));
  }
}
