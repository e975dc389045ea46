package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveDrillTest {

  @TempDir Path folder;
  Shop shop;

  @BeforeEach
  void create() {
    shop = Shop.create(folder, 3);
  }

  @Test
  void proves_one_restore_point_of_every_tenant_without_the_database() throws IOException {
    String first = shop.backup(1);
    shop.backup(1);
    String second = shop.backup(2);
    Files.delete(shop.database());

    Cli drill = shop.cli("archive", "drill");

    assertThat(drill.code()).as("%s", drill).isZero();
    assertThat(drill.lines())
        .containsExactly(first + "  proven", second + "  proven", "2 proven, 0 failed");
    assertThat(shop.cli("archive", "drill", "--tenant", "2", "--json").out())
        .contains("\"label\":\"" + second + "\"")
        .contains("\"proven\":true");
  }

  @Test
  void tells_of_one_that_went_bad_and_goes_on() throws IOException {
    String bad = shop.backup(1);
    String good = shop.backup(2);
    byte[] bytes = Files.readAllBytes(shop.archive(bad));
    bytes[bytes.length / 2] ^= 1;
    Files.write(shop.archive(bad), bytes);

    Cli drill = shop.cli("archive", "drill");

    assertThat(drill.code()).as("%s", drill).isEqualTo(3);
    assertThat(drill.lastLine()).isEqualTo("1 proven, 1 failed");
    assertThat(drill.out()).contains(bad + "  failed  ").contains(good + "  proven");
    assertThat(drill.firstError()).startsWith("sevenfold: ");
    assertThat(shop.cli("tenant", "list", "--tenant", "1", "--json").out())
        .contains("\"proven\":false");
  }

  @Test
  void of_an_empty_store_is_no_failure() {
    Cli drill = shop.cli("archive", "drill");

    assertThat(drill.code()).isZero();
    assertThat(drill.lastLine()).isEqualTo("0 proven, 0 failed");
  }
}
