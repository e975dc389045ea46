package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in restore points is looked at from the command line. */
class TenantFindTest {

  @TempDir Path folder;
  Shop shop;
  String label = "";
  long user;

  @BeforeEach
  void create() {
    shop = Shop.create(folder, 5);
    user = shop.count("SELECT min(id) FROM users WHERE tenant_id = 3");
    shop.execute("UPDATE users SET email = 'Anna.\n.Odd@example.org' WHERE id = " + user);
    label = shop.backup(3);
    shop.execute("UPDATE users SET email = 'moved' WHERE id = " + user);
  }

  private Cli find(String... what) {
    return shop.cli("tenant", "find", what);
  }

  @Test
  void a_row_is_told_by_its_key_and_by_its_text() {
    Cli byKey = find("--tenant", "3", "--row", "users=" + user);
    Cli byText = find("--tenant", "3", "--text", "users.email=anna.", "--json");

    assertThat(byKey.code()).as("%s", byKey).isZero();
    assertThat(byKey.out())
        .startsWith("row " + user + " of users\n  " + label + ": ")
        .contains("email='Anna. .Odd@example.org'", "\n  today: ", "email='moved'");
    assertThat(byText.code()).as("%s", byText).isZero();
    assertThat(byText.out())
        .contains("\"key\":\"" + user + "\"", "\"goneSince\":null", "\"label\":\"" + label + "\"")
        .contains("\"unread\":[]");
  }

  @Test
  void the_rows_of_another_tenant_are_not_told() {
    Cli find = find("--tenant", "4", "--row", "users=" + user);
    Cli diff = shop.cli("tenant", "diff", "--tenant", "4", "--label", label);

    assertThat(find.code()).isZero();
    assertThat(find.out()).isEqualTo("in no restore point, and not there today\n");
    assertThat(diff.code()).isEqualTo(3);
    assertThat(diff.out()).isEmpty();
    assertThat(diff.err()).contains("is not of tenant 4");
  }

  @Test
  void what_was_changed_since_is_told_with_old_and_new_values() {
    Cli text = shop.cli("tenant", "diff", "--tenant", "3", "--label", label);
    Cli json =
        shop.cli("tenant", "diff", "--tenant", "3", "--label", label, "--to", label, "--json");

    assertThat(text.code()).as("%s", text).isZero();
    assertThat(text.out()).contains("updated in users " + user + ": email=", " -> 'moved'");
    assertThat(json.code()).as("%s", json).isZero();
    assertThat(json.out()).contains("\"to\":\"" + label + "\"").doesNotContain("\"kind\"");
  }

  @Test
  void what_names_nothing_is_bad_usage() {
    for (String row : new String[] {"users", "users=", "=5"}) {
      assertThat(find("--tenant", "3", "--row", row).code()).isEqualTo(2);
    }
    for (String text : new String[] {"users=x", "users.=x", ".email=x", "users.email="}) {
      assertThat(find("--tenant", "3", "--text", text).code()).as(text).isEqualTo(2);
    }
    assertThat(find("--tenant", "3").code()).isEqualTo(2);
    assertThat(find("--tenant", "3", "--row", "users=1", "--text", "users.email=x").code())
        .isEqualTo(2);
    assertThat(find("--tenant", "3", "--row", "taks=1").code()).isEqualTo(3);
  }
}
