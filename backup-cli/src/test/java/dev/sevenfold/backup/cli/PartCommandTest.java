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

/** A part of a tenant is previewed, restored and taken back from the command line. */
class PartCommandTest {

  @TempDir Path folder;
  Shop shop;
  String label = "";

  @BeforeEach
  void create() {
    shop = Shop.create(folder, 5);
    label = shop.backup(3);
    shop.execute(
        "DELETE FROM tasks WHERE owner_ref = 3 AND id = (SELECT min(id) FROM tasks WHERE owner_ref = 3)");
    shop.execute("UPDATE users SET email = 'moved' || id WHERE tenant_id = 3");
  }

  private Cli run(String command, String... more) {
    String[] arguments = new String[4 + more.length];
    System.arraycopy(new String[] {"--tenant", "3", "--label", label}, 0, arguments, 0, 4);
    System.arraycopy(more, 0, arguments, 4, more.length);
    return shop.cli("tenant", command, arguments);
  }

  @Test
  void what_was_deleted_comes_back_and_what_was_changed_since_stays() {
    Cli preview = run("preview", "--create");
    Cli restore = run("restore", "--create");

    assertThat(preview.code()).as("%s", preview).isZero();
    assertThat(preview.out())
        .contains("inserted in tasks ")
        .contains("): id='")
        .doesNotContain("updated in users");
    assertThat(restore.code()).as("%s", restore).isZero();
    assertThat(restore.out()).endsWith("restored\n");
    assertThat(shop.count("SELECT count(*) FROM users WHERE email LIKE 'moved%'")).isPositive();
    assertThat(run("preview", "--create").out()).doesNotContain("inserted in");
  }

  @Test
  void one_row_is_restored_and_taken_back() throws IOException {
    long user = shop.count("SELECT min(id) FROM users WHERE tenant_id = 3");
    Map<String, List<String>> before = shop.dump();

    Cli restore =
        run("restore", "--update", "--only", "users.email,tasks", "--rows", "users=" + user);

    assertThat(restore.code()).as("%s", restore).isZero();
    assertThat(shop.count("SELECT count(*) FROM users WHERE email LIKE 'moved%' AND id = " + user))
        .isZero();
    assertThat(shop.cli("tenant", "undo", "--tenant", "3").code()).isZero();
    assertThat(shop.dump()).isEqualTo(before);
  }

  @Test
  void rows_are_shown_by_their_key_and_by_what_the_model_says() throws IOException {
    long user = shop.count("SELECT min(id) FROM users WHERE tenant_id = 3");
    Files.writeString(
        shop.config(),
        Files.readString(shop.config())
            .replaceFirst("(?m)^tenants:\n", "tenants:\n  display: {Users: EMAIL}\n"));

    Cli text = run("preview", "--update", "--rows", "users=" + user);
    Cli json = run("preview", "--update", "--rows", "users=" + user, "--json");

    assertThat(text.out()).contains("updated in users " + user + " (moved" + user + "): email='");
    assertThat(json.out())
        .contains("\"key\":\"" + user + "\",\"display\":\"moved" + user + "\",\"before\"");
  }

  @Test
  void a_row_is_named_as_the_option_takes_it() {
    Cli all = run("preview", "--create", "--only", "tasks");
    String key = all.out().replaceAll("(?s).*inserted in tasks (\\S+) .*", "$1");

    Cli one = run("restore", "--create", "--rows", "tasks=" + key);

    assertThat(one.code()).as("%s", one).isZero();
    assertThat(run("preview", "--create", "--only", "tasks").out()).doesNotContain("inserted in");
  }

  @Test
  void names_and_keys_that_are_nowhere_are_refused_with_the_nearest() {
    Cli table = run("restore", "--only", "taks");
    Cli row = run("preview", "--rows", "users=x\\,y");

    assertThat(table.code()).isEqualTo(3);
    assertThat(table.err()).contains("there is no table taks; nearest to it: tasks");
    assertThat(row.code()).isEqualTo(3);
    assertThat(row.err()).contains("table users has no row x,y");
  }

  @Test
  void what_is_no_part_is_bad_usage() {
    assertThat(run("restore", "--rows", "5").code()).isEqualTo(2);
    assertThat(run("restore", "--rows", "users=").code()).isEqualTo(2);
    assertThat(run("preview", "--rows", "-1").code()).isEqualTo(2);
    Cli both = run("restore", "--create", "--new-ids");
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err()).contains("--create", "--new-ids");
    assertThat(run("restore", "--only", "users", "--into-tenant", "4").code()).isEqualTo(2);
  }
}
