package dev.sevenfold.backup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BackupTenantJobTest {

  private static final TenantId TENANT = TenantId.of(42);
  private static final Instant SCHEDULED = Instant.parse("2026-11-24T01:01:00Z");
  private static final Firing FIRING = BackupTenantJob.forTenant(TENANT).firing(SCHEDULED);

  private final ManualTime time = new ManualTime(SCHEDULED.plusSeconds(90));
  private final NavigableMap<Instant, Label> archives =
      Collections.synchronizedNavigableMap(new TreeMap<>());
  private final BackupTenantJob job =
      BackupTenantJob.of((tenant, progress) -> backUp(tenant), this::newest, time);

  private Label backUp(TenantId tenant) {
    Label label = TenantLabeler.utc().backup(tenant, time.instant());
    archives.put(time.instant(), label);
    return label;
  }

  private Optional<Label> newest(TenantId tenant, Instant from, Instant until) {
    NavigableMap<Instant, Label> between = archives.subMap(from, true, until, true);
    return Optional.ofNullable(between.lastEntry()).map(Map.Entry::getValue);
  }

  private BackupTenantJob failing(Exception failure) {
    return BackupTenantJob.of(
        (tenant, progress) -> {
          throw failure;
        },
        this::newest,
        time);
  }

  @Test
  void backs_up_the_tenant_and_names_the_archive() {
    Label label = Label.parse("tenant_42_20261124010230");

    assertThat(job.run(FIRING)).isEqualTo(new JobOutcome.Finished(Optional.of(label)));
  }

  @Test
  void a_retry_of_the_same_firing_makes_no_second_backup() {
    job.run(FIRING);
    time.pass(Duration.ofMinutes(5));

    JobOutcome second = job.run(FIRING);

    assertThat(second)
        .isEqualTo(new JobOutcome.AlreadyDone(Label.parse("tenant_42_20261124010230")));
    assertThat(archives).hasSize(1);
  }

  @Test
  void the_next_firing_makes_another() {
    job.run(FIRING);
    time.pass(Duration.ofDays(1));

    job.run(BackupTenantJob.forTenant(TENANT).firing(SCHEDULED.plus(Duration.ofDays(1))));

    assertThat(archives).hasSize(2);
  }

  @Test
  void an_archive_of_the_future_serves_no_firing() {
    // Made while the clock was four years ahead: it must not stop the backups of four years.
    archives.put(Instant.parse("2030-01-01T00:00:00Z"), Label.parse("tenant_42_20300101000000"));

    assertThat(job.run(FIRING)).isInstanceOf(JobOutcome.Finished.class);
  }

  @Test
  void two_calls_for_one_firing_at_the_same_time_make_one_backup() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    BackupTenantJob slow =
        BackupTenantJob.of(
            (tenant, progress) -> {
              both.await();
              return backUp(tenant);
            },
            this::newest,
            time);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<JobOutcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        outcomes.add(
            threads.submit(
                () -> {
                  both.countDown();
                  return slow.run(FIRING);
                }));
      }
      List<Class<?>> kinds = new ArrayList<>();
      for (Future<JobOutcome> outcome : outcomes) {
        kinds.add(outcome.get().getClass());
      }

      assertThat(kinds)
          .containsExactlyInAnyOrder(JobOutcome.Finished.class, JobOutcome.AlreadyDone.class);
      assertThat(archives).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void a_failure_is_an_outcome_that_says_what_to_do_and_whether_to_try_again() {
    assertThat(failing(new StoreUnavailable("The disk is full", "Make room")).run(FIRING))
        .isEqualTo(new JobOutcome.Failed("The disk is full", "Make room", true));
    assertThat(failing(new BackupRefused("No tenant 42", List.of(), "Look")).run(FIRING))
        .isEqualTo(new JobOutcome.Failed("No tenant 42", "Look", false));
  }

  @Test
  void an_unexpected_failure_shows_its_type_and_not_its_message() {
    JobOutcome outcome = failing(new IllegalStateException("password=hunter2")).run(FIRING);

    assertThat(outcome).isInstanceOf(JobOutcome.Failed.class);
    assertThat(outcome.toString())
        .contains("java.lang.IllegalStateException")
        .doesNotContain("hunter2");
  }

  @Test
  void an_interrupt_ends_the_work_and_is_kept() {
    BackupTenantJob interrupted =
        BackupTenantJob.of(
            (tenant, progress) -> {
              Thread.currentThread().interrupt();
              throw new StoreUnavailable("The upload was cut", "Try again");
            },
            this::newest,
            time);

    assertThat(interrupted.run(FIRING)).isEqualTo(new JobOutcome.Interrupted());
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    // And a thread that is interrupted already does not begin.
    assertThat(job.run(FIRING)).isEqualTo(new JobOutcome.Interrupted());
    assertThat(Thread.interrupted()).isTrue();
    assertThat(archives).isEmpty();
  }

  @Test
  void passes_the_progress_of_the_work_on() {
    List<JobProgress> heard = new ArrayList<>();
    BackupTenantJob reporting =
        BackupTenantJob.of(
            (tenant, progress) -> {
              progress.report("extract", Progress.Unit.TABLES, 1, 2);
              return backUp(tenant);
            },
            this::newest,
            time);

    reporting.run(
        FIRING, (step, unit, done, total) -> heard.add(new JobProgress(step, unit, done, total)));

    assertThat(heard).containsExactly(new JobProgress("extract", Progress.Unit.TABLES, 1, 2));
  }

  @Test
  void refuses_the_firing_of_another_job() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> job.run(SystemBackupJob.job().firing(SCHEDULED)))
        .withMessageContaining("SystemBackupJob of the system")
        .withMessageContaining("BackupTenantJob");
  }
}
