package dev.sevenfold.backup.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.RestorePlan.TableChange;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
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
    label = service.backup(TENANT).restorePoint().label();
  }

  @AfterEach
  void close() {
    service.close();
  }

  /** What the tenant does wrong after the backup. */
  private void damage() {
    tables.run(
        """
        UPDATE tenants SET settings = '{}' WHERE id = 1;
        UPDATE users SET email = 'x' || email, avatar = '\\x00' WHERE id = md5('user1-7')::uuid;
        DELETE FROM team_members WHERE team_id = 10001;
        UPDATE tasks SET title = 'Lost ' || id, weight = NULL WHERE id BETWEEN 10100 AND 10119;
        DELETE FROM projects WHERE id = 10003;
        DELETE FROM tasks WHERE id = 10005;
        INSERT INTO task_notes VALUES (19001, 10001, 'new'), (19002, 10004, 'new');
        DELETE FROM comments WHERE author = md5('user1-3')::uuid;
        UPDATE comments SET body = body || '!' WHERE id = 10199;
        DELETE FROM payments WHERE invoice_id = 10004;
        DELETE FROM deliveries WHERE webhook_id = 10002;
        UPDATE events SET at = at + interval '1 hour' WHERE id = 10005;
        """);
  }

  @Test
  void a_preview_tells_what_differs_table_by_table_and_changes_nothing() {
    damage();
    Set<String> rows = tables.rows();

    RestorePlan plan = service.preview(TENANT, label);

    assertThat(plan.conflicts()).isEmpty();
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
            tuple("comments", 5L, 1L, 0L),
            tuple("payments", 1L, 0L, 0L),
            tuple("deliveries", 34L, 0L, 0L),
            tuple("events", 0L, 1L, 0L));
    // What is said of a task that went is nobody's now, stays where it is, and is not in the way.
    assertThat(tables.changesSince(rows)).isEmpty();
  }

  @Test
  void a_restore_brings_the_tenant_back_and_leaves_everybody_else_alone() {
    tables.run(
        """
        UPDATE tasks SET title = 'Of tenant 2' WHERE id = 20001;
        DELETE FROM comments WHERE id = 30001;
        INSERT INTO events VALUES (29999, 2, NULL, '{}', '2026-05-01');
        """);
    Set<String> rows = tables.rows();
    damage();

    service.restore(TENANT, label);

    assertThat(tables.changesSince(rows)).isEmpty();
    assertThat(tables.texts("SELECT relname FROM pg_class WHERE relname LIKE 'sevenfold%'"))
        .isEmpty();
  }

  @Test
  void ids_that_others_have_taken_are_given_anew() {
    tables.run(
        """
        DELETE FROM projects WHERE id = 10003;
        INSERT INTO projects VALUES (10003, 2, 'Of 2');
        """);
    String tasks = "SELECT count(*) FROM tasks t JOIN projects p ON p.id = project_id WHERE ";

    assertThat(service.preview(TENANT, label).conflicts())
        .anyMatch(what -> what.contains("ids of table projects belong to other rows by now"));
    service.restore(TENANT, label, RestoreOptions.DEFAULT.remapping());

    assertThat(tables.texts("SELECT p::text FROM projects p WHERE id = 10003"))
        .containsExactly("(10003,2,\"Of 2\",,)");
    assertThat(tables.texts(tasks + "tenant_id = 1")).containsExactly("400");
    assertThat(tables.texts(tasks + "code = 'P1-3' AND p.id <> 10003")).containsExactly("40");
  }

  @Test
  void a_restore_can_be_undone() {
    damage();
    Set<String> damaged = tables.rows();
    service.restore(TENANT, label);

    service.undo(TENANT);

    assertThat(tables.changesSince(damaged)).isEmpty();
  }

  @Test
  void how_often_the_server_is_waited_for_does_not_depend_on_the_rows() {
    damage();
    long start = engine.trips();
    service.preview(TENANT, label);
    long preview = engine.trips() - start;
    service.restore(TENANT, label);
    long restore = engine.trips() - start - preview;

    // Statement by statement, SQLite's way, it would be some 2,000.
    assertThat(preview).isLessThanOrEqualTo(30);
    assertThat(restore).isLessThanOrEqualTo(75);
  }

  @Test
  void a_row_that_another_tenant_uses_stays() {
    Set<String> rows = tables.rows();
    tables.run(
        """
        INSERT INTO blobs VALUES (19000, 'shared', '\\x01'), (19001, 'own', '\\x02');
        INSERT INTO attachments VALUES
          (19000, 'Task', 10001, 19000), (19001, 'Task', 10001, 19001), (29000, 'Task', 20001, 19000);
        """);

    RestorePlan plan = service.preview(TENANT, label);
    service.restore(TENANT, label);

    assertThat(tables.changesSince(rows))
        .containsExactly(
            "+ attachments (29000,Task,20001,19000)", "+ blobs (19000,shared,\"\\\\x01\")");
    assertThat(plan.notes())
        .contains(
            "1 rows of table blobs ([id] = [19000] leads to [2]) stay, with their files, because"
                + " others use them too");
  }

  @Test
  void what_others_have_taken_or_point_at_is_a_conflict() {
    tables.run(
        """
        UPDATE users SET email = 'moved@1.example' WHERE id = md5('user1-7')::uuid;
        UPDATE users SET email = 'u7@1.example' WHERE id = md5('user2-1')::uuid;
        INSERT INTO users VALUES (md5('new')::uuid, 1, 'new@1.example');
        UPDATE teams SET lead_id = md5('new')::uuid WHERE id = 20001;
        """);
    Set<String> rows = tables.rows();

    RestorePlan plan = service.preview(TENANT, label);

    assertThat(plan.conflicts())
        .hasSize(2)
        .anyMatch(what -> what.contains("values of table users must be unique"))
        .anyMatch(
            what -> what.contains("teams ([id] = [20001] leads to [2]) are another tenant's"));
    assertThatThrownBy(() -> service.restore(TENANT, label)).isInstanceOf(RestoreRefused.class);
    assertThat(tables.changesSince(rows)).isEmpty();
  }

  @Test
  void archived_rows_take_todays_defaults_and_types_from_the_server() {
    tables.run(
        """
        ALTER TABLE tasks ADD COLUMN priority varchar(8) NOT NULL DEFAULT 'normal';
        ALTER TABLE events ALTER COLUMN detail TYPE text;
        ALTER TABLE task_notes ADD COLUMN tenant_id bigint;
        UPDATE task_notes SET tenant_id = id / 10000;
        """);
    Set<String> rows = tables.rows();
    tables.run("DELETE FROM projects WHERE id = 10003; DELETE FROM events WHERE id = 10007");

    service.restore(TENANT, label);

    assertThat(tables.changesSince(rows)).isEmpty();
  }

  @Test
  void an_archived_value_that_is_required_by_now_is_the_servers_default_whatever_it_calls() {
    String one = "id = md5('user1-7')::uuid";
    tables.run("UPDATE users SET seen = NULL WHERE " + one);
    label = service.backup(TENANT).restorePoint().label();
    tables.run(
        """
        UPDATE users SET seen = now() WHERE seen IS NULL;
        ALTER TABLE users ALTER seen SET DEFAULT date_trunc('year', now()), ALTER seen SET NOT NULL;
        """);

    service.restore(TENANT, label);

    assertThat(
            tables.texts("SELECT (seen = date_trunc('year', now()))::text FROM users WHERE " + one))
        .containsExactly("true");
  }

  @Test
  void an_archive_says_which_engine_its_rows_come_from() throws Exception {
    Path scratch = Files.createDirectory(folder.resolve("extracted"));

    TenantSnapshot snapshot =
        new PostgresSource(engine, folder.resolve("locks"))
            .extract(TENANT, scratch, Progress.none());

    assertThat(snapshot.origin().engine()).isEqualTo("postgresql");
    assertThat(snapshot.origin().engineVersion()).isNotEmpty();
  }

  @Test
  void a_tenant_that_is_not_there_is_named() {
    assertThatThrownBy(() -> service.backup(TenantId.of(9)))
        .isInstanceOf(BackupRefused.class)
        .hasMessageContaining("There is no tenant 9 in table tenants");
  }

  @Test
  void archived_rows_that_break_a_check_of_today_are_refused() {
    tables.run(
        """
        DELETE FROM tasks WHERE weight > 50 AND id < 20000;
        ALTER TABLE tasks ADD CONSTRAINT light CHECK (id > 20000 OR weight <= 50);
        ALTER TABLE tasks ADD COLUMN priority text DEFAULT 'normal';
        """);

    assertThatThrownBy(() -> service.preview(TENANT, label))
        .isInstanceOfSatisfying(
            RestoreRefused.class,
            e -> assertThat(e.reasons()).singleElement().asString().contains("light"));
  }

  @Test
  void a_tenant_that_changes_while_its_safety_archive_is_made_is_looked_at_again() {
    Set<String> rows = tables.rows();
    damage();
    AtomicBoolean changed = new AtomicBoolean();

    service.restore(
        TENANT,
        label,
        RestoreOptions.DEFAULT,
        (step, unit, done, total) -> {
          if (step.equals("archive") && changed.compareAndSet(false, true)) {
            tables.run(
                """
                UPDATE events SET detail = '{"late": 1}' WHERE id = 10050;
                UPDATE api_tokens SET token = 'theirs' WHERE token = 'token2-1';
                """);
          }
        });

    assertThat(changed).isTrue();
    assertThat(tables.changesSince(rows))
        .containsExactly(
            "+ api_tokens (theirs,b008421c-29df-d10b-b011-11002ddc8e0e)",
            "- api_tokens (token2-1,b008421c-29df-d10b-b011-11002ddc8e0e)");
  }
}
