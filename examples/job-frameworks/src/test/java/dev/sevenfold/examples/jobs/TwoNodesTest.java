package dev.sevenfold.examples.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.examples.jobs.dbscheduler.DbSchedulerHost;
import dev.sevenfold.examples.jobs.dbscheduler.DbSchedulerTable;
import dev.sevenfold.testsupport.Jvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Two processes of one application, whose jobs are in one PostgreSQL: each firing runs once. */
class TwoNodesTest {

  private static final int TENANTS = 30;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;
  private final List<Process> nodes = new ArrayList<>();

  @AfterEach
  void stop() {
    nodes.forEach(Process::destroyForcibly);
  }

  /** Starts {@link DbSchedulerHost#main} in a JVM of its own; where its output goes. */
  private Path start(String node, PGSimpleDataSource jobs) throws Exception {
    Path output = folder.resolve(node + ".log");
    nodes.add(
        Jvm.of(
                DbSchedulerHost.class,
                folder.toString(),
                // The source leaves the user out of its URL.
                jobs.getUrl() + "&user=" + jobs.getUser())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start());
    return output;
  }

  private static List<String> firings(Path output) throws Exception {
    try (Stream<String> lines = Files.lines(output)) {
      return lines.filter(line -> line.startsWith("BackupTenantJob of tenant ")).toList();
    }
  }

  @Test
  void each_firing_runs_on_one_of_two_nodes() throws Exception {
    SampleData.createIn(folder, TENANTS);
    PGSimpleDataSource jobs = NewDatabase.create();
    DbSchedulerTable.createIn(jobs);
    Path a = start("a", jobs);
    Path b = start("b", jobs);
    await().atMost(PATIENCE).until(() -> isUp(a) && isUp(b));
    Instant firing = Clock.systemUTC().instant().plusSeconds(2);
    try (Application dashboard = Application.open(folder, Duration.ofMinutes(1), line -> {});
        DbSchedulerHost planner = new DbSchedulerHost(dashboard, jobs, Duration.ofMinutes(1))) {
      // This process plans and does not run: it is not started.
      for (int tenant = 1; tenant <= TENANTS; tenant++) {
        planner.plan(TenantId.of(tenant), firing);
      }

      await()
          .atMost(PATIENCE)
          .until(() -> firings(a).size() + firings(b).size() >= TENANTS && allPlannedAgain(jobs));
      for (int tenant = 1; tenant <= TENANTS; tenant++) {
        assertThat(dashboard.backups().restorePoints(TenantId.of(tenant))).hasSize(1);
      }
    }

    List<String> all = Stream.concat(firings(a).stream(), firings(b).stream()).toList();
    assertThat(all).hasSize(TENANTS).allMatch(line -> line.contains("Finished"));
    assertThat(all.stream().map(line -> line.split(" at ", 2)[0])).doesNotHaveDuplicates();
    assertThat(firings(a)).as("the share of node a").isNotEmpty();
    assertThat(firings(b)).as("the share of node b").isNotEmpty();
  }

  private boolean isUp(Path output) throws Exception {
    String printed = Files.readString(output);
    assertThat(nodes).as(printed).allMatch(Process::isAlive);
    return printed.contains("until Ctrl-C");
  }

  private static boolean allPlannedAgain(PGSimpleDataSource jobs) throws Exception {
    try (Connection connection = jobs.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM scheduled_tasks"
                    + " WHERE NOT picked AND last_success IS NOT NULL AND execution_time > now()")) {
      row.next();
      return row.getInt(1) == TENANTS;
    }
  }
}
