package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantRelabelTest {

  @TempDir Path folder;
  Shop shop;
  Path kept;

  @BeforeEach
  void a_tenant_keeps_a_file() {
    shop = Shop.create(folder, 12);
    kept = folder.resolve("sent by mail (1).tar.gz");
    String label = shop.backup(1);
    Cli.done(shop.withConfig("archive", "get", "--label", label, "--out", kept.toString()));
  }

  @Test
  void takes_the_file_in_under_the_date_and_restores_it() throws IOException {
    Map<String, List<String>> before = shop.dump();
    for (int i = 0; i < 8; i++) {
      shop.backup(1);
    }
    shop.vandalise(1);

    Cli relabel = shop.cli("tenant", "relabel", "--tenant", "1", "--from", kept.toString());

    assertThat(relabel.code()).isZero();
    String label = relabel.lastLine();
    assertThat(label).matches("tenant_1_\\d{4}-\\d{2}-\\d{2}");
    shop.backup(1);
    List<Map<String, Object>> points =
        JsonText.list(shop.cli("tenant", "list", "--tenant", "1", "--json").out());
    // Seven, beside them the newest, which lacks a file and so pushes none of them out, and this.
    assertThat(points).hasSize(9);
    assertThat(points.get(8)).containsEntry("label", label).containsEntry("pinned", true);
    assertThat(shop.cli("tenant", "restore", "--tenant", "1", "--label", label).code()).isZero();
    assertThat(shop.dump()).isEqualTo(before);
  }

  @Test
  void numbers_a_second_one_of_the_same_day() {
    Cli first = shop.cli("tenant", "relabel", "--tenant", "1", "--from", kept.toString());
    Cli second =
        shop.cli("tenant", "relabel", "--tenant", "1", "--from", kept.toString(), "--json");

    assertThat(JsonText.object(second.out())).containsEntry("label", first.lastLine() + "-2");
  }

  @Test
  void refuses_the_file_of_another_tenant_and_what_is_no_archive() throws IOException {
    Path garbage = Files.writeString(folder.resolve("garbage"), "hello");

    // 12 begins with 1.
    Cli other = shop.cli("tenant", "relabel", "--tenant", "12", "--from", kept.toString());
    Cli none = shop.cli("tenant", "relabel", "--tenant", "1", "--from", garbage.toString());
    Cli missing = shop.cli("tenant", "relabel", "--tenant", "1", "--from", folder + "/nothing");

    assertThat(other.code()).isEqualTo(3);
    assertThat(other.firstError()).contains("of tenant 1, not of tenant 12");
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.firstError()).contains("garbage");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.firstError()).contains("there is no file");
    assertThat(shop.cli("tenant", "list", "--tenant", "12", "--json").out()).isEqualTo("[]\n");
  }
}
