package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tenant restored into another one: everything is there again, under ids of its own. */
class CloneTest {

  /** What rows say of each other, told by names rather than by ids; one query with a tenant. */
  private static final List<String> FACTS =
      List.of(
          "SELECT u.name || ' < ' || coalesce(b.name, '-') FROM users u LEFT JOIN users b"
              + " ON b.id = u.boss_id WHERE u.tenant_id = %d ORDER BY 1",
          "SELECT u.name || p.bio || f.name FROM users u JOIN profiles p ON p.user_id = u.id"
              + " JOIN photos f ON f.profile_id = p.user_id WHERE u.tenant_id = %d ORDER BY 1",
          "SELECT p.name || t.name || typeof(t.id) || typeof(p.id) || length(p.id) FROM projects p"
              + " JOIN tasks t ON t.project_id = p.id WHERE p.tenant_id = %d ORDER BY 1",
          "SELECT o.name || l.line || n.body FROM orders o JOIN order_lines l ON l.order_id = o.id"
              + " JOIN line_notes n ON n.order_id = l.order_id AND n.line = l.line"
              + " WHERE o.tenant_id = %d ORDER BY 1",
          "SELECT u.name || g.tag || typeof(g.target_id) || typeof(g.loose_id) FROM users u"
              + " JOIN taggings g ON g.target_type = 'User' AND g.target_id = u.id"
              + " AND g.loose_id = CAST(u.id AS TEXT) WHERE u.tenant_id = %d ORDER BY 1",
          "SELECT p.name || g.tag || typeof(g.target_id) FROM projects p JOIN taggings g ON"
              + " g.target_type = 'Project' AND g.target_id = p.id WHERE p.tenant_id = %d"
              + " ORDER BY 1",
          "SELECT u.name || n.body FROM users u JOIN notes n ON n.author_id = u.id"
              + " WHERE u.tenant_id = %d ORDER BY 1",
          "SELECT d.name || e.name || h.name FROM departments d JOIN employees e ON"
              + " e.department_id = d.id LEFT JOIN employees h ON h.id = d.head_id"
              + " WHERE d.tenant_id = %d ORDER BY 1",
          "SELECT theme FROM settings WHERE tenant_id = %d",
          "SELECT m.body || p.name FROM memos m JOIN projects p ON p.tenant_id = m.tenant_id AND"
              + " p.number = m.project_number WHERE m.tenant_id = %d ORDER BY 1",
          "SELECT w.name || h.name FROM hooks h JOIN wires w ON w.hook_token = h.token"
              + " WHERE h.tenant_id = %d ORDER BY 1",
          "SELECT count(*) FROM dashboards d WHERE d.tenant_id = %d AND EXISTS (SELECT 1 FROM users"
              + " u WHERE u.tenant_id = d.tenant_id AND d.json = '{\"user\":' || u.id ||"
              + " ',\"tenant\":' || d.tenant_id || '}')");

  @TempDir Path folder;
  Lab lab;

  @BeforeEach
  void create() {
    lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT UNIQUE, chief_id INTEGER"
                    + " REFERENCES users (id))",
                "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES"
                    + " tenants (id), name TEXT, boss_id INTEGER REFERENCES users (id))",
                "CREATE TABLE profiles (user_id INTEGER PRIMARY KEY REFERENCES users (id), bio)",
                "CREATE TABLE photos (id INTEGER PRIMARY KEY, profile_id INTEGER NOT NULL"
                    + " REFERENCES profiles (user_id), name)",
                "CREATE TABLE projects (id TEXT PRIMARY KEY, tenant_id INTEGER NOT NULL, number"
                    + " INTEGER NOT NULL, name, UNIQUE (tenant_id, number))",
                "CREATE TABLE tasks (id BLOB PRIMARY KEY, project_id TEXT NOT NULL REFERENCES"
                    + " projects (id), name) WITHOUT ROWID",
                "CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, tenant_id INTEGER, name)",
                "CREATE TABLE order_lines (order_id INTEGER NOT NULL REFERENCES orders (id), line"
                    + " TEXT NOT NULL, PRIMARY KEY (order_id, line)) WITHOUT ROWID",
                "CREATE TABLE line_notes (id INTEGER PRIMARY KEY, order_id INTEGER, line TEXT, body,"
                    + " FOREIGN KEY (order_id, line) REFERENCES order_lines (order_id, line))",
                "CREATE TABLE taggings (id INTEGER PRIMARY KEY, target_type TEXT, target_id TEXT,"
                    + " loose_id, tag)",
                "CREATE TABLE notes (id INTEGER PRIMARY KEY, author_id INTEGER, body)",
                "CREATE TABLE departments (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, name,"
                    + " head_id INTEGER REFERENCES employees (id))",
                "CREATE TABLE employees (id INTEGER PRIMARY KEY, department_id INTEGER NOT NULL"
                    + " REFERENCES departments (id), name)",
                "CREATE TABLE settings (tenant_id INTEGER PRIMARY KEY REFERENCES tenants (id),"
                    + " theme)",
                "CREATE TABLE memos (id INTEGER PRIMARY KEY, tenant_id INTEGER, project_number"
                    + " INTEGER, body, FOREIGN KEY (tenant_id, project_number) REFERENCES projects"
                    + " (tenant_id, number))",
                "CREATE TABLE hooks (id INTEGER PRIMARY KEY, tenant_id INTEGER, token TEXT NOT NULL"
                    + " UNIQUE, name)",
                "CREATE TABLE wires (id INTEGER PRIMARY KEY, hook_token TEXT NOT NULL REFERENCES"
                    + " hooks (token), name)",
                "CREATE TABLE dashboards (id INTEGER PRIMARY KEY, tenant_id INTEGER, json TEXT)",
                "CREATE TABLE blobs (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE)",
                "CREATE TABLE attachments (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL,"
                    + " blob_id INTEGER NOT NULL REFERENCES blobs (id))")
            .owned(model());
    for (int tenant : List.of(1, 3)) {
      fill(tenant);
    }
  }

  private TenantModel.Builder model() {
    return TenantModel.rootedAt("tenants")
        .column("tenant_id")
        .reference("notes", "author_id", "users", "id")
        .polymorphic(
            "taggings", "target_type", "target_id", Map.of("User", "users", "Project", "projects"))
        .polymorphic("taggings", "target_type", "loose_id", Map.of("User", "users"))
        .referencedBy("blobs", "attachments", "blob_id")
        .files(folder.resolve("storage"), "blobs", "{key}")
        .newFileKeys("blobs", "key", () -> UUID.randomUUID().toString())
        .rewriteIds("dashboards", "json", CloneTest::rewritten);
  }

  private static String rewritten(String json, dev.sevenfold.backup.tenant.IdRewriter.NewIds ids) {
    Matcher found = Pattern.compile("\\{\"user\":(\\d+),\"tenant\":(\\d+)}").matcher(json);
    assertThat(found.matches()).isTrue();
    return "{\"user\":"
        + ids.of("users", Long.parseLong(found.group(1)))
        + ",\"tenant\":"
        + ids.of("tenants", Long.parseLong(found.group(2)))
        + "}";
  }

  private void fill(int tenant) {
    lab.update("INSERT INTO tenants (id, name) VALUES (?, ?)", tenant, "tenant " + tenant);
    List<Integer> users = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int id = tenant * 10 + i;
      lab.update(
          "INSERT INTO users VALUES (?, ?, ?, ?)", id, tenant, "u" + i, i == 0 ? null : id - 1);
      lab.update("INSERT INTO profiles VALUES (?, ?)", id, "bio" + i);
      lab.update("INSERT INTO photos (profile_id, name) VALUES (?, ?)", id, "photo" + i);
      lab.update("INSERT INTO notes (author_id, body) VALUES (?, ?)", id, "note" + i);
      lab.update(
          "INSERT INTO taggings (target_type, target_id, loose_id, tag) VALUES ('User', ?, ?, ?)",
          Integer.toString(id),
          Integer.toString(id),
          "tag" + i);
      lab.update(
          "INSERT INTO dashboards (tenant_id, json) VALUES (?, ?)",
          tenant,
          "{\"user\":" + id + ",\"tenant\":" + tenant + "}");
      users.add(id);
    }
    lab.update("UPDATE tenants SET chief_id = ? WHERE id = ?", users.get(2), tenant);
    lab.update("UPDATE users SET boss_id = ? WHERE id = ?", users.get(3), users.get(0));
    for (int i = 0; i < 2; i++) {
      String project = UUID.randomUUID().toString();
      lab.update("INSERT INTO projects VALUES (?, ?, ?, ?)", project, tenant, i, "p" + i);
      lab.update("INSERT INTO tasks VALUES (randomblob(16), ?, ?)", project, "t" + i);
      lab.update(
          "INSERT INTO taggings (target_type, target_id, tag) VALUES ('Project', ?, 'x')", project);
      lab.update(
          "INSERT INTO memos (tenant_id, project_number, body) VALUES (?, ?, 'm')", tenant, i);
    }
    lab.update("INSERT INTO orders (tenant_id, name) VALUES (?, 'o')", tenant);
    String order = "(SELECT max(id) FROM orders)";
    lab.execute(
        "INSERT INTO order_lines VALUES (" + order + ", 'a'), (" + order + ", 'b')",
        "INSERT INTO line_notes (order_id, line, body) VALUES (" + order + ", 'a', 'note on a')");
    lab.update("INSERT INTO departments (tenant_id, name) VALUES (?, 'd')", tenant);
    String department = "(SELECT max(id) FROM departments)";
    lab.execute(
        "INSERT INTO employees (department_id, name) VALUES (" + department + ", 'e')",
        "UPDATE departments SET head_id = (SELECT max(id) FROM employees) WHERE id = "
            + department);
    lab.update("INSERT INTO settings VALUES (?, 'dark')", tenant);
    String token = UUID.randomUUID().toString();
    lab.update("INSERT INTO hooks (tenant_id, token, name) VALUES (?, ?, 'h')", tenant, token);
    lab.update("INSERT INTO wires (hook_token, name) VALUES (?, 'w')", token);
    attach(tenant, "file of " + tenant);
  }

  private void attach(int tenant, String content) {
    String key = UUID.randomUUID().toString();
    lab.update("INSERT INTO blobs (key) VALUES (?)", key);
    lab.update(
        "INSERT INTO attachments (tenant_id, blob_id) VALUES (?, (SELECT max(id) FROM blobs))",
        tenant);
    try {
      Files.createDirectories(folder.resolve("storage"));
      Files.writeString(folder.resolve("storage").resolve(key), content);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<String> facts(int tenant) {
    return FACTS.stream().map(fact -> lab.query(fact.formatted(tenant))).toList();
  }

  private List<String> filesOf(int tenant) throws IOException {
    List<String> contents = new ArrayList<>();
    String keys =
        lab.query(
            "SELECT key FROM blobs WHERE id IN (SELECT blob_id FROM attachments WHERE tenant_id = "
                + tenant
                + ")");
    for (String key : List.of(keys.split(",", -1))) {
      contents.add(Files.readString(folder.resolve("storage").resolve(key)));
    }
    return contents;
  }

  @Test
  void everything_is_there_again_under_new_ids_and_the_source_is_untouched() throws IOException {
    lab.update("INSERT INTO tenants (id, name) VALUES (2, 'two')");
    Map<String, List<String>> before = lab.dump();
    List<String> facts = facts(1);
    assertThat(facts).doesNotContain("");
    Label label = lab.backup(1);

    lab.restore(2, label, Lab.NEW_IDS);

    assertThat(facts(2)).isEqualTo(facts);
    assertThat(facts(1)).isEqualTo(facts);
    assertThat(lab.query("SELECT name FROM tenants WHERE id = 2")).isEqualTo("two");
    assertThat(
            lab.query(
                "SELECT u.name FROM tenants t JOIN users u ON u.id = t.chief_id WHERE t.id = 2"))
        .isEqualTo("u2");
    before.forEach(
        (table, rows) -> {
          if (!table.equals("tenants")) {
            assertThat(lab.dump().get(table)).as(table).containsAll(rows);
          }
        });
    assertThat(filesOf(2)).isEqualTo(filesOf(1));
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void a_second_clone_replaces_the_first() throws IOException {
    lab.update("INSERT INTO tenants (id, name) VALUES (2, 'two')");
    Label label = lab.backup(1);
    List<String> facts = facts(1);
    lab.restore(2, label, Lab.NEW_IDS);
    int rows = lab.dump().values().stream().mapToInt(List::size).sum();

    lab.restore(2, label, Lab.NEW_IDS);

    assertThat(facts(2)).isEqualTo(facts);
    assertThat(lab.dump().values().stream().mapToInt(List::size).sum()).isEqualTo(rows);
    assertThat(filesOf(2)).isEqualTo(filesOf(1));
    try (var files = Files.list(folder.resolve("storage"))) {
      assertThat(files).hasSize(3);
    }
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void the_clone_is_backed_up_and_restored_like_any_tenant() {
    lab.update("INSERT INTO tenants (id, name) VALUES (2, 'two')");
    lab.restore(2, lab.backup(1), Lab.NEW_IDS);
    List<String> cloned = lab.rows("users WHERE tenant_id = 2");
    Label label = lab.backup(2);
    lab.execute(
        "DELETE FROM taggings WHERE id > 9",
        "DELETE FROM line_notes",
        "UPDATE users SET boss_id = NULL");
    lab.restore(2, label);

    assertThat(lab.rows("users WHERE tenant_id = 2")).isEqualTo(cloned);
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void undoing_a_clone_leaves_the_tenant_as_it_was() throws IOException {
    lab.update("INSERT INTO tenants (id, name) VALUES (2, 'two')");
    attach(2, "file of its own");
    Map<String, List<String>> before = lab.dump();
    lab.restore(2, lab.backup(1), Lab.NEW_IDS);
    assertThat(filesOf(2)).containsExactly("file of 1");

    lab.undo(2);

    assertThat(lab.dump()).isEqualTo(before);
    assertThat(filesOf(2)).containsExactly("file of its own");
    lab.undo(2);
    assertThat(facts(2)).isEqualTo(facts(1));
    assertThat(filesOf(2)).containsExactly("file of 1");
  }

  @Test
  void a_new_tenant_is_made_where_its_root_row_collides_with_nothing() {
    Label label = lab.backup(1);
    lab.update("UPDATE tenants SET name = 'renamed' WHERE id = 1");
    Map<String, List<String>> before = lab.dump();

    lab.restore(7, label, Lab.NEW_IDS);

    assertThat(facts(7)).isEqualTo(facts(1));
    assertThat(lab.query("SELECT name FROM tenants WHERE id = 7")).isEqualTo("tenant 1");

    lab.undo(7);
    assertThat(lab.dump()).isEqualTo(before);
    lab.undo(7);
    assertThat(facts(7)).isEqualTo(facts(1));
    lab.undo(7);
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_new_tenant_with_a_name_that_must_be_unique_is_refused_with_advice() {
    Label label = lab.backup(1);
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(7, label, Lab.NEW_IDS))
        .withMessageContaining("tenants")
        .withMessageContaining("[name]")
        .withMessageContaining("tenant 1")
        .withMessageContaining("make tenant 7 first");
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void without_new_ids_another_tenants_archive_is_refused() {
    Label label = lab.backup(1);

    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(3, label));
  }

  @Test
  void a_tenant_whose_id_cannot_be_a_key_is_refused() {
    Label label = lab.backup(1);
    lab.update("UPDATE tenants SET name = 'renamed' WHERE id = 1");
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore("seven", label, Lab.NEW_IDS));
    assertThat(lab.dump()).isEqualTo(before);
  }
}
