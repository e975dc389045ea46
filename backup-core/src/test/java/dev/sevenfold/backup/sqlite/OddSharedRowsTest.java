package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.OwnershipCheck.TableRows;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are everybody's in tables of odd makes. */
class OddSharedRowsTest {

  @TempDir Path folder;

  private static String everybodys(Lab lab, String table) {
    return lab.source().check(Progress.none()).tables().stream()
        .filter(rows -> rows.table().equals(table))
        .map(TableRows::everybodys)
        .toList()
        .toString();
  }

  /** Backs tenant 1 up, takes all of it away, and finds that it comes back, and nothing else. */
  private static void roundTrip(Lab lab, Object tenant, String... vandalism) {
    Map<String, List<String>> before = lab.dump();
    Label label = lab.backup(tenant);
    lab.execute(vandalism);
    Map<String, List<String>> bruised = lab.dump();
    lab.restore(tenant, label);
    assertThat(lab.dump()).isEqualTo(before);
    lab.undo(tenant);
    assertThat(lab.dump()).isEqualTo(bruised);
  }

  @ParameterizedTest
  @CsvSource({
    "INTEGER,2,0",
    "TEXT,1,0",
    "'',1,0",
    "NUMERIC,2,0",
    "BLOB,1,0",
    "VARCHAR(9) COLLATE NOCASE,1,1",
  })
  void values_are_compared_as_sqlite_compares_them_with_the_column(
      String type, int numbers, int words) {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id TEXT PRIMARY KEY)",
                "CREATE TABLE \"odd labels\" (id INTEGER PRIMARY KEY, \"of it's\" " + type + ")",
                "INSERT INTO tenants VALUES ('1')",
                "INSERT INTO \"odd labels\" VALUES (1, '1'), (2, -1), (3, '-1.0'), (4, 'Global')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .ownedByColumn("odd labels", "of it's")
                    .sharedRows("odd labels", "of it's", -1, "global"));
    String here = "count(*) FROM \"odd labels\" WHERE \"of it's\" IN (-1, 'global')";

    assertThat(everybodys(lab, "odd labels")).isEqualTo("[" + lab.query("SELECT " + here) + "]");
    assertThat(lab.query("SELECT " + here)).isEqualTo(String.valueOf(numbers + words));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " WITHOUT ROWID"})
  void ids_of_texts_in_any_case_and_two_columns_that_say_so(String withoutRowid) {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id TEXT COLLATE NOCASE PRIMARY KEY)",
                "CREATE TABLE labels (name TEXT COLLATE NOCASE PRIMARY KEY, tenant_id TEXT COLLATE"
                    + " NOCASE, scope TEXT)"
                    + withoutRowid,
                "CREATE TABLE uses (id INTEGER PRIMARY KEY, tenant_id TEXT, label TEXT REFERENCES"
                    + " labels)",
                "INSERT INTO tenants VALUES ('Acme'), ('other'), ('copy')",
                "INSERT INTO labels VALUES ('red', 'GLOBAL', NULL), ('blue', 'acme', 'all'),"
                    + " ('green', 'ACME', NULL), ('grey', NULL, 'all'), ('white', 'other', 'All')",
                "INSERT INTO uses VALUES (1, 'Acme', 'RED'), (2, 'Acme', 'Blue'),"
                    + " (3, 'Acme', 'green'), (4, 'other', 'green')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .sharedRows("labels", "tenant_id", "global")
                    .sharedRows("labels", "scope", "all"));

    assertThat(everybodys(lab, "labels")).isEqualTo("[3]");
    lab.execute("DELETE FROM uses WHERE id = 4");
    roundTrip(lab, "Acme", "DELETE FROM uses", "DELETE FROM labels WHERE name = 'green'");
    lab.execute("INSERT OR IGNORE INTO labels VALUES ('green', 'acme', NULL)");
    lab.execute("INSERT INTO uses VALUES (1, 'Acme', 'RED'), (3, 'Acme', 'green')");
    lab.restore("copy", lab.backup("Acme"), Lab.NEW_IDS);
    assertThat(lab.query("SELECT label FROM uses WHERE tenant_id = 'copy' ORDER BY 1"))
        .isEqualTo("RED,green-2");
    assertThatExceptionOfType(InvalidTenantModel.class)
        .isThrownBy(() -> lab.preview("GLOBAL", lab.backup("Acme"), Lab.NEW_IDS))
        .withMessageContaining("a tenant GLOBAL");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void trees_of_everybodys_rows_and_of_a_tenants_below_them(boolean brought) {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE tree (id INTEGER PRIMARY KEY, tenant_id INTEGER, parent_id INTEGER"
                    + " REFERENCES tree ON DELETE CASCADE, name TEXT)",
                "INSERT INTO tenants VALUES (1), (2)",
                // 3 leads to everybody's, around in a ring; 4 is tenant 1's below; 5 is 4's.
                "INSERT INTO tree VALUES (1, -1, 2, 'a'), (2, -1, 1, 'b'), (3, NULL, 2, 'c'),"
                    + " (4, 1, 3, 'd'), (5, NULL, 4, 'e'), (6, -1, 4, 'f'), (7, NULL, 6, 'g'),"
                    + " (8, NULL, 9, 'h'), (9, NULL, 8, 'i')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .sharedRows("tree", "tenant_id", -1))
            .bringing(brought);

    assertThat(everybodys(lab, "tree")).isEqualTo("[5]");
    roundTrip(
        lab, 1, "UPDATE tree SET name = 'x' WHERE id IN (4, 5)", "DELETE FROM tree WHERE id = 5");
    // Everybody's row hangs below the tenant's, and would go with it.
    Label with = lab.backup(1);
    lab.execute(
        "INSERT INTO tree VALUES (20, 1, 3, 'new')", "INSERT INTO tree VALUES (21, -1, 20, 'x')");
    Map<String, List<String>> before = lab.dump();
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, with))
        .satisfies(
            e ->
                assertThat(e.reasons())
                    .anyMatch(
                        what ->
                            what.contains("tree ([id] = [21] leads to [everybody])")
                                && what.contains("ON DELETE CASCADE")));
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_long_chain_below_everybodys_row_takes_no_pass_for_each_of_its_rows() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE tree (id INTEGER PRIMARY KEY, tenant_id INTEGER, parent_id INTEGER)",
                "CREATE INDEX parents ON tree (parent_id)",
                "INSERT INTO tenants VALUES (1)",
                "INSERT INTO tree VALUES (1, -1, NULL)",
                "INSERT INTO tree WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n"
                    + " WHERE i < 20000) SELECT i, NULL, i - 1 FROM n")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .reference("tree", "parent_id", "tree", "id")
                    .sharedRows("tree", "tenant_id", -1));

    assertThat(everybodys(lab, "tree")).isEqualTo("[20000]");
    lab.execute("UPDATE tree SET parent_id = 77777 WHERE id = 2");
    assertThat(everybodys(lab, "tree")).isEqualTo("[1]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CASCADE", "SET NULL", "NO ACTION"})
  void nothing_of_everybodys_that_refers_to_a_tenants_row_is_reached(String action) {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL)",
                "CREATE TABLE labels (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, made_by"
                    + " INTEGER REFERENCES users ON DELETE "
                    + action
                    + ")",
                "CREATE TABLE seen (what TEXT)",
                "CREATE TRIGGER seeing AFTER UPDATE ON labels BEGIN INSERT INTO seen VALUES"
                    + " (new.id); END",
                "CREATE TRIGGER making AFTER INSERT ON users BEGIN INSERT INTO labels VALUES"
                    + " (new.id + 1000, -1, new.id); END",
                "INSERT INTO tenants VALUES (1)")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .shared("seen")
                    .sharedRows("labels", "tenant_id", -1));
    lab.execute("INSERT INTO users VALUES (1, 1)");
    Label label = lab.backup(1);
    lab.execute("INSERT INTO users VALUES (2, 1)");
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label))
        .satisfies(e -> assertThat(e.reasons()).anyMatch(what -> what.contains("labels")));
    assertThat(lab.dump()).isEqualTo(before);
    lab.execute("DELETE FROM labels", "DELETE FROM users WHERE id = 2");
    lab.execute("DELETE FROM users");
    lab.restore(1, label);
    assertThat(lab.query("SELECT count(*) FROM labels")).isEqualTo("0");
  }

  @Test
  void a_loosely_claimed_row_that_everybodys_row_refers_to_is_kept() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE assets (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL)",
                "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, avatar_id INTEGER"
                    + " REFERENCES assets)",
                "CREATE TABLE labels (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, user_id"
                    + " INTEGER REFERENCES users)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO assets VALUES (1, 1)",
                "INSERT INTO users VALUES (1, 'ann', 1), (2, 'bob', 1)",
                "INSERT INTO labels VALUES (1, -1, 1), (2, 1, 2)")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .sharedRows("labels", "tenant_id", -1));
    Label label = lab.backup(1);
    lab.execute("UPDATE users SET name = name || '!'");

    lab.restore(1, label);

    assertThat(lab.query("SELECT name FROM users ORDER BY id")).isEqualTo("ann!,bob");
  }

  @Test
  void a_file_that_everybodys_row_names_too_is_not_deleted() throws Exception {
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.writeString(files.resolve("icon.png"), "icon");
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE labels (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, icon"
                    + " TEXT)",
                "INSERT INTO tenants VALUES (1)",
                "INSERT INTO labels VALUES (1, -1, 'icon.png')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .files(files, "labels", "{icon}")
                    .sharedRows("labels", "tenant_id", -1));
    Label label = lab.backup(1);
    lab.execute("INSERT INTO labels VALUES (2, 1, 'icon.png')");

    lab.restore(1, label);

    assertThat(lab.query("SELECT id FROM labels")).isEqualTo("1");
    assertThat(files.resolve("icon.png")).hasContent("icon");
  }

  @Test
  void rows_that_nothing_tells_apart() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE settings (tenant_id INTEGER, name TEXT)",
                "INSERT INTO tenants VALUES (1)",
                "INSERT INTO settings VALUES (-1, 'a'), (1, 'a'), (-1, 'a'), (1, 'b')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .sharedRows("settings", "tenant_id", -1));
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM settings WHERE tenant_id = 1", "INSERT INTO settings VALUES (-1, 'c')");

    lab.restore(1, label);

    assertThat(lab.query("SELECT tenant_id || name FROM settings ORDER BY 1"))
        .isEqualTo("-1a,-1a,-1c,1a,1b");
  }
}
