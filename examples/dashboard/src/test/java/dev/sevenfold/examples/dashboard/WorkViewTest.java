package dev.sevenfold.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.job.BackupTenantJob;
import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobKey;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.RestoreTenantJob;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkViewTest {

  private static final TenantId FIRM = TenantId.of(1);
  private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
  private static final Words WORDS = new Words(Clock.fixed(NOW, ZoneOffset.UTC), ZoneOffset.UTC);
  private static final Job NIGHTLY = BackupTenantJob.forTenant(FIRM);
  private static final Job BY_HAND =
      Job.of(JobKey.of(BackupTenantJob.LABEL, FIRM).named("by-hand"));
  private static final Job RESTORE =
      RestoreTenantJob.forTenant(FIRM, Label.parse("tenant_1_20261123000000"));

  private static final JobOutcome BUSY = new JobOutcome.Failed("Locked", "Wait", true);
  private static final JobOutcome REFUSED = new JobOutcome.Failed("Taken", "Look", false);
  private static final JobOutcome DONE = new JobOutcome.Finished(Optional.empty());

  private static JobStatus ended(Job job, Duration ago, JobOutcome outcome) {
    Instant at = NOW.minus(ago);
    FiringRecord last = new FiringRecord(at, 1, at, at, outcome, true);
    return new JobStatus(
        job, Optional.empty(), Optional.empty(), Optional.of(last), Optional.empty());
  }

  private static WorkView view(JobStatus... jobs) {
    return WorkView.of(List.of(jobs), NOW, WORDS);
  }

  @Test
  void a_backup_that_failed_at_night_is_still_told_in_the_morning() {
    WorkView view = view(ended(NIGHTLY, Duration.ofHours(7), REFUSED));

    assertThat(view.bad()).isTrue();
    assertThat(view.title()).isEqualTo("The backup did not succeed");
    assertThat(view.text()).contains("7 hours ago", "Support sees the reason");
  }

  @Test
  void a_backup_that_succeeded_since_is_the_end_of_it() {
    WorkView view =
        view(
            ended(NIGHTLY, Duration.ofHours(7), REFUSED),
            ended(BY_HAND, Duration.ofHours(2), DONE));

    assertThat(view.bad()).isFalse();
    assertThat(view.good()).isFalse();
  }

  @Test
  void a_restore_that_failed_is_no_news_after_an_hour() {
    assertThat(view(ended(RESTORE, Duration.ofMinutes(50), REFUSED)).bad()).isTrue();
    assertThat(view(ended(RESTORE, Duration.ofMinutes(70), REFUSED)).bad()).isFalse();
  }

  @Test
  void says_whether_to_try_again_or_to_look() {
    assertThat(view(ended(RESTORE, Duration.ofMinutes(1), BUSY)).text())
        .contains("Try again in a few minutes");
    assertThat(view(ended(RESTORE, Duration.ofMinutes(1), REFUSED)).text())
        .contains("Choose Preview to see what stands in the way");
  }
}
