package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.tenant.OwnershipCheck.Finding.Kind.NOBODYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every row of every owned table is counted as somebody's, or said to be nobody's. */
class OwnershipCheckTest {

  @TempDir Path folder;

  private OwnershipCheck check(TenantModel.Builder model, String... statements)
      throws SQLException {
    Path file = folder.resolve("app.sqlite3");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.executeUpdate(each);
      }
    }
    try (SqliteTenantSource source = SqliteTenantSource.builder(file, model.build()).build()) {
      return source.check(Progress.none());
    }
  }

  private static OwnershipCheck.TableRows of(OwnershipCheck check, String table) {
    return check.tables().stream().filter(t -> t.table().equals(table)).findFirst().orElseThrow();
  }

  @Test
  void counts_every_row_of_a_whole_database_once() throws SQLException {
    OwnershipCheck check =
        check(
            TenantModel.rootedAt("tenants").column("tenant_id"),
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INT NOT NULL)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id INT REFERENCES users)",
            "CREATE TABLE empty (id INTEGER PRIMARY KEY, user_id INT REFERENCES users)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO users VALUES (1, 1), (2, 2), (3, 2)",
            "INSERT INTO notes VALUES (1, 1), (2, 3), (3, 3), (4, 2)");

    assertThat(check.isComplete()).isTrue();
    assertThat(check.figure().tables()).isEmpty();
    assertThat(check.tables())
        .extracting(t -> List.of(t.table(), t.rows(), t.owned(), t.nobodys(), t.several()))
        .containsExactly(
            List.of("empty", 0L, 0L, 0L, 0L),
            List.of("notes", 4L, 4L, 0L, 0L),
            List.of("tenants", 2L, 2L, 0L, 0L),
            List.of("users", 3L, 3L, 0L, 0L));
  }

  @Test
  void says_of_rows_that_are_nobodys_why_and_the_cause_first() throws SQLException {
    OwnershipCheck check =
        check(
            TenantModel.rootedAt("tenants")
                .column("tenant_id")
                .polymorphic("tags", "on_type", "on_id", Map.of("User", "users")),
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INT)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id INT REFERENCES users)",
            "CREATE TABLE tags (id INTEGER PRIMARY KEY, on_type TEXT, on_id INT)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO users VALUES (1, 1), (2, 2), (3, 9), (4, NULL)",
            "INSERT INTO notes VALUES (1, 1), (2, 3), (3, 33), (4, NULL), (5, 34)",
            "INSERT INTO tags VALUES (1, 'User', 1), (2, 'Board', 1), (3, 'User', 5)");

    assertThat(check.isComplete()).isFalse();
    assertThat(check.figure().nobodys()).isEqualTo(8);
    assertThat(of(check, "users").findings())
        .containsExactly(
            new OwnershipCheck.Finding("tenant_id names no tenant", 1, NOBODYS, List.of("[3]")),
            new OwnershipCheck.Finding("nothing says whose it is", 1, NOBODYS, List.of("[4]")));
    assertThat(of(check, "notes").findings())
        .containsExactly(
            new OwnershipCheck.Finding(
                "user_id -> users(id), where no such row is", 2, NOBODYS, List.of("[3]", "[5]")),
            new OwnershipCheck.Finding(
                "user_id -> users(id), where the row is nobody's itself",
                1,
                NOBODYS,
                List.of("[2]")),
            new OwnershipCheck.Finding("nothing says whose it is", 1, NOBODYS, List.of("[4]")));
    assertThat(of(check, "tags").findings())
        .extracting(OwnershipCheck.Finding::why, OwnershipCheck.Finding::samples)
        .containsExactly(
            tuple(
                "on_id -> users(id) where on_type = 'User', where no such row is", List.of("[3]")),
            tuple("on_type has a type that the model does not know: Board", List.of("[2]")));
  }

  @Test
  void counts_what_several_use_and_doubts_what_two_references_lead_apart() throws SQLException {
    OwnershipCheck check =
        check(
            TenantModel.rootedAt("tenants")
                .column("tenant_id")
                .referencedBy("documents", "links", "document_id"),
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INT)",
            "CREATE TABLE links (id INTEGER PRIMARY KEY, tenant_id INT, document_id INT)",
            "CREATE TABLE documents (id INTEGER PRIMARY KEY)",
            "CREATE TABLE pages (id INTEGER PRIMARY KEY, document_id INT REFERENCES documents)",
            "CREATE TABLE referrals (id INTEGER PRIMARY KEY, one INT REFERENCES users, two INT REFERENCES users)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO users VALUES (1, 1), (2, 2)",
            "INSERT INTO documents VALUES (1), (2), (3), (4)",
            "INSERT INTO links VALUES (1, 1, 1), (2, 2, 1), (3, 2, 2), (4, NULL, 4)",
            "INSERT INTO pages VALUES (1, 1), (2, 2), (3, 3)",
            "INSERT INTO referrals VALUES (1, 1, 1), (2, 1, 2)");

    OwnershipCheck.TableRows documents = of(check, "documents");
    assertThat(documents.several()).isEqualTo(1);
    assertThat(documents.nobodys()).isEqualTo(2);
    assertThat(documents.findings())
        .extracting(OwnershipCheck.Finding::kind, OwnershipCheck.Finding::samples)
        .containsExactly(
            Tuple.tuple(NOBODYS, List.of("[4]")),
            Tuple.tuple(NOBODYS, List.of("[3]")),
            Tuple.tuple(OwnershipCheck.Finding.Kind.SEVERAL, List.of("[1]")));
    assertThat(of(check, "pages").several()).isEqualTo(1);
    assertThat(of(check, "pages").findings()).noneMatch(OwnershipCheck.Finding::doubtful);
    assertThat(of(check, "referrals").findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.doubtful()).isTrue();
              assertThat(finding.samples()).containsExactly("[2]");
            });
    assertThat(of(check, "referrals").isComplete()).isFalse();
  }

  @Test
  void rows_that_lead_around_in_a_ring_are_whose_the_ring_is() throws SQLException {
    OwnershipCheck check =
        check(
            TenantModel.rootedAt("tenants").column("tenant_id"),
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE pages (id TEXT PRIMARY KEY, tenant_id INT, parent TEXT REFERENCES pages)",
            "CREATE TABLE tags (a INT, b INT, page TEXT REFERENCES pages, PRIMARY KEY (a, b))",
            "INSERT INTO tenants VALUES (1), (2)",
            // A chain below tenant 1, a ring that is nobody's, and one that hangs on tenant 2.
            "INSERT INTO pages VALUES ('a', 1, NULL), ('b', NULL, 'a'), ('c', NULL, 'b')",
            "INSERT INTO pages VALUES ('x', NULL, 'y'), ('y', NULL, 'x'), ('z', NULL, 'z')",
            "INSERT INTO pages VALUES ('p', 2, 'q'), ('q', NULL, 'p')",
            "INSERT INTO tags VALUES (1, 1, 'c'), (1, 2, 'x'), (2, 1, 'q')");

    OwnershipCheck.TableRows pages = of(check, "pages");
    assertThat(List.of(pages.rows(), pages.owned(), pages.nobodys(), pages.several()))
        .containsExactly(8L, 5L, 3L, 0L);
    assertThat(pages.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.why()).endsWith("where the row is nobody's itself");
              assertThat(finding.samples()).containsExactly("[x]", "[y]", "[z]");
            });
    assertThat(of(check, "tags").owned()).isEqualTo(2);
    assertThat(of(check, "tags").findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.samples()).containsExactly("[1, 2]"));
  }

  @Test
  void what_the_model_allows_is_counted_and_no_fault() throws SQLException {
    OwnershipCheck check =
        check(
            TenantModel.rootedAt("tenants").column("tenant_id").allowNobodys("audit_*"),
            "CREATE TABLE tenants (id TEXT PRIMARY KEY COLLATE NOCASE)",
            "CREATE TABLE audit_logs (id INTEGER PRIMARY KEY, tenant_id TEXT)",
            "INSERT INTO tenants VALUES ('Acme')",
            "INSERT INTO audit_logs VALUES (1, 'acme'), (2, NULL)");

    assertThat(of(check, "audit_logs").owned()).isEqualTo(1);
    assertThat(of(check, "audit_logs").nobodys()).isEqualTo(1);
    assertThat(check.isComplete()).isTrue();
    assertThat(check.figure().tables()).isEmpty();
  }

  @Test
  void names_rows_that_no_restore_writes_as_others_use_them() throws SQLException {
    OwnershipCheck check =
        check(
            TenantModel.rootedAt("accounts").column("account_id"),
            "CREATE TABLE accounts (id INTEGER PRIMARY KEY)",
            "CREATE TABLE assets (id INTEGER PRIMARY KEY, account_id INT NOT NULL)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, avatar_asset_id INT REFERENCES assets)",
            "CREATE TABLE settings (user_id INTEGER PRIMARY KEY REFERENCES users)",
            "CREATE TABLE memberships (id INTEGER PRIMARY KEY, account_id INT NOT NULL, user_id INT"
                + " NOT NULL REFERENCES users)",
            "INSERT INTO accounts VALUES (1), (2)",
            "INSERT INTO assets VALUES (9, 1)",
            "INSERT INTO users VALUES (5, 9), (6, 9), (7, 9)",
            "INSERT INTO settings VALUES (5), (6)",
            "INSERT INTO memberships VALUES (1, 1, 5), (2, 2, 5), (3, 1, 6)");

    assertThat(check.isComplete()).isTrue();
    assertThat(of(check, "users").findings())
        .containsExactly(
            new OwnershipCheck.Finding(
                "used by tenants that avatar_asset_id does not lead to, so that no restore writes"
                    + " them; say shared: [users], or that it decides: {table: users, through:"
                    + " avatar_asset_id}",
                1,
                OwnershipCheck.Finding.Kind.KEPT,
                List.of("[5]")));
    assertThat(of(check, "settings").findings()).isEmpty();
    assertThat(of(check, "users").owned()).isEqualTo(3);
  }
}
