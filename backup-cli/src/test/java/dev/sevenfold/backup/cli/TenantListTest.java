package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantListTest {

  @TempDir Path folder;
  Shop shop;

  @BeforeEach
  void create() {
    shop = Shop.create(folder, 10);
  }

  @Test
  void lists_the_newest_first_for_people_and_for_programs() {
    String older = shop.backup(1);
    String newer = shop.backup(1);
    shop.backup(10);

    Cli table = shop.cli("tenant", "list", "--tenant", "1");
    List<Map<String, Object>> json =
        JsonText.list(shop.cli("tenant", "list", "--tenant", "1", "--json").out());

    assertThat(table.lines()).hasSize(3);
    assertThat(table.lines().get(1)).startsWith(newer + " ");
    assertThat(table.lines().get(2)).startsWith(older + " ");
    assertThat(json).extracting(point -> point.get("label")).containsExactly(newer, older);
    assertThat(json.get(0))
        .containsOnlyKeys(
            "label", "capturedAt", "sizeBytes", "proven", "verified", "pinned", "hold", "tenant")
        .containsEntry("tenant", "1")
        .containsEntry("proven", true)
        .containsEntry("pinned", false)
        .containsEntry("sizeBytes", (int) shop.archive(newer).toFile().length());
    assertThat(Instant.parse(JsonText.text(json.get(0), "capturedAt")))
        .isAfter(Instant.parse(JsonText.text(json.get(1), "capturedAt")));
  }

  @Test
  void says_that_there_is_nothing_and_that_the_folder_is_not_there() throws IOException {
    Cli list = shop.cli("tenant", "list", "--tenant", "1");
    assertThat(list.code()).isZero();
    assertThat(list.err().lines().toList())
        .containsExactly(
            "sevenfold: tenant 1 has no restore points",
            "The folder "
                + shop.store()
                + " of the store is not there; if it is on another disk, mount that");

    Files.createDirectories(shop.store());
    assertThat(shop.cli("tenant", "list", "--tenant", "1", "--safety").err())
        .isEqualTo("sevenfold: tenant 1 was never restored\n");
  }

  @Test
  void shows_an_archive_with_a_damaged_beginning_by_its_label_and_counts_it_for_nothing()
      throws IOException {
    String damaged = shop.backup(1);
    byte[] bytes = Files.readAllBytes(shop.archive(damaged));
    bytes[40] ^= 1;
    // Shorter, too: what is as long as it was recorded is not opened for a list.
    Files.write(shop.archive(damaged), Arrays.copyOf(bytes, bytes.length - 1));
    String whole = shop.backup(1);
    shop.backup(10);

    Cli list = shop.cli("tenant", "list", "--tenant", "1", "--json");
    List<Map<String, Object>> json = JsonText.list(list.out());
    Cli restore = shop.cli("tenant", "restore", "--tenant", "1", "--label", damaged);
    for (int i = 0; i < 7; i++) {
      shop.backup(1);
    }

    assertThat(json).extracting(point -> point.get("label")).containsExactly(whole, damaged);
    assertThat(json.get(1))
        .containsEntry("tenant", "1")
        .containsEntry("proven", false)
        .containsKeys("capturedAt", "sizeBytes", "pinned", "damage");
    assertThat(list.firstError()).startsWith("sevenfold: warning: the archive " + damaged);
    assertThat(shop.cli("tenant", "list", "--tenant", "1").out())
        .containsPattern(damaged + " +damaged +no");
    assertThat(restore.code()).isEqualTo(3);
    assertThat(shop.archive(damaged)).as("whose it is, nobody knows").exists();
    assertThat(shop.archive(whole)).as("the eighth").doesNotExist();
  }

  @Test
  void lists_nothing_of_a_tenant_without_archives() {
    assertThat(shop.cli("tenant", "list", "--tenant", "7", "--json").out()).isEqualTo("[]\n");
    Cli list = shop.cli("tenant", "list", "--tenant", "7");
    assertThat(list.code()).isZero();
    assertThat(list.out()).isEmpty();
    assertThat(list.firstError()).contains("tenant 7 has no");
  }

  @Test
  void lists_on_a_machine_that_has_no_database_yet() throws IOException {
    String label = shop.backup(1);
    Files.delete(shop.database());

    Cli list = shop.cli("tenant", "list", "--tenant", "1");

    assertThat(list.code()).isZero();
    assertThat(list.out()).contains(label);
    assertThat(list.firstError()).startsWith("sevenfold: warning: there is no database file");
    assertThat(shop.cli("archive", "verify", "--label", label).lastLine()).isEqualTo("proven");
  }

  @Test
  void lists_the_safety_backups_on_request() throws IOException {
    String label = shop.backup(1);
    shop.vandalise(1);
    shop.cli("tenant", "restore", "--tenant", "1", "--label", label);

    assertThat(shop.cli("tenant", "list", "--tenant", "1", "--safety").lines().get(1))
        .startsWith("safety_1_");
    assertThat(shop.cli("tenant", "list", "--tenant", "1").lines()).hasSize(2);
  }

  @Test
  void explains_who_owns_which_table() {
    Cli explain = shop.cli("tenant", "explain");

    assertThat(explain.code()).isZero();
    assertThat(explain.lines())
        .contains(
            "tenants            root, key id",
            "order_lines        owned: order_id -> orders(id), orders: customer_id ->"
                + " customers(id), customers: column tenant_id")
        .anyMatch(line -> line.startsWith("    order_id -> orders(id): "));
  }
}
