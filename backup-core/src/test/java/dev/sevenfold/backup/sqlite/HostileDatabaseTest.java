package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveManifest.Table;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sound archives, with the right digests, of databases that mean harm: nothing is changed. */
class HostileDatabaseTest {

  private static final int PAGE_COUNT = 28;

  @TempDir Path folder;
  private Lab lab;
  private ForgedArchive forged;
  private Map<String, List<String>> before;

  @BeforeEach
  void create() throws IOException {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)",
            "CREATE TABLE docs (id INTEGER PRIMARY KEY, tenant_id INTEGER, body TEXT, n INTEGER)",
            "INSERT INTO tenants VALUES (1, 'one'), (2, 'two')",
            "INSERT INTO docs VALUES (1, 1, 'a', 1), (2, 1, 'b', 2), (3, 2, 'c', 3)");
    forged = ForgedArchive.of(lab, folder.resolve("forgery"));
    lab.execute("UPDATE docs SET body = 'now' WHERE id = 1");
    before = lab.dump();
  }

  @AfterEach
  void nothingHasChanged() {
    assertThat(lab.dump()).isEqualTo(before);
  }

  private void assertCorrupt(String... words) throws IOException {
    Path archive = forged.write();
    try (BackupService service = lab.service()) {
      assertThatExceptionOfType(ArchiveCorrupt.class)
          .isThrownBy(() -> service.importArchive(Lab.id(1), archive, Lab.BY_CONSENT))
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2_000))
          .satisfies(e -> List.of(words).forEach(word -> assertThat(e).hasMessageContaining(word)));
      assertThat(service.restorePoints(Lab.id(1))).hasSize(1);
    }
  }

  private void assertRefused(String... words) throws IOException {
    Path archive = forged.write();
    try (BackupService service = lab.service()) {
      Label label = service.importArchive(Lab.id(1), archive, Lab.BY_CONSENT).label();
      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> service.restore(Lab.id(1), label))
          .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }
  }

  @Test
  void the_untouched_one_is_accepted() throws Exception {
    Path archive = forged.honestTables().write();
    try (BackupService service = lab.service()) {
      assertThat(
              service
                  .preview(
                      Lab.id(1), service.importArchive(Lab.id(1), archive, Lab.BY_CONSENT).label())
                  .isEmpty())
          .isFalse();
    }
  }

  @Test
  void a_view_in_the_place_of_a_table_is_refused() throws Exception {
    forged.sql("ALTER TABLE docs RENAME TO real", "CREATE VIEW docs AS SELECT * FROM real");
    assertCorrupt("view docs");
  }

  @Test
  void a_trigger_is_refused() throws Exception {
    forged.sql("CREATE TRIGGER t AFTER INSERT ON docs BEGIN DELETE FROM tenants; END");
    assertCorrupt("trigger t");
  }

  @Test
  void a_virtual_table_in_the_place_of_a_table_is_refused() throws Exception {
    forged.sql("DROP TABLE docs", "CREATE VIRTUAL TABLE docs USING fts5(id, tenant_id, body, n)");
    assertCorrupt("docs");
  }

  @Test
  void a_virtual_table_that_looks_like_an_ordinary_one_is_refused() throws Exception {
    forged.sql(
        "UPDATE sqlite_schema SET sql = 'CREATE /**/ VIRTUAL TABLE docs USING fts5(id)' WHERE name"
            + " = 'docs'");
    assertCorrupt("docs");
  }

  @Test
  void an_index_is_refused() throws Exception {
    forged.sql("CREATE INDEX i ON docs (abs(n)) WHERE body LIKE '%a%'");
    assertCorrupt("index i");
  }

  @Test
  void more_pages_than_there_are_are_refused() throws Exception {
    forged.bytes(HostileDatabaseTest::withManyPages);
    assertCorrupt();
  }

  private static byte[] withManyPages(byte[] database) {
    ByteBuffer.wrap(database).putInt(PAGE_COUNT, Integer.MAX_VALUE);
    return database;
  }

  @Test
  void fewer_pages_than_there_are_are_refused() throws Exception {
    forged.bytes(
        database -> {
          ByteBuffer.wrap(database).putInt(PAGE_COUNT, 1);
          return database;
        });
    assertCorrupt();
  }

  @Test
  void a_file_without_its_last_page_is_refused() throws Exception {
    forged.bytes(database -> Arrays.copyOf(database, database.length - 4_096));
    assertCorrupt();
  }

  @Test
  void a_file_that_is_no_database_is_refused() throws Exception {
    forged.bytes(database -> "SELECT 1".getBytes(StandardCharsets.UTF_8));
    assertCorrupt();
  }

  @Test
  void a_huge_schema_is_refused_in_few_words() throws Exception {
    forged.sql(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT"
            + " INTO sqlite_schema SELECT 'table', 'x' || i, 'x' || i, (SELECT rootpage FROM"
            + " sqlite_schema WHERE name = 'docs'), 'CREATE TABLE x' || i || ' (a)' FROM n");
    assertCorrupt();
  }

  @Test
  void two_tables_in_one_place_are_refused() throws Exception {
    forged.sql(
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name ="
            + " 'tenants') WHERE name = 'docs'");
    assertCorrupt();
  }

  @Test
  void a_schema_that_is_no_sql_is_refused() throws Exception {
    forged.sql("UPDATE sqlite_schema SET sql = 'CREATE TABLE docs (' WHERE name = 'docs'");
    assertCorrupt();
  }

  @Test
  void names_that_hide_every_row_id_are_refused() throws Exception {
    forged.sql("DROP TABLE docs", "CREATE TABLE docs (rowid, _rowid_, oid)");
    assertCorrupt("rowid");
  }

  @Test
  void text_in_the_place_of_an_integer_key_is_refused() throws Exception {
    forged
        .sql(
            "DROP TABLE docs",
            "CREATE TABLE docs (id TEXT PRIMARY KEY, tenant_id INTEGER, body TEXT, n INTEGER)",
            "INSERT INTO docs VALUES ('x', 1, 'a', 1)")
        .honestTables();
    assertRefused("docs");
  }

  @Test
  void a_computed_column_that_cannot_be_computed_is_refused() throws Exception {
    forged
        .sql(
            "DROP TABLE docs",
            "CREATE TABLE docs (id INTEGER PRIMARY KEY, tenant_id INTEGER, body TEXT)",
            "INSERT INTO docs VALUES (1, 1, 'a')",
            "UPDATE sqlite_schema SET sql = 'CREATE TABLE docs (id INTEGER PRIMARY KEY, tenant_id"
                + " INTEGER, body TEXT, n INTEGER AS (abs(-9223372036854775807 - id)))' WHERE name"
                + " = 'docs'")
        .honestTables();
    assertCorrupt("integer overflow");
  }

  @Test
  void a_computed_column_that_calls_what_it_must_not_is_refused() throws Exception {
    forged
        .sql(
            "DROP TABLE docs",
            "CREATE TABLE docs (id INTEGER PRIMARY KEY, tenant_id INTEGER, body TEXT, n INTEGER)",
            "INSERT INTO docs VALUES (1, 1, 'a', 1)",
            "UPDATE sqlite_schema SET sql = 'CREATE TABLE docs (id INTEGER PRIMARY KEY, tenant_id"
                + " INTEGER, body TEXT, n INTEGER AS (load_extension(''evil'')))' WHERE name ="
                + " 'docs'")
        .tables(HostileDatabaseTest::claimed);
    assertCorrupt();
  }

  private static Table claimed(Table table) {
    return table.name().equals("docs")
        ? ForgedArchive.table("docs", 1, table.digest(), table.definition())
        : table;
  }

  @Test
  void rows_of_another_tenant_are_refused() throws Exception {
    forged.sql("INSERT INTO docs VALUES (3, 2, 'mine now', 1)").honestTables();
    assertRefused("another tenant's");
  }

  @Test
  void an_archive_of_another_tenant_under_this_ones_name_is_refused() throws Exception {
    forged.sql("UPDATE tenants SET id = 2", "UPDATE docs SET tenant_id = 2").honestTables();
    assertRefused("tenant");
  }

  @Test
  void a_manifest_that_names_another_tenant_is_refused() throws Exception {
    Path archive = forged.tenant(TenantId.of(2)).write();
    try (BackupService service = lab.service()) {
      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> service.importArchive(Lab.id(1), archive, Lab.BY_CONSENT))
          .withMessageContaining("tenant 2");
    }
  }

  @Test
  void a_manifest_that_lies_about_rows_digests_definitions_or_tables_is_refused() throws Exception {
    List<Table> honest = List.copyOf(tables());
    String other = "0".repeat(64);
    forged.tables(t -> ForgedArchive.table(t.name(), t.rows() + 1, t.digest(), t.definition()));
    assertCorrupt("rows");
    forged.tables(honest);
    forged.tables(t -> ForgedArchive.table(t.name(), t.rows(), other, t.definition()));
    assertCorrupt("digest");
    forged.tables(honest);
    forged.tables(
        t -> ForgedArchive.table(t.name(), t.rows(), t.digest(), t.definition() + " STRICT"));
    assertCorrupt("definition");
    forged.tables(honest.subList(0, 1));
    assertCorrupt("not in the manifest");
    List<Table> more = new ArrayList<>(honest);
    more.add(ForgedArchive.table("extra", 0, honest.get(0).digest(), "CREATE TABLE extra (a)"));
    forged.tables(more);
    assertCorrupt("extra is missing");
  }

  private List<Table> tables() throws SQLException {
    List<Table> seen = new ArrayList<>();
    forged
        .honestTables()
        .tables(
            table -> {
              seen.add(table);
              return table;
            });
    return seen;
  }

  @Test
  void a_journal_beside_the_database_is_refused_before_it_is_played_back() throws Exception {
    for (String name : List.of("-journal", "-wal", "-shm", "-JOURNAL")) {
      Path archive =
          ForgedArchive.of(lab, folder.resolve("with" + name))
              .entry(ArchiveManifest.TENANT_DATABASE + name, new byte[] {1})
              .write();
      try (BackupService service = lab.service()) {
        assertThatExceptionOfType(ArchiveCorrupt.class)
            .isThrownBy(() -> service.importArchive(Lab.id(1), archive, Lab.BY_CONSENT))
            .withMessageContaining("tenant.sqlite3" + name);
      }
    }
  }
}
