package dev.sevenfold.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.sqlite.SqliteSystemSource;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A database of two tenants with notes, a and b of the first and c of the other, and archives in
 * memory behind a store that may fail. Every call is a service of its own: nothing is remembered.
 */
final class FaultyWorld {

  static final TenantId ONE = TenantId.of(1);

  private final Path folder;
  private final MutableClock clock = MutableClock.at("2026-11-22T01:01:00Z");
  private final InMemoryArchiveStore archives = new InMemoryArchiveStore();

  private FaultyWorld(Path folder) {
    this.folder = folder;
  }

  static FaultyWorld in(Path folder) {
    FaultyWorld world = new FaultyWorld(folder);
    world.execute(
        """
        PRAGMA journal_mode = WAL;
        CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, body TEXT);
        INSERT INTO tenants VALUES (1, 'one'), (2, 'two');
        INSERT INTO notes VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'c')\
        """);
    return world;
  }

  Path folder() {
    return folder;
  }

  /** The archives, in a store that works. */
  FaultyArchiveStore kept() {
    return FaultyArchiveStore.around(archives);
  }

  /** Does something an hour later. */
  <T> T with(ArchiveStore store, Function<BackupService, T> work) {
    clock.advance(Duration.ofHours(1));
    try (BackupService service = service(store)) {
      return work.apply(service);
    }
  }

  private BackupService service(ArchiveStore store) {
    Path scratch = folder.resolve("scratch");
    RetentionPolicy two = RetentionPolicy.keepLast(2);
    TenantModel model = TenantModel.rootedAt("tenants").column("tenant_id").build();
    SqliteSystemSource system =
        SqliteSystemSource.builder().database("app", database()).clock(clock).build();
    return BackupService.builder(
            SqliteTenantSource.builder(database(), model).clock(clock).build(), store)
        .clock(clock)
        .retention(two)
        .scratch(scratch)
        .system(
            SystemBackups.builder(store)
                .source(system)
                .clock(clock)
                .retention(two)
                .scratch(scratch))
        .build();
  }

  Label backUp() {
    return backUp(kept());
  }

  Label backUp(ArchiveStore store) {
    return with(store, service -> service.backup(ONE).restorePoint().label());
  }

  /** Goes back to the oldest restore point. */
  void restore(ArchiveStore store) {
    List<RestorePoint> points = points();
    with(store, service -> service.restore(ONE, points.get(points.size() - 1).label()));
  }

  void undo(ArchiveStore store) {
    with(store, service -> service.undo(ONE));
  }

  /** The restore points, newest first, as a store that works has them. */
  List<RestorePoint> points() {
    return with(kept(), service -> service.restorePoints(ONE));
  }

  /** Changes every note of the first tenant. */
  void write(String body) {
    execute("UPDATE notes SET body = '" + body + "' WHERE tenant_id = 1");
  }

  String bodies() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT group_concat(body) FROM (SELECT body FROM notes ORDER BY id)")) {
      return row.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  void requireNoScratch() throws IOException {
    try (Stream<Path> left = Files.list(folder.resolve("scratch"))) {
      assertThat(left).isEmpty();
    }
  }

  private void execute(String statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements.split(";", -1)) {
        if (!sql.isBlank()) {
          statement.execute(sql);
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + database());
  }

  private Path database() {
    return folder.resolve("app.sqlite3");
  }
}
