package dev.sevenfold.backup.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.RestorePlan.TableChange;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * That an engine whose workbench is not its own connection fits behind the interfaces: PostgreSQL,
 * tried out until a module of its own takes over. A tenant of twenty tables is backed up, looked at
 * and restored through the rooms that SQLite's tenants go through.
 */
class PostgresSpikeTest {

  private static final TenantId TENANT = TenantId.of(1);

  @TempDir static Path programs;

  private static PostgresServer server;

  @TempDir Path folder;
  private TwentyTables tables;
  private PostgresEngine engine;
  private BackupService service;
  private Label label;

  @BeforeAll
  static void start() {
    server = PostgresServer.start(programs);
  }

  @AfterAll
  static void stop() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void archive() {
    tables = TwentyTables.create(server.database());
    engine =
        new PostgresEngine(
            server.database(), TwentyTables.model(), folder.resolve("live"), Clock.systemUTC());
    service =
        BackupService.builder(
                new PostgresSource(engine, folder.resolve("live-locks")),
                new InMemoryArchiveStore())
            .build();
    long before = engine.trips();
    label = service.backup(TENANT).restorePoint().label();
    System.err.println("BACKUP " + (engine.trips() - before));
  }

  @AfterEach
  void close() {
    service.close();
  }

  /** What the tenant does wrong after the backup. */
  private void damage() {
    tables.run(
        """
        UPDATE tasks SET title = 'Lost ' || id, weight = NULL WHERE id BETWEEN 10100 AND 10119;
        DELETE FROM projects WHERE id = 10003;
        DELETE FROM tasks WHERE id = 10005;
        INSERT INTO task_notes VALUES (19001, 10001, 'new'), (19002, 10004, 'new');
        UPDATE users SET email = 'x' || email, avatar = '\\x00' WHERE id = md5('user1-7')::uuid;
        DELETE FROM team_members WHERE team_id = 10001;
        DELETE FROM comments WHERE author = md5('user1-3')::uuid;
        UPDATE tenants SET settings = '{}' WHERE id = 1;
        DELETE FROM payments WHERE invoice_id = 10004;
        UPDATE events SET at = at + interval '1 hour' WHERE id = 10005;
        DELETE FROM deliveries WHERE webhook_id = 10002;
        """);
  }

  @Test
  void a_preview_tells_what_differs_table_by_table_and_changes_nothing() {
    damage();
    Map<String, Set<String>> rows = tables.rows();

    RestorePlan plan = service.preview(TENANT, label);

    assertThat(plan.obstacles()).isEmpty();
    assertThat(plan.tables())
        .hasSize(20)
        .filteredOn(table -> !table.isEmpty())
        .extracting(
            TableChange::table, TableChange::inserted, TableChange::updated, TableChange::deleted)
        .containsExactlyInAnyOrder(
            tuple("tenants", 0L, 1L, 0L),
            tuple("users", 0L, 1L, 0L),
            tuple("team_members", 8L, 0L, 0L),
            tuple("projects", 1L, 0L, 0L),
            tuple("tasks", 41L, 63L, 0L),
            tuple("task_notes", 31L, 0L, 2L),
            tuple("task_labels", 21L, 0L, 0L),
            tuple("comments", 5L, 0L, 0L),
            tuple("payments", 1L, 0L, 0L),
            tuple("deliveries", 34L, 0L, 0L),
            tuple("events", 0L, 1L, 0L));
    assertThat(tables.rows()).isEqualTo(rows);
  }

  @Test
  void a_restore_brings_the_tenant_back_and_nobody_else() {
    tables.run(
        """
        UPDATE tasks SET title = 'Of tenant 2' WHERE id = 20001;
        DELETE FROM comments WHERE id = 30001;
        INSERT INTO events VALUES (29999, 2, NULL, '{}', '2026-05-01');
        """);
    Map<String, Set<String>> rows = tables.rows();
    damage();
    long before = engine.trips();

    service.restore(TENANT, label);

    System.err.println("RESTORE " + (engine.trips() - before));
    assertThat(tables.rows()).isEqualTo(rows);
  }
}
