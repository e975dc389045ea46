package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.cli.run.Shell;
import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.DrillJob;
import dev.sevenfold.backup.job.SystemBackupJob;
import dev.sevenfold.backup.scheduler.BackupScheduler;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeTest {

  @TempDir Path folder;
  Shop shop;

  @BeforeEach
  void create() throws Exception {
    shop = Shop.create(folder, 2);
    Files.writeString(
        shop.config(),
        "system: {databases: {primary: production.sqlite3}}\n",
        StandardOpenOption.APPEND);
  }

  /** A {@code serve} in a thread of its own. */
  private final class Server implements AutoCloseable {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> code = new CompletableFuture<>();
    private final Thread thread =
        new Thread(
            () ->
                code.complete(
                    Sevenfold.run(
                        Shell.capturing(out, err), "serve", "--config", shop.config().toString())),
            "serve");

    Server start() {
      thread.start();
      return this;
    }

    String out() {
      return out.toString(StandardCharsets.UTF_8);
    }

    void awaitOutput(Predicate<String> wanted) throws InterruptedException {
      while (!wanted.test(out())) {
        assertThat(thread.isAlive()).as(() -> out() + err).isTrue();
        thread.join(50);
      }
    }

    int stop() throws InterruptedException, ExecutionException {
      thread.interrupt();
      return code.get();
    }

    @Override
    public void close() throws InterruptedException {
      thread.interrupt();
      thread.join();
    }
  }

  /** Another process of the application, a dashboard, asks for backups. */
  private void submit(String tenant) {
    try (BackupScheduler dashboard =
        BackupScheduler.builder(folder.resolve("sevenfold-jobs.sqlite3")).build()) {
      dashboard.submit(
          switch (tenant) {
            case "system" -> SystemBackupJob.job();
            case "drill" -> DrillJob.job();
            default -> BackupTenantJob.forTenant(TenantId.of(tenant));
          });
    }
  }

  @Test
  void runs_what_is_due_says_so_once_and_stops_when_it_is_told_to() throws Exception {
    shop.cli("schedule", "set", "--tenant", "2", "--cron", "@yearly");
    submit("1");
    submit("system");
    submit("77");
    try (Server server = new Server().start()) {
      server.awaitOutput(
          out -> out.contains("tenant 1 ") && out.contains("system") && out.contains("tenant 77 "));

      assertThat(server.stop()).isZero();

      assertThat(server.out().lines().toList())
          .hasSize(5)
          .first()
          .asString()
          .startsWith("serving 4 schedules of ");
      assertThat(server.out())
          .containsPattern("Z BackupTenantJob of tenant 1 at .*Z: finished tenant_1_\\d{14}\n")
          .containsPattern("Z SystemBackupJob of the system at .*Z: finished system_\\d{14}\n")
          .containsPattern("Z BackupTenantJob of tenant 77 at .*Z: failed: .*tenant 77")
          .contains("stopped");
      assertThat(server.err.toString(StandardCharsets.UTF_8)).doesNotContain("\tat ");
    }
    assertThat(shop.cli("tenant", "list", "--tenant", "1").lines()).hasSize(2);
  }

  private Cli cli(String command) {
    return Cli.run(command, "--config", shop.config().toString());
  }

  /** A config that knows nothing of tenants. */
  private void writeSystemOnly(String more) throws Exception {
    Files.writeString(
        shop.config(),
        "system: {databases: {primary: production.sqlite3}}\nstore: {directory: backups}\n" + more);
  }

  @Test
  void serves_a_system_without_tenants_and_drills_when_the_config_says_so() throws Exception {
    writeSystemOnly("jobs: {drill: \"0 12 * * 0\"}\n");
    submit("system");
    try (Server server = new Server().start()) {
      server.awaitOutput(out -> out.contains("SystemBackupJob"));
      // Another process asks for what would be due on Sunday.
      submit("drill");
      server.awaitOutput(out -> out.contains("DrillJob"));

      assertThat(server.stop()).isZero();

      assertThat(server.out())
          .startsWith("serving 2 schedules of ")
          .containsPattern("SystemBackupJob of the system at .*Z: finished system_\\d{14}\n")
          .containsPattern("DrillJob of the system at .*Z: finished");
    }
    Cli health = cli("health");
    assertThat(health.code()).as("%s", health).isZero();
    assertThat(health.out()).contains("(system)");
  }

  @Test
  void a_drill_that_finds_a_bad_archive_says_so_in_the_log_and_in_health() throws Exception {
    writeSystemOnly("jobs: {drill: \"0 12 * * 0\"}\n");
    String label = shop.cli("system", "backup").lastLine();
    byte[] bytes = Files.readAllBytes(shop.archive(label));
    bytes[bytes.length - 40] ^= 1;
    Files.write(shop.archive(label), bytes);
    try (Server server = new Server().start()) {
      server.awaitOutput(out -> out.contains("serving"));
      submit("drill");
      server.awaitOutput(out -> out.contains("DrillJob"));

      assertThat(server.stop()).isZero();

      assertThat(server.out())
          .containsPattern("DrillJob of the system at .*Z: failed: 1 of the archives")
          .contains(label);
      assertThat(server.err.toString(StandardCharsets.UTF_8))
          .contains(label + " could not be verified again");
    }
    Cli health = cli("health");
    assertThat(health.code()).as("%s", health).isEqualTo(3);
    assertThat(health.err()).contains("the drill of ").contains(label);
  }

  @Test
  void needs_tenants_or_a_system() throws Exception {
    Files.writeString(shop.config(), "store: {directory: backups}\n");

    Cli serve = cli("serve");

    assertThat(serve.code()).isEqualTo(2);
    assertThat(serve.firstError()).contains("is missing");
  }

  @Test
  void one_schedule_in_a_zone_that_java_does_not_know_is_named_and_stops_only_itself()
      throws Exception {
    shop.cli("schedule", "set", "--tenant", "1", "--cron", "@daily");
    shop.cli("schedule", "set", "--tenant", "2", "--cron", "@yearly");
    try (Connection jobs =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("sevenfold-jobs.sqlite3"));
        Statement statement = jobs.createStatement()) {
      statement.execute(
          "UPDATE sevenfold_job_schedule SET zone = 'Mars/Olympus' WHERE tenant = '1'");
    }
    submit("system");

    assertThat(shop.cli("schedule", "show").out()).contains("Mars/Olympus").contains("@yearly");
    assertThat(cli("health").out()).contains("failing");
    try (Server server = new Server().start()) {
      server.awaitOutput(out -> out.contains("SystemBackupJob"));

      assertThat(server.stop()).isZero();
      assertThat(server.out()).doesNotContain("tenant 1");
    }
  }
}
