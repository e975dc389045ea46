package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestoreOptions.Change;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An undo of a part takes back the rows and files that it wrote, and nothing that was done since.
 */
class UndoOfPartTest {

  @TempDir Path folder;
  Lab lab;
  Label label;

  @BeforeEach
  void create() throws IOException {
    lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE users (id TEXT PRIMARY KEY, tenant_id INTEGER, name, photo TEXT)",
                """
                CREATE TABLE posts (id INTEGER PRIMARY KEY, tenant_id INTEGER, title TEXT,
                  user_id TEXT REFERENCES users ON DELETE CASCADE)""",
                "CREATE TABLE events (tenant_id INTEGER, what TEXT)",
                "INSERT INTO tenants VALUES (1)",
                "INSERT INTO users VALUES ('a', 1, 'ann', 'a.png'), ('b', 1, 1.5, 'b.png'), ('c', 1, x'00', NULL)",
                "INSERT INTO posts VALUES (1, 1, 'one', 'a'), (2, 1, 'two', 'b')",
                "INSERT INTO events VALUES (1, 'x'), (1, 'x'), (1, 'y')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .files(folder.resolve("photos"), "users", "{photo}"));
    Files.createDirectory(folder.resolve("photos"));
    write("a.png", "ann then");
    write("b.png", "bob then");
    label = lab.backup(1);
    lab.execute(
        "DELETE FROM users WHERE id = 'a'",
        "UPDATE users SET name = 'bobby' WHERE id = 'b'",
        "INSERT INTO users VALUES ('d', 1, 'dan', 'd.png')",
        "DELETE FROM events WHERE what = 'x'",
        "INSERT INTO events VALUES (1, 'new')");
    Files.delete(folder.resolve("photos/a.png"));
    write("b.png", "bob now");
    write("d.png", "dan now");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve("photos").resolve(name), text);
  }

  private String read(String name) throws IOException {
    Path file = folder.resolve("photos").resolve(name);
    return Files.exists(file) ? Files.readString(file) : "none";
  }

  @Test
  void files_of_rows_that_were_not_chosen_are_neither_written_nor_removed() throws IOException {
    lab.restore(1, label, RestoreOptions.DEFAULT.rows("users", "a"));

    assertThat(read("a.png")).isEqualTo("ann then");
    assertThat(read("b.png")).isEqualTo("bob now");
    assertThat(read("d.png")).isEqualTo("dan now");
    lab.restore(1, label, RestoreOptions.DEFAULT.doing(Change.UPDATE).only("users.name"));
    assertThat(read("b.png")).isEqualTo("bob now");
    lab.restore(1, label, RestoreOptions.DEFAULT.doing(Change.UPDATE).only("users"));
    assertThat(read("b.png")).isEqualTo("bob then");
    lab.restore(1, label, RestoreOptions.DEFAULT.doing(Change.DELETE));
    assertThat(read("d.png")).isEqualTo("none");
  }

  @Test
  void missing_rows_of_a_table_of_which_columns_are_chosen_bring_their_files() throws IOException {
    lab.restore(1, label, RestoreOptions.DEFAULT.only("users.name"));

    assertThat(read("a.png")).isEqualTo("ann then");
    assertThat(read("b.png")).isEqualTo("bob now");
  }

  @Test
  void takes_back_rows_and_files_that_were_written_and_keeps_later_work() throws IOException {
    Map<String, List<String>> before = lab.dump();
    lab.restore(1, label, RestoreOptions.DEFAULT.rows("users", "a", "b").rows("posts", "2"));
    assertThat(lab.query("SELECT id FROM users ORDER BY id")).isEqualTo("a,b,c,d");
    lab.restore(1, label, RestoreOptions.DEFAULT.rows("users", "a", "b"));
    lab.execute(
        "UPDATE users SET name = 'later' WHERE id = 'c'",
        "INSERT INTO users VALUES ('e', 1, 'eve', NULL)");

    lab.undo(1);

    assertThat(lab.query("SELECT id || ' ' || quote(name) FROM users ORDER BY id"))
        .isEqualTo("b 'bobby',c 'later',d 'dan',e 'eve'");
    assertThat(lab.query("SELECT count(*) FROM posts")).isEqualTo("1");
    assertThat(read("a.png")).isEqualTo("none");
    assertThat(read("b.png")).isEqualTo("bob now");
    assertThat(read("d.png")).isEqualTo("dan now");
    lab.execute("UPDATE users SET name = x'00' WHERE id = 'c'", "DELETE FROM users WHERE id = 'e'");
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void an_undo_of_the_undo_is_the_part_again() throws IOException {
    lab.restore(1, label, RestoreOptions.DEFAULT.only("users", "events"));
    Map<String, List<String>> done = lab.dump();
    lab.execute(
        "INSERT INTO users VALUES ('e', 1, 'eve', NULL)", "INSERT INTO events VALUES (1, 'later')");
    lab.undo(1);
    assertThat(lab.query("SELECT id FROM users ORDER BY id")).isEqualTo("b,c,d,e");
    assertThat(lab.query("SELECT what FROM events ORDER BY 1")).isEqualTo("later,new,y");

    lab.undo(1);

    assertThat(read("a.png")).isEqualTo("ann then");
    assertThat(read("d.png")).isEqualTo("none");
    lab.execute("DELETE FROM users WHERE id = 'e'", "DELETE FROM events WHERE what = 'later'");
    assertThat(lab.dump().get("users")).isEqualTo(done.get("users"));
    assertThat(lab.query("SELECT what FROM events ORDER BY 1")).isEqualTo("x,x,y");
  }

  @Test
  void a_row_that_was_changed_since_is_in_the_way() {
    lab.restore(1, label, RestoreOptions.DEFAULT.only("users"));
    lab.execute(
        "UPDATE users SET name = 'changed' WHERE id = 'a'",
        "DELETE FROM users WHERE id = 'b'",
        "INSERT INTO users VALUES ('d', 1, 'another dan', NULL)");
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.undo(1))
        .satisfies(
            e ->
                assertThat(e.reasons())
                    .anySatisfy(r -> assertThat(r).contains("brought back", "[a]"))
                    .anySatisfy(r -> assertThat(r).contains("updated", "[b]"))
                    .anySatisfy(r -> assertThat(r).contains("deleted", "[d]"))
                    .hasSize(3));
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_file_that_was_written_beside_a_row_that_was_not_comes_back_too() throws IOException {
    lab.restore(1, label, RestoreOptions.DEFAULT.doing(Change.UPDATE).only("users.photo"));
    assertThat(read("b.png")).isEqualTo("bob then");
    lab.execute("UPDATE users SET name = 'robert' WHERE id = 'b'");

    lab.undo(1);

    assertThat(read("b.png")).isEqualTo("bob now");
    assertThat(lab.query("SELECT name FROM users WHERE id = 'b'")).isEqualTo("robert");
    lab.undo(1);
    assertThat(read("b.png")).isEqualTo("bob then");
  }

  @Test
  void a_file_that_was_changed_since_is_in_the_way() throws IOException {
    lab.restore(1, label, RestoreOptions.DEFAULT.rows("users", "a", "b"));
    write("a.png", "ann later");
    write("b.png", "bob later");

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.undo(1))
        .satisfies(
            e ->
                assertThat(e.reasons())
                    .hasSize(2)
                    .anySatisfy(why -> assertThat(why).contains("a.png", "another one by now"))
                    .anySatisfy(why -> assertThat(why).contains("b.png", "another one by now")));

    assertThat(read("a.png")).isEqualTo("ann later");
    assertThat(read("b.png")).isEqualTo("bob later");
    write("a.png", "ann then");
    write("b.png", "bob now");
    lab.undo(1);
    assertThat(read("a.png")).isEqualTo("none");
    assertThat(read("b.png")).isEqualTo("bob now");
  }

  @Test
  void what_people_took_back_themselves_is_in_nobodys_way() {
    lab.restore(1, label, RestoreOptions.DEFAULT.only("users"));
    lab.execute(
        "DELETE FROM users WHERE id = 'a'",
        "UPDATE users SET name = 'bobby' WHERE id = 'b'",
        "INSERT INTO users VALUES ('d', 1, 'dan', 'd.png')");

    lab.undo(1);

    assertThat(lab.query("SELECT id || ' ' || quote(name) FROM users ORDER BY id"))
        .isEqualTo("b 'bobby',c X'00',d 'dan'");
  }

  @Test
  void a_row_that_later_work_refers_to_is_in_the_way() {
    lab.restore(1, label, RestoreOptions.DEFAULT.only("users"));
    lab.execute("INSERT INTO posts VALUES (9, 1, 'later', 'a')");

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.undo(1))
        .satisfies(
            e -> assertThat(e.reasons()).anySatisfy(r -> assertThat(r).contains("posts", "[9]")));
  }

  @Test
  void the_safety_archive_by_its_label_is_still_all_of_the_tenant() {
    Map<String, List<String>> before = lab.dump();
    Label safety =
        lab.restore(1, label, RestoreOptions.DEFAULT.only("users")).safety().orElseThrow().label();
    lab.execute("INSERT INTO users VALUES ('e', 1, 'eve', NULL)");

    assertThat(lab.restore(1, safety).plan().notes())
        .noneMatch(note -> note.contains("written.txt"));

    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void columns_that_came_since_keep_their_values() {
    lab.restore(1, label, RestoreOptions.DEFAULT.only("users"));
    lab.execute("ALTER TABLE users ADD COLUMN rank INTEGER DEFAULT 7", "UPDATE users SET rank = 3");

    lab.undo(1);

    assertThat(lab.query("SELECT id || rank FROM users ORDER BY id")).isEqualTo("b3,c3,d7");
  }

  @Test
  void new_ids_and_parts_of_it_are_refused() {
    lab.restore(1, label, RestoreOptions.DEFAULT.only("users"));

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.service().undo(Lab.id(1), Lab.NEW_IDS));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> lab.service().undo(Lab.id(1), RestoreOptions.DEFAULT.only("users")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RestoreOptions.DEFAULT.creatingOnly().remapping());
  }
}
