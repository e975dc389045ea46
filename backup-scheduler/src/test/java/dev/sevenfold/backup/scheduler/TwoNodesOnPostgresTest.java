package dev.sevenfold.backup.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.JobState;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Two nodes of a cluster, whose jobs are in one PostgreSQL. */
class TwoNodesOnPostgresTest {

  private static final int TENANTS = 60;

  private final DataSource jobs = PostgresJobs.create();
  private final RecordingJob work = new RecordingJob();

  private BackupScheduler node() {
    return BackupScheduler.builder(jobs).job(work).pollInterval(Duration.ofMillis(20)).build();
  }

  @Test
  void that_start_at_once_make_one_set_of_tables_and_run_each_firing_once()
      throws InterruptedException, ExecutionException {
    CompletableFuture<BackupScheduler> second = CompletableFuture.supplyAsync(this::node);
    try (BackupScheduler one = node();
        BackupScheduler other = second.get()) {
      for (int tenant = 0; tenant < TENANTS; tenant++) {
        one.submit(BackupTenantJob.forTenant(TenantId.of(tenant)));
      }
      one.start();
      other.start();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> one.jobs().stream().allMatch(job -> job.state() == JobState.FINISHED));
    }

    assertThat(work.firings()).hasSize(TENANTS).doesNotHaveDuplicates();
  }
}
