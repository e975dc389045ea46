package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.Owners;
import dev.sevenfold.backup.rows.Scope;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.SchemaReader;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteConnections;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The relation itself: everybody whom rows lead to. */
class OwnersTest {

  @TempDir Path folder;

  /** {@code [key] leads to [others]} for each asked row that others than the tenant own. */
  private static List<String> others(Lab lab, TenantModel model, Object tenant, String table)
      throws SQLException {
    return others(session(lab), model, tenant, table);
  }

  private static Session session(Lab lab) throws SQLException {
    return Session.open(SqliteConnections.to(lab.file()), Duration.ofSeconds(5));
  }

  private static List<String> others(
      Session opened, TenantModel model, Object tenant, String tableName) throws SQLException {
    try (Session session = opened) {
      session.attachTemporary(Workbench.WORK);
      Schema schema = SchemaReader.read(session, Session.MAIN);
      Ownership ownership = model.resolve(schema.toSchema());
      TenantKey key =
          TenantKey.find(session, Session.MAIN, ownership, TenantId.of(tenant.toString()))
              .orElseThrow();
      Table table = schema.table(tableName);
      LiveModel live = new LiveModel(schema, ownership);
      Owners owners =
          Owners.in(new Scope(session, Session.MAIN, Workbench.WORK, live, key), "test");
      String rows = Sql.name(Session.MAIN, tableName) + " t";
      owners.ask(table, Session.MAIN, "SELECT " + Sql.columns("t", table.key()) + " FROM " + rows);
      owners.climb();
      List<String> found = new ArrayList<>();
      String others = owners.isOthers(table, Session.MAIN, "t", table.key());
      found.addAll(
          owners.samples(table, Session.MAIN, rows + " WHERE " + others, "t", table.key()));
      String tenants = owners.isTenants(table, Session.MAIN, "t", table.key());
      found.add(
          "own "
              + session.queryLong("SELECT count(*) FROM " + rows + " WHERE " + tenants)
              + ", others "
              + session.queryLong("SELECT count(*) FROM " + rows + " WHERE " + others));
      return found;
    }
  }

  private static TenantModel.Builder model() {
    return TenantModel.rootedAt("tenants").column("tenant_id");
  }

  @Test
  void every_claim_leads_on_and_circles_end() throws SQLException {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE a (id INTEGER PRIMARY KEY, tenant_id INTEGER, b_id INTEGER REFERENCES b)",
            "CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a, b_id INTEGER"
                + " REFERENCES b)",
            "CREATE TABLE blobs (id INTEGER PRIMARY KEY, n)",
            "CREATE TABLE uses (id INTEGER PRIMARY KEY, on_type TEXT, on_id, blob_id INTEGER)",
            "INSERT INTO tenants VALUES (1), (2), (3)",
            "INSERT INTO a VALUES (1, 1, NULL), (2, 2, NULL), (3, NULL, NULL)",
            "INSERT INTO b VALUES (1, 1, NULL), (2, 3, 1), (3, NULL, 2), (4, 2, 3), (5, NULL, 5)",
            "UPDATE a SET b_id = 4 WHERE id = 3",
            "INSERT INTO blobs VALUES (1, 'shared'), (2, 'own'), (3, 'nobodys')",
            "INSERT INTO uses VALUES (1, 'A', 1, 1), (2, 'A', '2', 1), (3, 'A', 1, 2), (4, 'X', 2,"
                + " 2)");
    TenantModel model =
        model()
            .polymorphic("uses", "on_type", "on_id", java.util.Map.of("A", "a"))
            .referencedBy("blobs", "uses", "blob_id")
            .build();

    // 2 -> a 3 -> b 4 -> a 2 (tenant 2) and b 3 -> b 2: a circle through two tables.
    assertThat(others(lab, model, 1, "b"))
        .containsExactly(
            "[2] leads to [2]", "[3] leads to [2]", "[4] leads to [2]", "own 4, others 3");
    assertThat(others(lab, model, 1, "a"))
        .containsExactly("[2] leads to [2]", "[3] leads to [2]", "own 2, others 2");
    assertThat(others(lab, model, 1, "blobs"))
        .containsExactly("[1] leads to [2]", "own 2, others 1");
    assertThat(others(lab, model, 3, "blobs"))
        .containsExactly("[1] leads to [1, 2]", "[2] leads to [1]", "own 0, others 2");
  }

  @Test
  void owners_are_told_apart_as_the_roots_key_does() throws SQLException {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id TEXT COLLATE NOCASE PRIMARY KEY) WITHOUT ROWID",
            "CREATE TABLE notes (id BLOB PRIMARY KEY, tenant_id TEXT) WITHOUT ROWID",
            "CREATE TABLE words (note_id BLOB, word TEXT, tenant_id BLOB, PRIMARY KEY"
                + " (note_id, word), FOREIGN KEY (note_id) REFERENCES notes) WITHOUT ROWID",
            "INSERT INTO tenants VALUES ('Acme'), ('7')",
            "INSERT INTO notes VALUES (x'00', 'ACME'), (x'0041', 'acme'), (x'', 7)",
            "INSERT INTO words VALUES (x'00', 'a' || char(0) || 'b', NULL), (x'00', 'a' || char(0)"
                + " || 'c', NULL), (x'', 'A' || char(0) || 'B', NULL)");

    assertThat(others(lab, model().build(), "Acme", "notes"))
        .containsExactly("[x''] leads to [7]", "own 2, others 1");
    assertThat(others(lab, model().build(), "Acme", "words")).endsWith("own 2, others 1");
    assertThat(others(lab, model().build(), "7", "words")).endsWith("own 1, others 2");
    assertThat(others(lab, model().build(), "7", "notes"))
        .containsExactly("[x'00'] leads to [Acme]", "[x'0041'] leads to [Acme]", "own 1, others 2");
  }

  @Test
  void a_key_that_no_tenant_has_is_somebody_elses_all_the_same() throws SQLException {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id)",
            "INSERT INTO tenants VALUES (1)",
            "INSERT INTO notes VALUES (1, 1), (2, '1'), (3, 9), (4, NULL), (5, 1.0)");

    assertThat(others(lab, model().build(), 1, "notes"))
        .containsExactly("[3] leads to [9]", "own 3, others 1");
  }

  @Test
  void a_database_in_memory_is_climbed_too() throws SQLException {
    String url = "jdbc:sqlite:file:owners?mode=memory&cache=shared";
    try (Connection first = DriverManager.getConnection(url);
        var statement = first.createStatement()) {
      statement.execute("CREATE TABLE tenants (id INTEGER PRIMARY KEY)");
      statement.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER)");
      statement.execute("INSERT INTO tenants VALUES (1), (2)");
      statement.execute("INSERT INTO notes VALUES (1, 1), (2, 2)");
      org.sqlite.SQLiteDataSource lent = new org.sqlite.SQLiteDataSource();
      lent.setUrl(url);

      Session session = Session.open(SqliteConnections.from(lent), Duration.ofSeconds(5));

      assertThat(others(session, model().build(), 1, "notes"))
          .containsExactly("[2] leads to [2]", "own 1, others 1");
    }
  }

  @Test
  @Timeout(60)
  void a_long_chain_is_climbed_in_one_go() throws SQLException {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE tree (id INTEGER PRIMARY KEY, tenant_id INTEGER, parent_id INTEGER"
                + " REFERENCES tree)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO tree VALUES (1, 1, NULL)",
            "WITH RECURSIVE n (i) AS (SELECT 2 UNION SELECT i + 1 FROM n WHERE i < 20000) INSERT"
                + " INTO tree SELECT i, NULL, i - 1 FROM n");

    assertThat(others(lab, model().build(), 1, "tree")).containsExactly("own 20000, others 0");
    assertThat(others(lab, model().build(), 2, "tree")).endsWith("own 0, others 20000");
    var label = lab.backup(1);
    var then = lab.dump();
    lab.execute("UPDATE tree SET tenant_id = 1 WHERE id = 20000");
    lab.execute("DELETE FROM tree WHERE id = 20000");
    lab.restore(1, label);
    assertThat(lab.dump()).isEqualTo(then);
  }
}
