package dev.sevenfold.backup.schedule;

import dev.sevenfold.backup.tenant.Label;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of {@code sevenfold_job_firing}: what became of firings. Use from one thread. */
final class FiringRows {

  private static final String OF_JOB =
      "job_id = (SELECT id FROM sevenfold_job WHERE tenant = ? AND label = ? AND name = ?)";

  private final Sql sql;

  FiringRows(Sql sql) {
    this.sql = sql;
  }

  /** Records the latest attempt at a firing in place of the earlier ones. */
  void record(JobKey key, FiringRecord record) throws SQLException {
    Columns columns = Columns.of(record.outcome());
    // Replaced, so that it gets a new id and is the latest.
    sql.update(
        """
        INSERT OR REPLACE INTO sevenfold_job_firing (job_id, scheduled_at, attempt, started_at,
          ended_at, outcome, archive, what, advice, retryable, over)
        SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM sevenfold_job
        WHERE tenant = ? AND label = ? AND name = ?
        """,
        record.scheduledAt(),
        record.attempt(),
        record.startedAt(),
        record.endedAt(),
        columns.outcome(),
        columns.archive(),
        columns.what(),
        columns.advice(),
        columns.retryable(),
        record.over(),
        JobRows.tenant(key),
        key.label(),
        key.name());
    forgetOldest(key);
  }

  private void forgetOldest(JobKey key) throws SQLException {
    sql.update(
        """
        WITH firing AS (
          SELECT f.id, f.scheduled_at FROM sevenfold_job_firing AS f
          JOIN sevenfold_job AS j ON j.id = f.job_id
          WHERE j.tenant = ? AND j.label = ? AND j.name = ?),
        latest AS (SELECT scheduled_at FROM firing ORDER BY id DESC LIMIT ?)
        DELETE FROM sevenfold_job_firing WHERE id IN
          (SELECT id FROM firing WHERE scheduled_at < (SELECT min(scheduled_at) FROM latest))
        """,
        JobRows.tenant(key),
        key.label(),
        key.name(),
        JobStore.KEPT_FIRINGS);
  }

  List<FiringRecord> latest(JobKey key, int limit) throws SQLException {
    return sql.query(
        "SELECT * FROM sevenfold_job_firing WHERE " + OF_JOB + " ORDER BY id DESC LIMIT ?",
        FiringRows::read,
        JobRows.tenant(key),
        key.label(),
        key.name(),
        limit);
  }

  boolean isOver(JobKey key, Instant scheduledAt) throws SQLException {
    return !sql.query(
            "SELECT 1 FROM sevenfold_job_firing WHERE " + OF_JOB + " AND scheduled_at = ? AND over",
            row -> row,
            JobRows.tenant(key),
            key.label(),
            key.name(),
            scheduledAt)
        .isEmpty();
  }

  static FiringRecord read(Sql.Row row) throws SQLException {
    return new FiringRecord(
        row.instant("scheduled_at"),
        (int) row.number("attempt"),
        row.instant("started_at"),
        row.instant("ended_at"),
        outcome(row),
        row.flag("over"));
  }

  private static JobOutcome outcome(Sql.Row row) throws SQLException {
    return switch (row.text("outcome")) {
      case "finished" -> new JobOutcome.Finished(row.optionalText("archive").map(Label::parse));
      case "already done" -> new JobOutcome.AlreadyDone(Label.parse(row.text("archive")));
      case "failed" ->
          new JobOutcome.Failed(row.text("what"), row.text("advice"), row.flag("retryable"));
      default -> new JobOutcome.Interrupted();
    };
  }

  /** An outcome as columns. */
  private record Columns(
      String outcome,
      @Nullable String archive,
      @Nullable String what,
      @Nullable String advice,
      boolean retryable) {

    static Columns of(JobOutcome outcome) {
      if (outcome instanceof JobOutcome.Finished finished) {
        Optional<String> label = finished.label().map(Label::value);
        return new Columns("finished", label.orElse(null), null, null, false);
      }
      if (outcome instanceof JobOutcome.AlreadyDone done) {
        return new Columns("already done", done.label().value(), null, null, false);
      }
      if (outcome instanceof JobOutcome.Failed failed) {
        return new Columns("failed", null, failed.what(), failed.advice(), failed.worthRetrying());
      }
      return new Columns("interrupted", null, null, null, true);
    }
  }
}
