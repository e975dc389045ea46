package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.SystemProof;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.Collation;

class SystemProofTest {

  @TempDir Path folder;
  private SystemWorld world;

  @BeforeEach
  void create() throws Exception {
    world = SystemWorld.create(folder.resolve("app"), 1);
  }

  @Test
  void a_sound_archive_is_counted_and_left_as_it_is() throws Exception {
    StagedSystem staged = stage();

    SystemProof proof = world.source().verify(staged, Progress.none()).require();

    assertThat(proof.databases())
        .containsExactly(
            new SystemProof.Database("primary", 2, 2), new SystemProof.Database("queue", 2, 2));
    assertThat(proof.files()).isEqualTo(5);
    assertThat(proof.bytes()).isEqualTo(staged.manifest().bytes());
    assertThat(proof.warnings()).isEmpty();
    try (Stream<Path> files = Files.list(staged.folder().resolve("databases"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void a_database_that_is_damaged_deep_inside_is_no_proof() throws Exception {
    StagedSystem staged = stage();
    Path database = staged.entry("databases/primary.sqlite3");
    byte[] pages = Files.readAllBytes(database);
    for (int i = 4_096; i < 4_196; i++) {
      pages[i] ^= 0x55;
    }
    Files.write(database, pages);

    assertThatExceptionOfType(ArchiveCorrupt.class)
        .isThrownBy(() -> SqliteVerifier.plain().verify(staged, Progress.none()).require())
        .withMessageContaining("primary");
  }

  @Test
  void what_is_no_database_at_all_is_no_proof() throws Exception {
    StagedSystem staged = stage();
    Files.writeString(staged.entry("databases/queue.sqlite3"), "garbage".repeat(10_000));

    assertThatExceptionOfType(ArchiveCorrupt.class)
        .isThrownBy(() -> SqliteVerifier.plain().verify(staged, Progress.none()).require())
        .withMessageContaining("queue");
  }

  @Test
  void dangling_references_and_indexes_of_the_hosts_own_collations_are_warnings() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + world.primary());
        Statement statement = connection.createStatement()) {
      Collation.create(
          connection,
          "hosts_own",
          new Collation() {
            @Override
            protected int xCompare(String one, String other) {
              return one.compareTo(other);
            }
          });
      statement.execute("CREATE TABLE names (name TEXT, boss REFERENCES state (rowid))");
      statement.execute("CREATE TABLE bosses (id INTEGER PRIMARY KEY)");
      statement.execute("CREATE TABLE staff (boss INTEGER REFERENCES bosses)");
      statement.execute("INSERT INTO staff VALUES (17)");
      statement.execute("CREATE INDEX by_name ON names (name COLLATE hosts_own)");
    }

    SystemProof proof = world.source().verify(stage(), Progress.none()).require();

    assertThat(proof.warnings()).isNotEmpty().allMatch(warning -> warning.contains("primary"));
  }

  @Test
  void one_tenant_comes_out_of_the_archive_as_of_the_systems_instant() throws Exception {
    SystemWorld.execute(
        world.primary(),
        "DROP TABLE state",
        "DROP TABLE padding",
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id REFERENCES tenants, body TEXT)",
        "INSERT INTO tenants VALUES (1, 'one'), (2, 'two')",
        "INSERT INTO notes VALUES (10, 1, 'of one'), (20, 2, 'of two'), (21, 2, 'of two')");
    StagedSystem staged = stage();
    SystemWorld.execute(world.primary(), "DELETE FROM notes");
    TenantModel model = TenantModel.rootedAt("tenants").column("tenant_id").build();

    TenantSnapshot tenant;
    try (SqliteTenantSource source =
        SqliteTenantSource.builder(staged.entry("databases/primary.sqlite3"), model)
            .clock(Clock.fixed(staged.manifest().capturedAt(), ZoneOffset.UTC))
            .build()) {
      tenant =
          source.extract(
              TenantId.of(2), Files.createDirectory(folder.resolve("tenant")), Progress.none());
    }

    assertThat(tenant.capturedAt()).isEqualTo(staged.manifest().capturedAt());
    assertThat(SystemWorld.query(tenant.database(), "SELECT group_concat(id) FROM notes"))
        .isEqualTo("20,21");
  }

  private StagedSystem stage() throws Exception {
    return SystemWorld.stage(SystemWorld.archive(world.source(), folder), folder);
  }
}
