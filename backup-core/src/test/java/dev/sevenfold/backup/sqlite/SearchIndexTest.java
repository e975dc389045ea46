package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Search indexes that triggers keep up to date find restored rows, and only those. */
class SearchIndexTest {

  @TempDir Path folder;
  Lab lab;

  @BeforeEach
  void create() {
    lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY, n INTEGER DEFAULT 0)",
                "CREATE TABLE posts (id INTEGER PRIMARY KEY, tenant_id INTEGER, title TEXT UNIQUE,"
                    + " x REAL, y REAL)",
                "CREATE TABLE audit (what)",
                "INSERT INTO tenants (id) VALUES (1), (2)")
            .owned(TenantModel.rootedAt("tenants").column("tenant_id").ignored("audit", "places"));
  }

  private void create(String... statements) {
    lab.execute(statements);
    lab.execute(
        "INSERT INTO posts VALUES (1, 1, 'alpha', 1, 1), (2, 1, 'beta', 2, 2), (3, 2, 'gamma', 3,"
            + " 3), (4, 1, 'delta', 4, 4)");
  }

  private void damageAndRestore() {
    Map<String, List<String>> then = lab.dump();
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM posts WHERE id = 1",
        "UPDATE posts SET title = 'changed', x = 50 WHERE id = 2",
        "UPDATE posts SET title = 'beta' WHERE id = 4",
        "INSERT INTO posts VALUES (9, 1, 'new', 9, 9)");
    List<String> audit = lab.rows("audit");

    lab.restore(1, label);

    assertThat(lab.rows("posts")).isEqualTo(then.get("posts"));
    assertThat(lab.rows("tenants")).isEqualTo(then.get("tenants"));
    assertThat(lab.rows("audit")).isEqualTo(audit);
    assertThat(lab.dump().get("(schema)")).isEqualTo(then.get("(schema)"));
    assertThat(lab.damage()).isEmpty();
  }

  private void requireSearch(String index) {
    for (String word : List.of("alpha:1", "beta:2", "gamma:3", "delta:4", "changed:", "new:")) {
      String[] parts = word.split(":", -1);
      assertThat(
              lab.query(
                  "SELECT rowid FROM " + index + " WHERE " + index + " MATCH '" + parts[0] + "'"))
          .as(parts[0])
          .isEqualTo(parts[1]);
    }
  }

  private static final List<String> FTS5 =
      List.of(
          "CREATE TRIGGER ai AFTER INSERT ON posts BEGIN %s INSERT INTO words (rowid, title) VALUES"
              + " (new.id, new.title); END",
          "CREATE TRIGGER ad AFTER DELETE ON posts BEGIN INSERT INTO words (words, rowid, title)"
              + " VALUES ('delete', old.id, old.title); %s END",
          "CREATE TRIGGER au AFTER UPDATE ON posts BEGIN INSERT INTO words (words, rowid, title)"
              + " VALUES ('delete', old.id, old.title); %s INSERT INTO words (rowid, title) VALUES"
              + " (new.id, new.title); END");

  @Test
  void external_content_of_fts5() {
    create(
        "CREATE VIRTUAL TABLE words USING fts5 (title, content = 'posts', content_rowid = 'id')");
    FTS5.forEach(trigger -> lab.execute(trigger.formatted("")));
    lab.execute("INSERT INTO words (words) VALUES ('rebuild')");
    damageAndRestore();
    requireSearch("words");
    lab.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)");
  }

  @Test
  void triggers_that_feed_an_index_and_do_other_things_do_the_first_alone() {
    create(
        "CREATE VIRTUAL TABLE words USING fts5 (title, content = 'posts', content_rowid = 'id')");
    FTS5.forEach(
        trigger ->
            lab.execute(
                trigger.formatted(
                    "INSERT INTO audit VALUES (CASE WHEN 1 THEN 'x; END' END); UPDATE tenants SET n"
                        + " = n + 1 WHERE id = 1;")));
    lab.execute("INSERT INTO words (words) VALUES ('rebuild')");
    damageAndRestore();
    requireSearch("words");
    lab.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)");
  }

  private void ignoringWords() {
    lab.owned(TenantModel.rootedAt("tenants").column("tenant_id").ignored("audit", "words"));
  }

  @Test
  void standalone_fts5() {
    ignoringWords();
    create(
        "CREATE VIRTUAL TABLE words USING fts5 (title)",
        "CREATE TRIGGER ai AFTER INSERT ON posts BEGIN INSERT INTO words (rowid, title) VALUES"
            + " (new.id, new.title); END",
        "CREATE TRIGGER ad AFTER DELETE ON posts BEGIN DELETE FROM words WHERE rowid = old.id; END",
        "CREATE TRIGGER au AFTER UPDATE OF title ON posts BEGIN UPDATE words SET title = new.title"
            + " WHERE rowid = old.id; END");
    damageAndRestore();
    requireSearch("words");
  }

  @Test
  void external_content_of_fts4() {
    create(
        "CREATE VIRTUAL TABLE words USING fts4 (content='posts', title)",
        "CREATE TRIGGER bu BEFORE UPDATE ON posts BEGIN DELETE FROM words WHERE docid = old.id; END",
        "CREATE TRIGGER bd BEFORE DELETE ON posts BEGIN DELETE FROM words WHERE docid = old.id; END",
        "CREATE TRIGGER au AFTER UPDATE ON posts BEGIN INSERT INTO words (docid, title) VALUES"
            + " (new.id, new.title); END",
        "CREATE TRIGGER ai AFTER INSERT ON posts BEGIN INSERT INTO words (docid, title) VALUES"
            + " (new.id, new.title); END");
    damageAndRestore();
    requireSearch("words");
  }

  @Test
  void rtree() {
    create(
        "CREATE VIRTUAL TABLE places USING rtree (id, x0, x1, y0, y1)",
        "CREATE TRIGGER ai AFTER INSERT ON posts BEGIN REPLACE INTO places VALUES (new.id, new.x,"
            + " new.x, new.y, new.y); END",
        "CREATE TRIGGER ad AFTER DELETE ON posts BEGIN DELETE FROM places WHERE id = old.id; END",
        "CREATE TRIGGER au AFTER UPDATE ON posts BEGIN UPDATE OR REPLACE places SET x0 = new.x, x1 ="
            + " new.x, y0 = new.y, y1 = new.y WHERE id = new.id; END");
    damageAndRestore();
    assertThat(lab.query("SELECT id || ':' || x0 FROM places ORDER BY id"))
        .isEqualTo("1:1.0,2:2.0,3:3.0,4:4.0");
  }

  @Test
  void an_index_over_rows_without_integer_key_follows_their_row_ids() {
    create(
        "CREATE TABLE pages (slug TEXT PRIMARY KEY, tenant_id INTEGER, body TEXT)",
        "CREATE VIRTUAL TABLE found USING fts5 (body, content = 'pages')",
        "CREATE TRIGGER pi AFTER INSERT ON pages BEGIN INSERT INTO found (rowid, body) VALUES"
            + " (new.rowid, new.body); END",
        "CREATE TRIGGER pd AFTER DELETE ON pages BEGIN INSERT INTO found (found, rowid, body) VALUES"
            + " ('delete', old.rowid, old.body); END",
        "CREATE TRIGGER pu AFTER UPDATE ON pages BEGIN INSERT INTO found (found, rowid, body) VALUES"
            + " ('delete', old.rowid, old.body); INSERT INTO found (rowid, body) VALUES (new.rowid,"
            + " new.body); END",
        "INSERT INTO pages VALUES ('a', 1, 'apple'), ('b', 2, 'banana'), ('c', 1, 'cherry')");
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM pages WHERE slug = 'a'",
        "INSERT INTO pages VALUES ('d', 2, 'damson')",
        "UPDATE pages SET body = 'changed' WHERE slug = 'c'");

    lab.restore(1, label);

    assertThat(lab.query("SELECT slug || body FROM pages WHERE tenant_id = 1 ORDER BY slug"))
        .isEqualTo("aapple,ccherry");
    assertThat(
            lab.query(
                "SELECT p.slug FROM found f JOIN pages p ON p.rowid = f.rowid WHERE found MATCH"
                    + " 'apple OR damson OR changed' ORDER BY 1"))
        .isEqualTo("a,d");
    lab.execute("INSERT INTO found (found, rank) VALUES ('integrity-check', 1)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE VIRTUAL TABLE words USING fts5 (title, tenant_id UNINDEXED)",
        "CREATE VIRTUAL TABLE words USING FTS4 (title, tenant_id)",
        "CREATE VIRTUAL TABLE words USING rtree (id, x0, x1)"
      })
  void rows_that_no_other_table_has_are_not_left_out_in_silence(String index) {
    create(index);

    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(() -> lab.backup(1))
        .withMessageContaining(
            "table words is claimed by nobody; it is a virtual table with rows of")
        .withMessageContaining("rebuildAfterRestore")
        .withMessageNotContaining("words_");
    lab.owned(TenantModel.rootedAt("tenants").column("tenant_id").ignored("audit").shared("words"));
    assertThat(lab.service().explain()).containsPattern("(?m)^words +shared$");
    lab.backup(1);
  }

  @Test
  void rows_of_a_virtual_table_cannot_be_declared_owned() {
    create("CREATE VIRTUAL TABLE words USING fts5 (title, owner UNINDEXED)");
    lab.owned(
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .ignored("audit")
            .ownedByColumn("words", "owner"));

    assertThatExceptionOfType(InvalidTenantModel.class)
        .isThrownBy(() -> lab.backup(1))
        .withMessageContaining("Table words is declared owned by its column owner")
        .withMessageContaining("Declare it ignored, or shared");
  }

  @Test
  void an_index_that_the_application_fills_is_named_to_be_made_anew() {
    create("CREATE VIRTUAL TABLE words USING fts5 (title)");
    lab.owned(
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .ignored("audit", "words")
            .rebuildAfterRestore("words", "posts"));
    Label label = lab.backup(1);
    lab.execute("DELETE FROM posts WHERE id = 1");

    assertThat(lab.restore(1, label).plan().rebuild()).containsExactly("words");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void what_came_back_is_found_and_what_went_is_not_after_a_copy_and_an_undo_too(boolean own) {
    if (own) {
      ignoringWords();
      create("CREATE VIRTUAL TABLE words USING fts5 (title)");
      lab.execute(
          "CREATE TRIGGER ai AFTER INSERT ON posts BEGIN INSERT INTO words (rowid, title) VALUES"
              + " (new.id, new.title); END",
          "CREATE TRIGGER ad AFTER DELETE ON posts BEGIN DELETE FROM words WHERE rowid = old.id;"
              + " END",
          "CREATE TRIGGER au AFTER UPDATE ON posts BEGIN UPDATE words SET title = new.title WHERE"
              + " rowid = old.id; END",
          "INSERT INTO words (rowid, title) SELECT id, title FROM posts");
    } else {
      create(
          "CREATE VIRTUAL TABLE words USING fts5 (title, content = 'posts', content_rowid = 'id')");
      FTS5.forEach(trigger -> lab.execute(trigger.formatted("")));
      lab.execute("INSERT INTO words (words) VALUES ('rebuild')");
    }
    lab.execute("INSERT INTO tenants (id) VALUES (3)", "UPDATE posts SET title = title || ' one'");
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM posts WHERE id = 1",
        "UPDATE posts SET title = 'changed' WHERE id = 2",
        "INSERT INTO posts VALUES (9, 1, 'new', 9, 9)");

    assertThat(lab.restore(1, label).plan().rebuild()).isEmpty();
    assertThat(found("alpha OR beta OR changed OR new")).isEqualTo("1,2");
    lab.undo(1);
    assertThat(found("alpha OR beta OR changed OR new")).isEqualTo("2,9");
    lab.execute("DELETE FROM posts WHERE tenant_id = 1");
    lab.restore(3, label, Lab.NEW_IDS);
    assertThat(
            lab.query(
                "SELECT p.tenant_id FROM words w JOIN posts p ON p.id = w.rowid WHERE words"
                    + " MATCH 'alpha OR beta OR delta'"))
        .isEqualTo("3,3,3");
    assertThat(found("gamma")).isEqualTo("3");
    lab.execute(
        "INSERT INTO words (words"
            + (own ? "" : ", rank")
            + ") VALUES ('integrity-check'"
            + (own ? "" : ", 1")
            + ")");
  }

  private String found(String words) {
    return lab.query("SELECT rowid FROM words WHERE words MATCH '" + words + "' ORDER BY rowid");
  }
}
