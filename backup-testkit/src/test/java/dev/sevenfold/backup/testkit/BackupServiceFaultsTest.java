package dev.sevenfold.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.backup.testkit.FaultyArchiveStore.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The store fails at its Nth call, for every N: no proven archive is lost, and no row. */
class BackupServiceFaultsTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  private final MutableClock clock = MutableClock.at(Instant.parse("2026-11-22T01:01:00Z"));
  private final InMemoryArchiveStore kept = new InMemoryArchiveStore();
  private Path database;

  @BeforeEach
  void create() throws SQLException {
    database = folder.resolve("app.sqlite3");
    execute(
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, body TEXT)",
        "INSERT INTO tenants VALUES (1, 'one'), (2, 'two')",
        "INSERT INTO notes VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c')");
  }

  private static Stream<Arguments> faults() {
    return Stream.of(Operation.values())
        .flatMap(
            operation ->
                Stream.of(1, 2, 3, 4)
                    .flatMap(
                        call ->
                            operation == Operation.OPEN
                                ? Stream.of(
                                    Arguments.of(operation, call, Fault.before()),
                                    Arguments.of(operation, call, Fault.corruptByteAt(200)),
                                    Arguments.of(operation, call, Fault.cutShortAfter(300)))
                                : Stream.of(
                                    Arguments.of(operation, call, Fault.before()),
                                    Arguments.of(operation, call, Fault.after()))));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("faults")
  void a_failing_backup_costs_no_proven_archive(Operation operation, int call, Fault fault)
      throws IOException {
    Label first = backUp(kept);
    FaultyArchiveStore faulty = FaultyArchiveStore.around(kept).on(operation, call, fault);
    @Nullable Label second = tryBackUp(faulty);

    List<RestorePoint> points = points();
    assertThat(points).anyMatch(RestorePoint::proven);
    if (second == null) {
      assertThat(points).anyMatch(point -> point.label().equals(first) && point.proven());
    }
    assertThat(backUp(kept)).isNotNull();
    assertThat(points()).filteredOn(RestorePoint::proven).hasSize(2);
    assertNoScratchIsLeft();
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("faults")
  void a_restore_over_a_failing_store_is_done_or_not_done(
      Operation operation, int call, Fault fault) throws SQLException, IOException {
    Label label = backUp(kept);
    execute("UPDATE notes SET body = 'x' WHERE tenant_id = 1");
    FaultyArchiveStore faulty = FaultyArchiveStore.around(kept).on(operation, call, fault);

    boolean restored;
    try (BackupService backups = service(faulty)) {
      clock.advance(Duration.ofMinutes(1));
      backups.restore(ONE, label);
      restored = true;
    } catch (BackupException e) {
      restored = false;
    }

    assertThat(bodies()).isIn("a,b,c", "x,x,c");
    if (restored) {
      assertThat(bodies()).isEqualTo("a,b,c");
    }
    try (BackupService backups = service(kept)) {
      backups.restore(ONE, label);
      assertThat(bodies()).isEqualTo("a,b,c");
    }
    assertNoScratchIsLeft();
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("faults")
  void an_undo_after_it_takes_back_the_last_restore_that_was_done(
      Operation operation, int call, Fault fault) throws SQLException {
    Label label = backUp(kept);
    execute("UPDATE notes SET body = 'w' WHERE tenant_id = 1");
    restore(kept, label);
    execute("UPDATE notes SET body = 'x' WHERE tenant_id = 1");
    try {
      restore(FaultyArchiveStore.around(kept).on(operation, call, fault), label);
    } catch (BackupException e) {
      assertThat(e.what()).isNotEmpty();
    }
    boolean done = bodies().equals("a,b,c");

    clock.advance(Duration.ofMinutes(1));
    try (BackupService backups = service(kept)) {
      backups.undo(ONE);
    }
    assertThat(bodies()).isEqualTo(done ? "x,x,c" : "w,w,c");
  }

  private void restore(ArchiveStore store, Label label) {
    clock.advance(Duration.ofMinutes(1));
    try (BackupService backups = service(store)) {
      backups.restore(ONE, label);
    }
  }

  private Label backUp(InMemoryArchiveStore store) {
    try (BackupService backups = service(FaultyArchiveStore.around(store))) {
      clock.advance(Duration.ofHours(1));
      return backups.backup(ONE).restorePoint().label();
    }
  }

  private @Nullable Label tryBackUp(FaultyArchiveStore store) {
    try (BackupService backups = service(store)) {
      clock.advance(Duration.ofHours(1));
      return backups.backup(ONE).restorePoint().label();
    } catch (BackupException e) {
      return null;
    }
  }

  private List<RestorePoint> points() {
    try (BackupService backups = service(FaultyArchiveStore.around(kept))) {
      return backups.restorePoints(ONE);
    }
  }

  private BackupService service(ArchiveStore store) {
    TenantModel model = TenantModel.rootedAt("tenants").column("tenant_id").build();
    return BackupService.builder(
            SqliteTenantSource.builder(database, model).clock(clock).build(), store)
        .clock(clock)
        .retention(RetentionPolicy.keepLast(2))
        .scratch(folder.resolve("scratch"))
        .build();
  }

  private void assertNoScratchIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(folder.resolve("scratch"))) {
      assertThat(left).isEmpty();
    }
  }

  private String bodies() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT group_concat(body) FROM (SELECT body FROM notes ORDER BY id)")) {
      return row.getString(1);
    }
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
