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

/** What a preview wrote to a file is what is restored, or nothing is. */
class PlanFileTest {

  @TempDir Path folder;
  private Shop shop;
  private Path plan;
  private String label = "";

  @BeforeEach
  void back_up_and_lose_a_task() {
    shop = Shop.create(folder, 5);
    plan = folder.resolve("plan.json");
    label = shop.backup(3);
    shop.execute("DELETE FROM tasks WHERE id = (SELECT min(id) FROM tasks WHERE owner_ref = 3)");
    shop.execute("UPDATE users SET email = 'moved' || id WHERE tenant_id = 3");
  }

  private void preview(String... more) {
    Cli preview = shop.cli("tenant", "preview", all(more));
    assertThat(preview.code()).as("%s", preview).isZero();
  }

  private String[] all(String... more) {
    String[] arguments = new String[6 + more.length];
    List.of("--tenant", "3", "--label", label, "--out", plan.toString()).toArray(arguments);
    System.arraycopy(more, 0, arguments, 6, more.length);
    return arguments;
  }

  private Cli restore(String... more) {
    String[] arguments = new String[2 + more.length];
    System.arraycopy(new String[] {"--plan", plan.toString()}, 0, arguments, 0, 2);
    System.arraycopy(more, 0, arguments, 2, more.length);
    return shop.cli("tenant", "restore", arguments);
  }

  @Test
  void the_plan_alone_says_all_that_is_done() {
    preview("--create");
    String moved = "SELECT count(*) FROM users WHERE email LIKE 'moved%'";
    long changed = shop.count(moved);

    Cli restore = restore();

    assertThat(restore.code()).as("%s", restore).isZero();
    assertThat(restore.out()).endsWith("restored\n");
    assertThat(changed).isPositive().isEqualTo(shop.count(moved));
  }

  @Test
  void what_is_given_beside_it_has_to_agree() throws IOException {
    preview("--create", "--json");
    Map<String, List<String>> before = shop.dump();

    for (List<String> other :
        List.of(
            List.of("--tenant", "4"),
            List.of("--label", "tenant_3_20200101000000"),
            List.of("--update"),
            List.of("--create", "--only", "users"),
            List.of("--into-tenant", "4"))) {
      Cli refused = restore(other.toArray(String[]::new));
      assertThat(refused.code()).as("%s", refused).isEqualTo(2);
      assertThat(refused.err()).contains(plan.toString());
    }
    assertThat(shop.dump()).isEqualTo(before);

    assertThat(restore("--tenant", "3", "--label", label, "--create").code()).isZero();
  }

  @Test
  void is_refused_where_something_else_would_be_done_by_now() throws IOException {
    preview();
    shop.execute("DELETE FROM tasks WHERE id = (SELECT min(id) FROM tasks WHERE owner_ref = 3)");
    Map<String, List<String>> before = shop.dump();

    Cli refused = restore();

    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.firstError()).contains("would not be restored as it was shown");
    assertThat(refused.err()).contains("tasks: 2 inserted, 0 updated, 0 deleted");
    assertThat(shop.dump()).isEqualTo(before);

    preview();
    assertThat(restore().code()).isZero();
    assertThat(restore().code()).as("a second time").isEqualTo(3);
  }

  @Test
  void says_keys_and_names_as_they_were_given() {
    String key = "ä\"\\ \uD83D\uDC18";
    shop.execute("INSERT INTO tasks VALUES (?, 3, 'then'), ('b', 3, 'then')", key);
    label = shop.backup(3);
    shop.execute("UPDATE tasks SET title = 'now' WHERE owner_ref = 3");
    preview("--rows", "Tasks=" + key, "--only", "tasks");

    assertThat(restore("--rows", "Tasks=" + key, "--only", "tasks").code()).isZero();

    assertThat(shop.count("SELECT count(*) FROM tasks WHERE title = 'then'")).isOne();
  }

  @Test
  void goes_into_another_tenant_as_shown() {
    shop.execute("INSERT INTO tenants (id, name) VALUES (77, 'Copy')");
    preview("--into-tenant", "77");

    Cli restore = restore("--tenant", "3");

    assertThat(restore.code()).as("%s", restore).isZero();
    assertThat(shop.count("SELECT count(*) FROM users WHERE tenant_id = 77")).isPositive();
  }

  @Test
  void is_no_plan() throws IOException {
    Files.writeString(plan, "[1");
    assertThat(restore().code()).isEqualTo(2);
    assertThat(restore().err()).contains("is no plan that tenant preview wrote");
    Files.writeString(plan, "{\"tenant\": 3}");
    assertThat(restore().code()).isEqualTo(2);

    Cli overwriting = shop.cli("tenant", "preview", all());

    assertThat(overwriting.code()).isEqualTo(2);
    assertThat(plan).hasContent("{\"tenant\": 3}");
    assertThat(shop.cli("tenant", "restore").err()).contains("--plan");
  }
}
