package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigUsageTest {

  @TempDir Path folder;
  Shop shop;

  @BeforeEach
  void create() {
    shop = Shop.create(folder, 2);
  }

  @Test
  void ends_with_2_when_the_config_does_not_fit_the_database() throws IOException {
    assertRefused("{table: tasks, column: owner_ref}", "{table: tasks, column: owner}", "owner");
    assertRefused("table: blobs, referenced_by", "table: blubs, referenced_by", "blubs");
    assertRefused("table: tenants", "table: tenant", "no table tenant,");
    assertRefused("ignored: [", "ignored: [countries, ", "both shared and ignored");
  }

  @Test
  void ends_with_2_when_there_is_no_database_file() throws IOException {
    assertRefused("production.sqlite3", "productoin.sqlite3", "productoin.sqlite3");
    assertThat(folder.resolve("productoin.sqlite3")).doesNotExist();
  }

  @Test
  void ends_with_2_when_a_key_is_missing_or_unknown() throws IOException {
    assertRefused("database:", "databse:", "line 1: databse is not a known key");
    assertRefused("database: production.sqlite3", "", "the key database is missing");
  }

  private void assertRefused(String from, String to, String expected) throws IOException {
    String yaml = Shop.yaml();
    assertThat(yaml).contains(from);
    Files.writeString(shop.config(), yaml.replace(from, to));
    Cli backup = shop.cli("tenant", "backup", "--tenant", "1");
    assertThat(backup.code()).as("%s", backup).isEqualTo(2);
    assertThat(backup.out()).isEmpty();
    assertThat(backup.firstError()).startsWith("sevenfold: " + folder).contains(expected);
  }
}
