package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthTest {

  @TempDir Path folder;
  Shop shop;

  @BeforeEach
  void create() {
    shop = Shop.create(folder, 2);
  }

  private Cli health(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "health";
    all[1] = "--config";
    all[2] = shop.config().toString();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return Cli.run(all);
  }

  @Test
  void says_for_programs_how_every_tenant_is_backed_up() {
    String label = shop.backup(1);
    shop.cli("schedule", "set", "--tenant", "1", "--cron", "@yearly");

    Cli health = health("--json");

    assertThat(health.code()).as("%s", health).isZero();
    List<Map<String, Object>> tenants = JsonText.list(health.out());
    assertThat(tenants).hasSize(2);
    assertThat(tenants.get(0))
        .containsEntry("tenant", "1")
        .containsEntry("state", "healthy")
        .containsEntry("label", label)
        .containsEntry("dueSince", "")
        .containsEntry("failure", "")
        .containsEntry("archives", 1)
        .containsEntry("storageBytes", (int) shop.archive(label).toFile().length());
    assertThat(tenants.get(1))
        .containsEntry("tenant", "2")
        .containsEntry("state", "unplanned")
        .containsEntry("label", "");
  }

  @Test
  void says_it_for_people_too() {
    String label = shop.backup(2);

    List<String> lines = health().lines();

    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).startsWith("TENANT  STATE").endsWith("BYTES");
    assertThat(lines.get(2)).startsWith("2       unplanned  " + label);
    assertThat(lines.get(3)).startsWith("As of 20").endsWith("is as the tenant model says");
  }
}
