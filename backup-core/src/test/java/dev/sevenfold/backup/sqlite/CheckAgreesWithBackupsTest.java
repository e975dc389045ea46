package dev.sevenfold.backup.sqlite;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.BackupOutcome;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.OwnershipCheck.Finding;
import dev.sevenfold.backup.tenant.OwnershipCheck.Finding.Kind;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stops a backup because of whose a row is, a check of the ownership counts, and no more. */
class CheckAgreesWithBackupsTest {

  @TempDir Path folder;

  private BackupService open(TenantModel.Builder model, String... statements) throws SQLException {
    Path file = folder.resolve("app.sqlite3");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.executeUpdate(each);
      }
    }
    return BackupService.builder(
            SqliteTenantSource.builder(file, model.build()).build(), new InMemoryArchiveStore())
        .build();
  }

  /** What went wrong with the backup of each tenant; empty if nothing did. */
  private static Map<String, String> backups(BackupService service) {
    return service.backupAll().stream()
        .collect(
            toMap(
                (BackupOutcome outcome) -> outcome.tenant().value(),
                outcome -> outcome.failure().map(failure -> failure.getMessage()).orElse("")));
  }

  private static List<Finding> findings(OwnershipCheck check, Kind kind) {
    return check.tables().stream()
        .flatMap(table -> table.findings().stream())
        .filter(finding -> finding.kind() == kind)
        .toList();
  }

  private static final String[] TWO_REFERENCES = {
    "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
    "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INT)",
    "CREATE TABLE referrals (id INTEGER PRIMARY KEY, one INT REFERENCES users, two INT REFERENCES users)",
    "INSERT INTO tenants VALUES (1), (2)",
    "INSERT INTO users VALUES (1, 1), (2, 2), (9, 9), (10, NULL)",
  };

  @Test
  void a_row_of_a_tenant_and_of_one_that_does_not_exist_is_in_doubt() throws SQLException {
    try (BackupService service =
        open(
            TenantModel.rootedAt("tenants").column("tenant_id").allowNobodys("users"),
            TWO_REFERENCES)) {
      assertThat(service.checkOwnership(Progress.none()).isComplete()).isTrue();
      execute("INSERT INTO referrals VALUES (1, 1, 9)");

      OwnershipCheck check = service.checkOwnership(Progress.none());

      assertThat(check.isComplete()).isFalse();
      assertThat(findings(check, Kind.DOUBTFUL))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.why())
                    .isEqualTo("a tenant's, and by two -> users(id) one's that does not exist");
                assertThat(finding.samples()).containsExactly("[1]");
              });
      assertThat(backups(service).get("1")).contains("also lead to another tenant");
      assertThat(backups(service).get("2")).isEmpty();
    }
  }

  @Test
  void a_reference_to_a_row_of_nobody_makes_nothing_doubtful() throws SQLException {
    for (String each : TWO_REFERENCES) {
      execute(each);
    }
    execute("CREATE TABLE links (id INTEGER PRIMARY KEY, tenant_id INT, document_id INT)");
    execute("CREATE TABLE documents (id INTEGER PRIMARY KEY, author INT)");
    execute("INSERT INTO documents VALUES (1, 10)");
    execute("INSERT INTO links VALUES (1, 1, 1), (2, 2, 1)");
    try (BackupService service =
        open(
            TenantModel.rootedAt("tenants")
                .column("tenant_id")
                .allowNobodys("users")
                .referencedBy("documents", "links", "document_id")
                .reference("documents", "author", "users", "id"))) {
      OwnershipCheck check = service.checkOwnership(Progress.none());

      assertThat(findings(check, Kind.DOUBTFUL)).isEmpty();
      assertThat(findings(check, Kind.SEVERAL)).hasSize(1);
      assertThat(check.isComplete()).isTrue();
      assertThat(backups(service).values()).containsOnly("");
    }
  }

  @Test
  void what_a_tenant_and_one_that_does_not_exist_use_together_is_no_ones_alone()
      throws SQLException {
    try (BackupService service =
        open(
            TenantModel.rootedAt("tenants")
                .column("tenant_id")
                .allowNobodys("links")
                .referencedBy("documents", "links", "document_id"),
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE links (id INTEGER PRIMARY KEY, tenant_id INT, document_id INT)",
            "CREATE TABLE documents (id INTEGER PRIMARY KEY)",
            "INSERT INTO tenants VALUES (1)",
            "INSERT INTO documents VALUES (1), (2)",
            "INSERT INTO links VALUES (1, 1, 1), (2, 9, 1), (3, 1, 2)")) {
      OwnershipCheck check = service.checkOwnership(Progress.none());

      assertThat(check.isComplete()).isTrue();
      assertThat(findings(check, Kind.SEVERAL))
          .containsExactly(
              new Finding(
                  "used by a tenant, and by one that does not exist",
                  1,
                  Kind.SEVERAL,
                  List.of("[1]")));
      assertThat(service.backupAll().get(0).report().orElseThrow().warnings())
          .anyMatch(warning -> warning.contains("1 rows of tenant 1 are used by another tenant"));
    }
  }

  @Test
  void a_type_that_the_model_does_not_know_is_in_doubt_where_it_stops_a_backup()
      throws SQLException {
    try (BackupService service =
        open(
            TenantModel.rootedAt("tenants")
                .column("tenant_id")
                .allowNobodys("tags")
                .polymorphic("tags", "on_type", "on_id", Map.of("User", "users")),
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INT NOT NULL)",
            "CREATE TABLE tags (id INTEGER PRIMARY KEY, on_type TEXT, on_id INT, by INT REFERENCES users)",
            "INSERT INTO tenants VALUES (1), (2), (3)",
            "INSERT INTO users VALUES (11, 1), (12, 2), (13, 3)",
            // A tenant's by another claim; nobody's, with an id of tenant 2; nobody's, with none.
            "INSERT INTO tags VALUES (1, 'Bo''ard', 1000, 11), (2, 'Card', 12, NULL)",
            "INSERT INTO tags VALUES (3, 'Gone', 77, NULL), (4, 'User', 13, NULL)")) {
      OwnershipCheck check = service.checkOwnership(Progress.none());

      assertThat(findings(check, Kind.DOUBTFUL))
          .singleElement()
          .satisfies(finding -> assertThat(finding.samples()).containsExactly("[1]", "[2]"));
      assertThat(check.isComplete()).isFalse();
      assertThat(backups(service))
          .hasEntrySatisfying("1", said -> assertThat(said).contains("Bo'ard"))
          .hasEntrySatisfying("2", said -> assertThat(said).contains("Card"))
          .containsEntry("3", "");

      execute("DELETE FROM tags WHERE id < 3");

      assertThat(service.checkOwnership(Progress.none()).isComplete()).isTrue();
      assertThat(backups(service).values()).containsOnly("");
    }
  }

  @Test
  void an_unknown_type_of_a_delegated_pair_is_in_doubt_whatever_the_column_says()
      throws SQLException {
    try (BackupService service =
        open(
            TenantModel.rootedAt("tenants")
                .column("tenant_id")
                .delegated("entries", "of_type", "of_id", Map.of("Message", "messages")),
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE entries (id INTEGER PRIMARY KEY, tenant_id INT, of_type TEXT, of_id INT)",
            "CREATE TABLE messages (id INTEGER PRIMARY KEY)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO messages VALUES (1), (2)",
            "INSERT INTO entries VALUES (1, 1, 'Message', 1), (2, 2, 'Message', 2)",
            "INSERT INTO entries VALUES (3, 1, 'Comment', 5)")) {
      assertThat(findings(service.checkOwnership(Progress.none()), Kind.DOUBTFUL))
          .singleElement()
          .satisfies(finding -> assertThat(finding.samples()).containsExactly("[3]"));
      assertThat(backups(service).get("1")).contains("Comment");
      assertThat(backups(service).get("2")).isEmpty();
    }
  }

  @Test
  void tenants_without_a_key_are_a_fault_that_no_model_allows() throws SQLException {
    try (BackupService service =
        open(
            TenantModel.rootedAt("tenants").column("tenant").allowNobodys("*"),
            "CREATE TABLE tenants (name TEXT PRIMARY KEY)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant TEXT)",
            "INSERT INTO tenants VALUES ('a'), (NULL), ('')",
            "INSERT INTO notes VALUES (1, 'a'), (2, '')")) {
      OwnershipCheck check = service.checkOwnership(Progress.none());

      assertThat(check.isComplete()).isFalse();
      assertThat(service.unnamedTenants()).isEqualTo(2);
      assertThat(findings(check, Kind.UNNAMED))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.why()).isEqualTo("name is null or empty, and names no tenant");
                assertThat(finding.rows()).isEqualTo(2);
              });
      // Nobody backs the tenant up whose key is empty, nor what is its.
      assertThat(findings(check, Kind.NOBODYS))
          .singleElement()
          .satisfies(finding -> assertThat(finding.samples()).containsExactly("[2]"));
    }
    assertThatThrownBy(
            () -> {
              try (BackupService service =
                  open(TenantModel.rootedAt("tenants").column("tenant").allowNobodys("Tenants"))) {
                service.checkOwnership(Progress.none());
              }
            })
        .isInstanceOf(InvalidTenantModel.class)
        .hasMessageContaining("give each tenant a key");
  }

  @Test
  void references_to_other_tenants_rows_are_counted_as_backups_warn_of_them() throws SQLException {
    try (BackupService service =
        open(
            TenantModel.rootedAt("tenants")
                .column("tenant_id")
                .polymorphic("tasks", "on_type", "on_id", Map.of("User", "users"))
                .ownedThrough("referrals", "one"),
            TWO_REFERENCES)) {
      execute("DELETE FROM users WHERE id = 10");
      execute(
          "CREATE TABLE tasks (id INTEGER PRIMARY KEY, tenant_id INT, assignee INT REFERENCES"
              + " users, on_type TEXT, on_id INT)");
      execute("INSERT INTO tasks VALUES (1, 1, 1, 'User', 1), (2, 1, 2, 'User', 9)");
      execute("INSERT INTO tasks VALUES (3, 2, 2, NULL, NULL), (4, NULL, 2, NULL, NULL)");
      execute("INSERT INTO referrals VALUES (1, 1, 2), (2, 2, 2), (3, 2, NULL)");

      OwnershipCheck check = service.checkOwnership(Progress.none());

      assertThat(findings(check, Kind.DOUBTFUL)).isEmpty();
      assertThat(findings(check, Kind.CROSSING))
          .extracting(Finding::why, Finding::samples)
          .containsExactly(
              tuple("two -> users(id) leads to another tenant's row", List.of("[1]")),
              tuple("assignee -> users(id) leads to another tenant's row", List.of("[2]")),
              tuple(
                  "on_id -> users(id) where on_type = 'User' leads to another tenant's row",
                  List.of("[2]")));
      assertThat(
              service.backupAll().stream()
                  .flatMap(outcome -> outcome.report().orElseThrow().warnings().stream())
                  .filter(warning -> warning.startsWith("Cross-tenant reference")))
          .hasSize(3);
    }
  }

  @Test
  void a_row_that_a_tenant_uses_who_does_not_exist_is_kept() throws SQLException {
    try (BackupService service =
        open(
            TenantModel.rootedAt("accounts").column("account_id").allowNobodys("memberships"),
            "CREATE TABLE accounts (id INTEGER PRIMARY KEY)",
            "CREATE TABLE assets (id INTEGER PRIMARY KEY, account_id INT NOT NULL)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, avatar_asset_id INT REFERENCES assets)",
            "CREATE TABLE memberships (id INTEGER PRIMARY KEY, account_id INT NOT NULL, user_id INT"
                + " NOT NULL REFERENCES users)",
            "INSERT INTO accounts VALUES (1)",
            "INSERT INTO assets VALUES (9, 1)",
            "INSERT INTO users VALUES (5, 9), (6, 9)",
            "INSERT INTO memberships VALUES (1, 8, 5), (2, 1, 6)")) {
      assertThat(findings(service.checkOwnership(Progress.none()), Kind.KEPT))
          .singleElement()
          .satisfies(finding -> assertThat(finding.samples()).containsExactly("[5]"));
    }
  }

  /** Rows at random: what is in doubt stops a backup, and nothing else does. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void a_backup_is_refused_if_and_only_if_rows_are_in_doubt(long seed) throws SQLException {
    Random random = new Random(seed);
    try (BackupService service =
        open(
            TenantModel.rootedAt("tenants")
                .column("tenant_id")
                .allowNobodys("*")
                .polymorphic("items", "on_type", "on_id", Map.of("User", "users"))
                .referencedBy("documents", "links", "document_id"),
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INT)",
            "CREATE TABLE items (id INTEGER PRIMARY KEY, tenant_id INT, a INT REFERENCES users,"
                + " on_type TEXT, on_id INT)",
            "CREATE TABLE links (id INTEGER PRIMARY KEY, item_id INT REFERENCES items, document_id INT)",
            "CREATE TABLE documents (id INTEGER PRIMARY KEY, author INT REFERENCES users)",
            "INSERT INTO tenants VALUES (1), (2), (3)",
            "INSERT INTO users VALUES (1, 1), (2, 2), (3, 3), (4, 9), (5, NULL)",
            "INSERT INTO documents VALUES (1, NULL), (2, NULL), (3, 1), (4, 4)")) {
      for (int i = 1; i <= 3; i++) {
        execute(
            "INSERT INTO items VALUES (%d, %s, %s, %s, %s)"
                .formatted(
                    i,
                    one(random, "NULL", "NULL", "NULL", "1", "9"),
                    one(random, "NULL", "1", "1", "2", "4", "5"),
                    one(random, "NULL", "'User'", "'User'", "'Card'"),
                    one(random, "NULL", "1", "2", "4", "77")));
        execute(
            "INSERT INTO links VALUES (%d, %d, %s)"
                .formatted(i, i, one(random, "1", "2", "3", "4")));
      }

      OwnershipCheck check = service.checkOwnership(Progress.none());
      Map<String, String> backups = backups(service);

      assertThat(backups.values().stream().anyMatch(said -> !said.isEmpty()))
          .as("seed %d: %s, %s", seed, check.tables(), backups)
          .isEqualTo(check.figure().doubtful() > 0);
      assertThat(check.isComplete()).isEqualTo(check.figure().doubtful() == 0);
    }
  }

  private static String one(Random random, String... of) {
    return of[random.nextInt(of.length)];
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("app.sqlite3"));
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }
}
