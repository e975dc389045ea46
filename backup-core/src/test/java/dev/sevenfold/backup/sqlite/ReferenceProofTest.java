package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.AllOwners;
import dev.sevenfold.backup.rows.ReferenceProof;
import dev.sevenfold.backup.rows.ReferenceProof.Evidence;
import dev.sevenfold.backup.rows.Scope;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.scratch.SchemaReader;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteConnections;
import dev.sevenfold.backup.tenant.OwnedTable;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is a reference, and what only looks like one, shows in the rows of all tenants. */
class ReferenceProofTest {

  private static final String TWO_TENANTS =
      """
      CREATE TABLE tenants (id INTEGER PRIMARY KEY);
      CREATE TABLE boards (id INTEGER PRIMARY KEY, tenant_id INT, position INT);
      INSERT INTO tenants VALUES (1), (2);
      INSERT INTO boards WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
        SELECT i, 1 + i % 2, (i + 1) / 2 FROM n;
      """;

  @TempDir Path folder;

  private List<Evidence> evidence(String table, List<String> columns, String... scripts)
      throws Exception {
    Path file = Files.createFile(folder.resolve("app.sqlite3"));
    TenantModel model = TenantModel.rootedAt("tenants").column("tenant_id").build();
    try (Session session =
        Session.openTrusting(SqliteConnections.to(file), Duration.ofSeconds(5))) {
      for (String script : scripts) {
        for (String statement : script.strip().split(";\n", -1)) {
          session.execute(statement);
        }
      }
      session.attachTemporary(Workbench.WORK);
      Schema schema = SchemaReader.read(session, Session.MAIN);
      LiveModel live = new LiveModel(schema, model.resolveClaimed(schema.toSchema()));
      Scope scope = new Scope(session, Session.MAIN, Workbench.WORK, live, null);
      AllOwners owners = AllOwners.find(scope);
      OwnedTable owned = live.ownership().owned(table).orElseThrow();
      return ReferenceProof.by(scope, owners).of(owned, columns);
    }
  }

  @Test
  void values_that_are_all_of_the_same_tenants_rows_are_references() throws Exception {
    List<Evidence> found =
        evidence(
            "cards",
            List.of("kept_in", "position", "label"),
            TWO_TENANTS,
            """
            CREATE TABLE cards (id INTEGER PRIMARY KEY, tenant_id INT, kept_in TEXT, position INT, label TEXT);
            INSERT INTO cards SELECT 1000 + id, tenant_id, id, position, 'x' FROM boards;
            INSERT INTO cards SELECT 2000 + id, tenant_id, id, position, 'x' FROM boards;
            """);

    assertThat(found)
        .filteredOn(each -> each.column().equals("kept_in"))
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.parent() + '.' + each.parentColumn()).isEqualTo("boards.id");
              assertThat(List.of(each.values(), each.distinct(), each.found(), each.own()))
                  .containsOnly(60L);
              assertThat(each.isProven(false)).isTrue();
            });
    assertThat(found)
        .filteredOn(each -> each.column().equals("position"))
        .isNotEmpty()
        .noneMatch(each -> each.isProven(true));
    assertThat(found).noneMatch(each -> each.column().equals("label"));
  }

  @Test
  void few_values_prove_it_only_by_the_name_too() throws Exception {
    List<Evidence> found =
        evidence(
            "cards",
            List.of("board_id"),
            TWO_TENANTS,
            """
            CREATE TABLE cards (id INTEGER PRIMARY KEY, tenant_id INT, board_id INT);
            INSERT INTO cards SELECT 1000 + id, tenant_id, id FROM boards WHERE id < 9;
            """);

    assertThat(found)
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.isProven(false)).isFalse();
              assertThat(each.isProven(true)).isTrue();
            });
  }

  @Test
  void of_one_tenant_alone_numbers_prove_nothing_and_long_random_texts_do() throws Exception {
    List<Evidence> found =
        evidence(
            "cards",
            List.of("rank", "token"),
            """
            CREATE TABLE tenants (id INTEGER PRIMARY KEY);
            CREATE TABLE boards (id INTEGER PRIMARY KEY, tenant_id INT, uuid TEXT UNIQUE);
            CREATE TABLE cards (id INTEGER PRIMARY KEY, tenant_id INT, rank INT, token TEXT);
            INSERT INTO tenants VALUES (1);
            INSERT INTO boards WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
              SELECT i, 1, lower(hex(randomblob(16))) FROM n;
            INSERT INTO cards SELECT 100 + id, 1, id, uuid FROM boards;
            """);

    assertThat(found)
        .anyMatch(
            each ->
                each.column().equals("token")
                    && each.parentColumn().equals("uuid")
                    && each.isProven(false))
        .noneMatch(each -> each.column().equals("rank") && each.isProven(false));
  }

  @Test
  void one_value_that_leads_nowhere_or_to_somebody_else_is_no_proof() throws Exception {
    List<Evidence> found =
        evidence(
            "cards",
            List.of("board_id", "other_id"),
            TWO_TENANTS,
            """
            CREATE TABLE cards (id INTEGER PRIMARY KEY, tenant_id INT, board_id INT, other_id INT);
            INSERT INTO cards SELECT 1000 + id, tenant_id, id, id FROM boards;
            UPDATE cards SET board_id = 59 WHERE id = 1058;
            DELETE FROM boards WHERE id = 30;
            """);

    assertThat(found)
        .extracting(Evidence::column, Evidence::values, Evidence::found, Evidence::own)
        .containsExactlyInAnyOrder(
            tuple("board_id", 60L, 59L, 58L), tuple("other_id", 60L, 59L, 59L));
  }
}
