package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.engine.Change;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.merge.ForeignKeyActions;
import dev.sevenfold.backup.merge.OwnerChecks;
import dev.sevenfold.backup.merge.RowDiff;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.rows.Scope;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.stage.KnownDangling;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.testsupport.Rows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** What a backup would refuse after a restore, the restore refuses itself, by name, before it. */
class OutcomeProvedTest {

  private static final String TENANTS = "CREATE TABLE tenants (id INTEGER PRIMARY KEY)";

  @TempDir Path folder;

  private static TenantModel.Builder model() {
    return TenantModel.rootedAt("tenants").column("tenant_id");
  }

  private static void refused(Lab lab, Label label, String... parts) {
    Map<String, List<String>> before = lab.dump();
    assertThat(String.join("\n", lab.preview(1, label).conflicts())).contains(parts);
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));
    assertThat(lab.dump()).isEqualTo(before);
    // Neither tenant is stopped by what was not done.
    lab.backup(1);
    lab.backup(2);
  }

  @Test
  void another_tenants_row_that_would_lead_to_a_restored_one_as_well_is_a_conflict() {
    Lab lab =
        Lab.with(
                folder,
                TENANTS,
                "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
                "CREATE TABLE posts (id TEXT PRIMARY KEY, tenant_id INTEGER)",
                "CREATE TABLE tags (id INTEGER PRIMARY KEY, on_type TEXT, on_id TEXT, by_id INTEGER"
                    + " REFERENCES users)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO users VALUES (11, 1), (12, 2)",
                "INSERT INTO posts VALUES ('p1', 1)")
            .owned(model().polymorphic("tags", "on_type", "on_id", Map.of("Post", "posts")));
    Label label = lab.backup(1);
    lab.execute("DELETE FROM posts", "INSERT INTO tags VALUES (9, 'Post', 'p1', 12)");

    refused(lab, label, "1 rows of table tags ([id] = [9] leads to [2]) are another tenant's");
  }

  @Test
  void a_row_below_one_that_comes_back_and_of_another_tenant_is_a_conflict() {
    Lab lab =
        Lab.with(
                folder,
                TENANTS,
                "CREATE TABLE folders (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
                "CREATE TABLE documents (id INTEGER PRIMARY KEY, name)",
                "CREATE TABLE pages (id INTEGER PRIMARY KEY, document_id INTEGER REFERENCES"
                    + " documents, folder_id INTEGER REFERENCES folders)",
                "CREATE TABLE links (id INTEGER PRIMARY KEY, tenant_id INTEGER, document_id"
                    + " INTEGER)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO folders VALUES (1, 1), (2, 2)",
                "INSERT INTO documents VALUES (7, 'seven')",
                "INSERT INTO links VALUES (1, 1, 7)")
            .owned(model().referencedBy("documents", "links", "document_id"));
    Label label = lab.backup(1);
    lab.execute("DELETE FROM links", "INSERT INTO pages VALUES (9, 7, 2)");

    refused(lab, label, "1 rows of table pages ([id] = [9] leads to [2]) are another tenant's");
  }

  @Test
  void keys_of_every_kind_are_kept_and_come_back() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id TEXT COLLATE NOCASE PRIMARY KEY) WITHOUT ROWID",
                "CREATE TABLE blobs (id BLOB PRIMARY KEY, name TEXT) WITHOUT ROWID",
                "CREATE TABLE parts (blob_id BLOB REFERENCES blobs, part TEXT, PRIMARY KEY"
                    + " (blob_id, part)) WITHOUT ROWID",
                "CREATE TABLE scraps (blob_id BLOB, part TEXT, text, FOREIGN KEY (blob_id, part)"
                    + " REFERENCES parts)",
                "CREATE TABLE uses (tenant_id TEXT, blob_id BLOB)",
                "INSERT INTO tenants VALUES ('Acme'), ('Other')",
                "INSERT INTO uses VALUES ('acme', NULL)")
            .owned(model().referencedBy("blobs", "uses", "blob_id"));
    Label label = lab.backup("Acme");
    lab.execute(
        "INSERT INTO blobs VALUES (x'0041', 'shared'), (x'00', 'own')",
        "INSERT INTO parts VALUES (x'0041', 'a' || char(0) || 'b'), (x'00', 'a' || char(0) || 'b')",
        "INSERT INTO scraps SELECT blob_id, part, 's' FROM parts",
        "INSERT INTO uses VALUES ('ACME', x'0041'), ('other', x'0041'), ('acme', x'00')");
    Map<String, List<String>> now = lab.dump();

    lab.restore("Acme", label);

    assertThat(lab.query("SELECT name FROM blobs")).isEqualTo("shared");
    assertThat(lab.query("SELECT hex(part) FROM parts")).isEqualTo("610062");
    assertThat(lab.query("SELECT hex(blob_id) FROM scraps")).isEqualTo("0041");
    assertThat(lab.query("SELECT tenant_id FROM uses ORDER BY 1")).isEqualTo("acme,other");
    Map<String, List<String>> restored = lab.dump();
    lab.undo("Acme");
    assertThat(withoutOrder(lab.dump())).isEqualTo(withoutOrder(now));
    lab.undo("Acme");
    assertThat(withoutOrder(lab.dump())).isEqualTo(withoutOrder(restored));
  }

  /** Rows without a key come back behind the others. */
  private static Map<String, List<String>> withoutOrder(Map<String, List<String>> rows) {
    rows.replaceAll((table, all) -> all.stream().sorted().toList());
    return rows;
  }

  @Test
  void a_database_in_memory_that_is_lent_keeps_what_others_use() throws SQLException {
    SQLiteDataSource lent = new SQLiteDataSource();
    lent.setUrl("jdbc:sqlite:file:outcome?mode=memory&cache=shared");
    try (Connection first = DriverManager.getConnection(lent.getUrl());
        Statement statement = first.createStatement()) {
      for (String sql :
          List.of(
              TENANTS,
              "CREATE TABLE documents (id INTEGER PRIMARY KEY)",
              "CREATE TABLE pages (id INTEGER PRIMARY KEY, document_id REFERENCES documents)",
              "CREATE TABLE links (tenant_id INTEGER, document_id INTEGER)",
              "INSERT INTO tenants VALUES (1), (2)")) {
        statement.execute(sql);
      }
      BackupService service =
          BackupService.builder(
                  SqliteTenantSource.builder(
                          lent, model().referencedBy("documents", "links", "document_id").build())
                      .build(),
                  new InMemoryArchiveStore())
              .build();
      Label label = service.backup(TenantId.of(1)).restorePoint().label();
      statement.execute("INSERT INTO documents VALUES (5)");
      statement.execute("INSERT INTO pages VALUES (1, 5)");
      statement.execute("INSERT INTO links VALUES (1, 5), (2, 5)");

      service.restore(TenantId.of(1), label);

      assertThat(Rows.of(statement, "pages")).hasSize(1);
      assertThat(Rows.of(statement, "links")).hasSize(1);
      service.undo(TenantId.of(1));
      assertThat(Rows.of(statement, "links")).hasSize(2);
    }
  }

  /** The proof itself, over a plan that nobody has checked. */
  @Test
  void rows_that_were_written_and_lead_to_another_tenant_are_named() throws SQLException {
    Lab lab =
        Lab.with(
            folder,
            TENANTS,
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
            "CREATE TABLE lines (text, tenant_id INTEGER)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO notes VALUES (5, 1), (6, 2)",
            "INSERT INTO lines VALUES ('a', 2), ('b', 1)");
    SqliteEngine engine =
        new SqliteEngine(
            SqliteTenantSource.builder(lab.file(), model().build()), Optional.of(lab.file()));
    try (Session session = engine.open()) {
      for (String name : List.of(Workbench.COPY, Workbench.STAGE, Workbench.PLAN, Workbench.WORK)) {
        session.attachTemporary(name);
      }
      Change live = engine.change(session);
      Schema schema = live.model().schema();
      TenantKey key = live.key(TenantId.of(1)).orElseThrow();
      OwnedRows rows = OwnedRows.find(Scope.of(live, live.model(), key), List.of());
      for (String to : List.of(Workbench.COPY, Workbench.STAGE)) {
        new TableCopier(session).copy(live.model(), rows, key, to, Progress.none());
      }
      List<RowDiff> diffs = RowDiff.of(List.of(schema.table("notes"), schema.table("lines")));
      for (RowDiff diff : diffs) {
        diff.compute(session);
      }
      session.execute("INSERT INTO " + diffs.get(0).inserts() + " VALUES (5), (6)");
      Map<String, RowDiff> byName = Map.of("notes", diffs.get(0), "lines", diffs.get(1));
      OwnerChecks checks = new OwnerChecks(live, key, byName, false, false);
      ForeignKeyActions actions = new ForeignKeyActions(live, byName, new KnownDangling());

      List<String> found =
          checks.foundAfterwards(
              actions.actions(), Map.of("lines", "SELECT rowid FROM main.lines"));

      assertThat(found)
          .containsExactlyInAnyOrder(
              "1 rows of table notes ([id] = [6] leads to [2])",
              "1 rows of table lines ([rowid] = [1] leads to [2])");
    }
  }
}
