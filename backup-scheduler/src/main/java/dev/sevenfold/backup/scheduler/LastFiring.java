package dev.sevenfold.backup.scheduler;

import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.JobOutcome;
import dev.sevenfold.backup.tenant.Label;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of a job's latest attempt, as columns of its row. Not instantiated. */
final class LastFiring {

  /** Takes {@link #columns}, and then which row. */
  static final String SET =
      """
      UPDATE sevenfold_job_schedule SET
        first_fired_at = CASE WHEN first_fired_at < ? THEN first_fired_at ELSE ? END,
        last_scheduled_at = ?, last_attempt = ?, last_started_at = ?, last_ended_at = ?,
        last_outcome = ?, last_archive = ?, last_what = ?, last_advice = ?, last_retryable = ?,
        last_over = ?, progress_step = NULL, progress_unit = NULL, progress_done = NULL,
        progress_total = NULL
      """;

  private LastFiring() {}

  static @Nullable Object[] columns(FiringRecord record) {
    JobOutcome outcome = record.outcome();
    Optional<JobOutcome.Failed> failed =
        outcome instanceof JobOutcome.Failed failure ? Optional.of(failure) : Optional.empty();
    return new @Nullable Object[] {
      record.scheduledAt(),
      record.scheduledAt(),
      record.scheduledAt(),
      record.attempt(),
      record.startedAt(),
      record.endedAt(),
      word(outcome),
      archive(outcome).map(Label::value).orElse(null),
      failed.map(JobOutcome.Failed::what).orElse(null),
      failed.map(JobOutcome.Failed::advice).orElse(null),
      failed.filter(JobOutcome.Failed::worthRetrying).isPresent() ? 1 : 0,
      record.over() ? 1 : 0
    };
  }

  private static String word(JobOutcome outcome) {
    if (outcome instanceof JobOutcome.Finished) {
      return "finished";
    }
    if (outcome instanceof JobOutcome.AlreadyDone) {
      return "already done";
    }
    return outcome instanceof JobOutcome.Failed ? "failed" : "interrupted";
  }

  private static Optional<Label> archive(JobOutcome outcome) {
    if (outcome instanceof JobOutcome.AlreadyDone done) {
      return Optional.of(done.label());
    }
    return outcome instanceof JobOutcome.Finished finished ? finished.label() : Optional.empty();
  }

  static Optional<FiringRecord> read(Sql.Row row) throws SQLException {
    if (!row.has("last_outcome")) {
      return Optional.empty();
    }
    return Optional.of(
        new FiringRecord(
            row.instant("last_scheduled_at"),
            (int) row.number("last_attempt"),
            row.instant("last_started_at"),
            row.instant("last_ended_at"),
            outcome(row),
            row.flag("last_over")));
  }

  private static JobOutcome outcome(Sql.Row row) throws SQLException {
    return switch (row.text("last_outcome")) {
      case "finished" -> new JobOutcome.Finished(row.optionalText("last_archive").map(Label::parse));
      case "already done" -> new JobOutcome.AlreadyDone(Label.parse(row.text("last_archive")));
      case "failed" ->
          new JobOutcome.Failed(
              row.text("last_what"), row.text("last_advice"), row.flag("last_retryable"));
      default -> new JobOutcome.Interrupted();
    };
  }
}
