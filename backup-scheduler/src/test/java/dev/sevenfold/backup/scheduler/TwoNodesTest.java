package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobState;
import dev.sevenfold.backup.job.ScheduledJob;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.testkit.MutableClock;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two schedulers on one SQLite file, in one process and in two. */
class TwoNodesTest {

  private static final int TENANTS = 60;

  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> printed = new ConcurrentLinkedQueue<>();

  private Path file() {
    return folder.resolve("jobs.sqlite3");
  }

  @AfterEach
  void killWhatIsLeft() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  private static Job request(int tenant) {
    return BackupTenantJob.forTenant(TenantId.of(tenant));
  }

  @Test
  void two_schedulers_in_turn_run_each_firing_once() {
    MutableClock time = MutableClock.at("2026-11-23T00:00:00Z");
    RecordingJob work = new RecordingJob();
    try (Nights one =
            Nights.of(BackupScheduler.builder(file()), time, builder -> builder.job(work));
        Nights other =
            Nights.of(BackupScheduler.builder(file()), time, builder -> builder.job(work))) {
      for (int tenant = 0; tenant < 10; tenant++) {
        one.scheduler()
            .set(request(tenant).on(CronSchedule.parse(tenant + " 1 * * *", ZoneOffset.UTC)));
      }
      while (time.instant().isBefore(Instant.parse("2026-11-26T00:00:00Z"))) {
        one.tick(Duration.ofMinutes(5));
        other.tick(Duration.ofMinutes(5));
      }
    }

    assertThat(work.firings()).hasSize(30).doesNotHaveDuplicates();
  }

  @Test
  void two_schedulers_at_once_run_each_firing_once() {
    RecordingJob work = new RecordingJob();
    try (BackupScheduler one = quick(work);
        BackupScheduler other = quick(work)) {
      for (int tenant = 0; tenant < TENANTS; tenant++) {
        one.submit(request(tenant));
      }
      one.start();
      other.start();
      await().until(() -> allFinished(one));
    }

    assertThat(work.firings()).hasSize(TENANTS).doesNotHaveDuplicates();
  }

  private BackupScheduler quick(ScheduledJob work) {
    return BackupScheduler.builder(file()).job(work).pollInterval(Duration.ofMillis(10)).build();
  }

  private static boolean allFinished(BackupScheduler scheduler) {
    return scheduler.jobs().stream().allMatch(job -> job.state() == JobState.FINISHED);
  }

  @Test
  void two_processes_run_each_firing_once() throws Exception {
    try (BackupScheduler planner = BackupScheduler.builder(file()).build()) {
      start("one", "work");
      start("two", "work");
      await().atMost(Duration.ofMinutes(1)).until(() -> started("one") && started("two"));
      for (int tenant = 0; tenant < TENANTS; tenant++) {
        planner.submit(request(tenant));
      }
      await().atMost(Duration.ofMinutes(1)).until(() -> allFinished(planner));
    }

    await().until(() -> runs().size() >= TENANTS);
    assertThat(runs()).hasSize(TENANTS).doesNotHaveDuplicates();
  }

  @Test
  void the_firing_of_a_killed_process_is_run_by_another() throws Exception {
    try (BackupScheduler planner = BackupScheduler.builder(file()).build()) {
      planner.submit(request(1));
      Process killed = start("killed", "hang");
      await().atMost(Duration.ofMinutes(1)).until(() -> runs().size() == 1);

      killed.destroyForcibly().waitFor();
      start("heir", "work");

      await().atMost(Duration.ofMinutes(1)).until(() -> allFinished(planner));
      FiringRecord record = planner.find(request(1).key()).orElseThrow().last().orElseThrow();
      assertThat(record.attempt()).isEqualTo(2);
    }
    await().until(() -> runs().size() == 2);
    // The same firing: the same tenant at the same instant.
    assertThat(List.copyOf(runs()).get(1)).isEqualTo(List.copyOf(runs()).get(0));
  }

  private boolean started(String node) {
    return printed.contains("started " + node);
  }

  private List<String> runs() {
    return printed.stream().filter(line -> line.startsWith("run ")).toList();
  }

  private Process start(String node, String mode) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp",
                System.getProperty("java.class.path"),
                SchedulerProcess.class.getName(),
                file().toString(),
                node,
                mode)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .directory(new File("."))
            .start();
    processes.add(process);
    Thread reader = new Thread(() -> read(process), "output of " + node);
    reader.setDaemon(true);
    reader.start();
    return process;
  }

  private void read(Process process) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(printed::add);
    } catch (IOException | UncheckedIOException e) {
      // Killed: what it had printed is there.
      printed.add("ended");
    }
  }
}
