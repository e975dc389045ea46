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

/** {@code tenant forget}: all of it or a list of what stands in the way. */
class TenantForgetTest {

  @TempDir Path folder;
  Shop shop;

  @BeforeEach
  void create() {
    shop = Shop.create(folder, 2);
  }

  @Test
  void forgets_archives_schedules_and_nothing_of_others() throws IOException {
    String label = shop.backup(1);
    String others = shop.backup(2);
    for (String tenant : List.of("1", "2")) {
      Cli.done(shop.withConfig("schedule", "set", "--tenant", tenant, "--cron", "0 2 * * *"));
    }
    Map<String, List<String>> rows = shop.dump();

    Cli asked = shop.cli("tenant", "forget", "--tenant", "1");
    assertThat(asked.code()).isEqualTo(3);
    assertThat(asked.firstError())
        .isEqualTo("sevenfold: 4 things of tenant 1 would be removed for good, and nothing was");
    assertThat(asked.out())
        .contains("would remove: tenant_1/" + label + ".tar.gz in directory " + shop.store())
        .contains("would remove: BackupTenantJob of tenant 1")
        .contains("would stay: the rows and files of the tenant in SQLite database");
    assertThat(shop.archive(label)).exists();

    Cli forgotten = shop.cli("tenant", "forget", "--tenant", "1", "--yes");

    assertThat(forgotten.code()).isZero();
    assertThat(forgotten.lastLine()).isEqualTo("forgotten");
    assertThat(forgotten.out())
        .contains("removed: tenant_1/" + label + ".tar.gz in directory " + shop.store())
        .contains("removed: a firing of BackupTenantJob of tenant 1 is planned")
        .doesNotContain("left: ");
    assertThat(shop.store().resolve("tenant_1")).doesNotExist();
    assertThat(shop.archive(others)).exists();
    assertThat(shop.dump()).isEqualTo(rows);
    assertThat(shop.cli("schedule", "show").lines())
        .anyMatch(line -> line.startsWith("2 "))
        .noneMatch(line -> line.startsWith("1 "));
    assertThat(shop.cli("tenant", "forget", "--tenant", "1", "--yes").lastLine())
        .isEqualTo("forgotten");
  }

  @Test
  void is_refused_while_anything_is_held() {
    String label = shop.backup(1);
    Cli.done(shop.withConfig("archive", "pin", "--label", label, "--reason", "court order 7/26"));

    Cli asked = shop.cli("tenant", "forget", "--tenant", "1");
    Cli refused = shop.cli("tenant", "forget", "--tenant", "1", "--yes");

    assertThat(asked.out()).contains("is held: " + label + ": it is held: court order 7/26");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err()).contains(label + ": it is held: court order 7/26");
    assertThat(shop.archive(label)).exists();
  }

  @Test
  void says_what_it_could_not_remove_and_ends_with_1() throws IOException {
    shop.backup(1);
    Files.writeString(shop.store().resolve("tenant_1/notes.txt"), "of a person");

    Cli left = shop.cli("tenant", "forget", "--tenant", "1", "--yes");
    Files.delete(shop.store().resolve("tenant_1/notes.txt"));
    Cli json = shop.cli("tenant", "forget", "--tenant", "1", "--yes", "--json");

    assertThat(left.code()).isEqualTo(1);
    assertThat(left.out())
        .contains("left: tenant_1/notes.txt in directory " + shop.store())
        .doesNotContain("forgotten");
    assertThat(left.firstError()).startsWith("sevenfold: Not all of tenant 1 is forgotten");
    assertThat(json.code()).isZero();
    assertThat(json.out())
        .startsWith("{\"tenant\":\"1\",\"removed\":[],\"left\":[],\"silent\":[],\"holds\":[],");
  }

  @Test
  void a_tenant_that_there_is_nothing_of_is_named_as_everywhere() {
    Cli nobody = shop.cli("tenant", "forget", "--tenant", "71", "--yes");

    assertThat(nobody.code()).isEqualTo(3);
    assertThat(nobody.err()).contains("There is no tenant 71");
  }
}
