package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.Function;

/**
 * Whatever happens to a tenant's rows, a restore brings back exactly them, and touches no other.
 * What happens follows from the seed alone.
 */
class RandomRestoreTest {

  private static final TenantId TWO = TenantId.of(2);

  private static final Clock NOW =
      Clock.fixed(Instant.parse("2026-11-22T01:01:00Z"), ZoneOffset.UTC);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void brings_back_what_random_writes_destroyed(long seed) throws SQLException {
    Random random = new Random(seed);
    SharedDatabase database = SharedDatabase.create(folder, 4, seed);
    try (BackupService backups =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), database.model()).clock(NOW).build(),
                new InMemoryArchiveStore())
            .clock(NOW)
            .build()) {
      Label label = backups.backup(TWO).restorePoint().label();
      Map<String, List<String>> then = database.dumpOf(2);
      String triggers = database.triggers();
      for (int i = 0; i < 3; i++) {
        vandalise(database, random);
        Map<String, List<String>> others = database.dumpOfOthers(2);
        String ignored = ignored(database);

        RestorePlan preview = backups.preview(TWO, label);
        assertThat(preview.conflicts()).as("seed %s", seed).isEmpty();
        RestorePlan done = backups.restore(TWO, label).plan();

        assertThat(done)
            .as("seed %s", seed)
            .usingRecursiveComparison()
            .ignoringFields("archive", "digest")
            .isEqualTo(preview);
        assertThat(database.dumpOf(2)).as("seed %s", seed).isEqualTo(then);
        assertThat(database.dumpOfOthers(2)).as("seed %s", seed).isEqualTo(others);
        assertThat(database.triggers()).isEqualTo(triggers);
        if (preview.sideEffects().isEmpty()) {
          assertThat(ignored(database)).as("seed %s", seed).isEqualTo(ignored);
        }
        assertThat(database.query("PRAGMA integrity_check")).isEqualTo("ok");
        assertThat(database.query("SELECT count(*) FROM pragma_foreign_key_check")).isEqualTo("0");
        database.execute("INSERT INTO posts_fts (posts_fts, rank) VALUES ('integrity-check', 1)");
      }
    }
  }

  @Test
  void one_seed_makes_one_world() throws Exception {
    List<Map<String, List<String>>> worlds = new ArrayList<>();
    for (long seed : List.of(1L, 1L, 2L)) {
      Path world = Files.createDirectory(folder.resolve("world" + worlds.size()));
      SharedDatabase database = SharedDatabase.create(world, 4, seed);
      Random random = new Random(seed);
      for (int i = 0; i < 5; i++) {
        vandalise(database, random);
      }
      Map<String, List<String>> dump = database.dump();
      dump.put("ignored", List.of(ignored(database)));
      worlds.add(dump);
    }

    assertThat(worlds.get(1)).isEqualTo(worlds.get(0));
    assertThat(worlds.get(2)).isNotEqualTo(worlds.get(0));
  }

  private static String ignored(SharedDatabase database) {
    return database.query("SELECT group_concat(id || token) FROM sessions")
        + database.query("SELECT count(*) FROM audit_log");
  }

  /** What is written to rows of one tenant. draw() is a number out of the seed. */
  private static final List<String> WRITES =
      List.of(
          """
          DELETE FROM tasks WHERE draw() % 3 = 0
            AND project_id IN (SELECT id FROM projects WHERE tenant_id = :tenant)""",
          """
          UPDATE tasks SET payload = draw() WHERE draw() % 2 = 0
            AND project_id IN (SELECT id FROM projects WHERE tenant_id = :tenant)""",
          """
          UPDATE tasks SET position = position + 100
            WHERE project_id IN (SELECT id FROM projects WHERE tenant_id = :tenant)""",
          "DELETE FROM projects WHERE tenant_id = :tenant AND draw() % 3 = 0",
          "UPDATE users SET email = 'x' || id || email, boss_id = NULL WHERE tenant_id = :tenant",
          "INSERT INTO users (tenant_id, email) VALUES (:tenant, 'new' || draw())",
          "INSERT INTO events SELECT * FROM events WHERE tenant_id = :tenant LIMIT 2",
          "DELETE FROM events WHERE tenant_id = :tenant AND draw() % 3 = 0",
          """
          UPDATE order_lines SET line = upper(line) || 'x'
            WHERE order_id IN (SELECT id FROM orders WHERE tenant_id = :tenant)""",
          """
          UPDATE order_lines SET amount = 1.0 WHERE amount = 1
            AND order_id IN (SELECT id FROM orders WHERE tenant_id = :tenant)""",
          "UPDATE invoices SET net = net + 1 WHERE tenant_id = :tenant",
          """
          UPDATE metrics SET value = CASE typeof(value) WHEN 'real' THEN -value ELSE 0.0 END
            WHERE tenant_id = :tenant""",
          "DELETE FROM posts WHERE tenant_id = :tenant AND draw() % 2 = 0",
          "UPDATE posts SET body = 'changed' WHERE tenant_id = :tenant",
          "INSERT INTO posts (tenant_id, title, body) VALUES (:tenant, 'new', 'new')",
          """
          INSERT INTO sessions (user_id, token)
            SELECT max(id), 'new' FROM users WHERE tenant_id = :tenant""",
          "UPDATE tenants SET settings = draw() WHERE id = :tenant",
          """
          UPDATE taggings SET tag = 'other' WHERE taggable_type = 'User'
            AND taggable_id IN (SELECT id FROM users WHERE tenant_id = :tenant)""");

  /** Random writes to rows of tenants 2 and 3, with foreign keys and triggers at work. */
  private static void vandalise(SharedDatabase database, Random random) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      // SQLite's own random() has no seed.
      Function.create(connection, "draw", new Draw(random), 0, 0);
      for (int i = 0; i < 12; i++) {
        String write = WRITES.get(random.nextInt(WRITES.size()));
        statement.execute(write.replace(":tenant", random.nextBoolean() ? "2" : "3"));
      }
    }
  }

  private static final class Draw extends Function {
    private final Random random;

    Draw(Random random) {
      this.random = random;
    }

    @Override
    protected void xFunc() throws SQLException {
      result(random.nextInt(Integer.MAX_VALUE));
    }
  }
}
