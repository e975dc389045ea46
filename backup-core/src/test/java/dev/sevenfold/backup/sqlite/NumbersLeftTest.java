package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that number their rows themselves go on doing so after a restore. */
class NumbersLeftTest {

  private static final String LAST = "9223372036854775807";

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void create() {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, tenant_id INTEGER, body)",
            "CREATE TABLE pages (id INTEGER PRIMARY KEY, tenant_id INTEGER,"
                + " body DEFAULT 'AUTOINCREMENT')",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO notes VALUES (1, 1, 'a'), (2, 2, 'b')",
            "INSERT INTO pages (id, tenant_id) VALUES (1, 1)");
  }

  private Label forged(String... sql) throws Exception {
    return ForgedArchive.of(lab, folder.resolve("forgery"))
        .sql(sql)
        .honestTables()
        .sentTo(lab, "tenant_1_2026-11-22");
  }

  private void assertOthersInsert() {
    lab.execute("INSERT INTO notes (tenant_id, body) VALUES (2, 'c'), (2, 'd')");
    assertThat(lab.query("SELECT count(*) FROM notes WHERE body IN ('c', 'd')")).isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(strings = {LAST, "9223372036854775806", "9223372036854000000"})
  void an_id_behind_which_nobody_can_insert_any_more_is_refused(String id) throws Exception {
    Label label = forged("INSERT INTO notes VALUES (" + id + ", 1, 'forged')");

    assertThat(lab.preview(1, label).conflicts())
        .singleElement()
        .asString()
        .contains("table notes", "[id] = [[" + id + "]]", "ArchiveMigration");
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));

    assertOthersInsert();
    assertThat(lab.query("SELECT max(id) FROM notes")).isEqualTo("4");
  }

  @Test
  void also_in_a_table_that_no_row_was_ever_inserted_in() throws Exception {
    lab.execute(
        "CREATE TABLE marks (id integer primary key /* no */ autoincrement, tenant_id INTEGER)");
    Label label = forged("INSERT INTO marks VALUES (" + LAST + ", 1)");

    assertThat(lab.preview(1, label).conflicts()).singleElement().asString().contains("marks");
  }

  @Test
  void and_where_rows_go_into_another_tenant_with_new_ids() throws Exception {
    Label label =
        forged("INSERT INTO notes VALUES (9223372036854000000, 1, 'forged')", "DELETE FROM pages");

    assertThat(lab.preview(2, label, RestoreOptions.DEFAULT.remapping()).conflicts())
        .singleElement()
        .asString()
        .contains("table notes");
    assertOthersInsert();
  }

  @Test
  void an_archive_of_our_own_is_no_exception() {
    lab.execute("INSERT INTO notes VALUES (" + LAST + ", 1, 'rogue')");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM notes WHERE id > 2", "UPDATE sqlite_sequence SET seq = 2");

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label))
        .withMessageContaining(LAST);
    assertOthersInsert();
  }

  @Test
  void large_ids_of_the_host_go_on() {
    lab.execute("INSERT INTO notes VALUES (9223372036854775800, 1, 'ours')");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM notes WHERE id > 2", "INSERT INTO notes (tenant_id) VALUES (2)");

    lab.restore(1, label);

    assertThat(lab.query("SELECT id FROM notes ORDER BY id"))
        .isEqualTo("1,2,9223372036854775800,9223372036854775801");
    assertOthersInsert();
  }

  @Test
  void numbers_go_on_behind_a_restored_id_also_after_an_undo() throws Exception {
    Label label = forged("INSERT INTO notes VALUES (7000000000000000000, 1, 'large')");

    lab.restore(1, label);
    lab.execute("INSERT INTO notes (tenant_id) VALUES (2)");
    lab.undo(1);
    assertOthersInsert();

    assertThat(lab.query("SELECT id FROM notes WHERE tenant_id = 2 AND id > 2 ORDER BY id"))
        .isEqualTo("7000000000000000001,7000000000000000002,7000000000000000003");
  }

  @Test
  void a_table_that_finds_free_numbers_by_itself_takes_none_from_outside() throws Exception {
    Label label = forged("INSERT INTO pages (id, tenant_id) VALUES (" + LAST + ", 1)");

    assertThat(lab.preview(1, label).conflicts()).singleElement().asString().contains("pages");

    lab.execute("INSERT INTO pages (id, tenant_id) VALUES (" + LAST + ", 1)");
    assertThat(lab.preview(1, label).conflicts()).isEmpty();
  }

  @Test
  void but_any_from_an_archive_of_our_own() {
    lab.execute("INSERT INTO pages (id, tenant_id) VALUES (" + LAST + ", 1)");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM pages");

    lab.restore(1, label);
    lab.execute("INSERT INTO pages (tenant_id) VALUES (2), (2)");

    assertThat(lab.query("SELECT count(*) FROM pages")).isEqualTo("4");
  }
}
