package dev.sevenfold.backup.schedule;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of {@code sevenfold_job} as claims see them. Use from one thread. */
final class ClaimRows {

  private final Sql sql;

  ClaimRows(Sql sql) {
    this.sql = sql;
  }

  /** The jobs to claim next: of each tenant that has no claim the first; see {@link JobStore}. */
  List<JobKey> due(Set<String> labels, Instant now, int limit) throws SQLException {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(now);
    values.addAll(labels);
    values.add(now);
    values.add(now);
    values.add(limit);
    return sql.query(
        """
        WITH waiting AS (
          SELECT tenant, label, name, next_due_at,
            row_number() OVER (PARTITION BY tenant ORDER BY next_due_at, label, name) AS turn,
            (SELECT max(s.served_at) FROM sevenfold_job AS s WHERE s.tenant = j.tenant) AS served
          FROM sevenfold_job AS j
          WHERE claim_token IS NULL AND next_due_at <= ? AND label IN (%s)
            AND NOT EXISTS (SELECT 1 FROM sevenfold_job AS c
              WHERE c.tenant = j.tenant AND c.claim_token IS NOT NULL))
        SELECT tenant, label, name FROM waiting WHERE turn = 1
        ORDER BY CASE WHEN served > ? THEN ? ELSE max(next_due_at, ifnull(served, next_due_at)) END,
          tenant
        LIMIT ?
        """
            .formatted(String.join(", ", Collections.nCopies(labels.size(), "?"))),
        JobRows::key,
        values.toArray());
  }

  Claim claim(JobKey key, String token, String node, Instant now) throws SQLException {
    sql.update(
        """
        UPDATE sevenfold_job SET revision = revision + 1, served_at = ?,
          claim_token = ?, claim_node = ?, claim_scheduled_at = next_scheduled_at,
          claim_attempt = next_attempt, claim_started_at = ?, claim_beats = 0,
          next_scheduled_at = NULL, next_due_at = NULL, next_attempt = NULL,
          next_superseded_at = NULL, next_planned_at = NULL
        WHERE tenant = ? AND label = ? AND name = ?
        """,
        now,
        token,
        node,
        now,
        JobRows.tenant(key),
        key.label(),
        key.name());
    return with(token).orElseThrow();
  }

  private Optional<Claim> with(String token) throws SQLException {
    return sql
        .query("SELECT * FROM sevenfold_job WHERE claim_token = ?", JobRows::claim, token)
        .stream()
        .findFirst();
  }

  List<Claim> all() throws SQLException {
    return sql.query(
        "SELECT * FROM sevenfold_job WHERE claim_token IS NOT NULL ORDER BY tenant, label, name",
        JobRows::claim);
  }

  Optional<Claim> takeOver(Claim seen, String token, String node, Instant now) throws SQLException {
    int rows =
        sql.update(
            """
            UPDATE sevenfold_job SET revision = revision + 1, claim_token = ?, claim_node = ?,
              claim_attempt = claim_attempt + 1, claim_started_at = ?, claim_beats = 0,
              progress_step = NULL, progress_unit = NULL, progress_done = NULL,
              progress_total = NULL
            WHERE claim_token = ? AND claim_beats = ?
            """,
            token,
            node,
            now,
            seen.token(),
            seen.beats());
    return rows == 1 ? with(token) : Optional.empty();
  }

  boolean beat(Claim claim, Optional<JobProgress> progress) throws SQLException {
    return sql.update(
            """
            UPDATE sevenfold_job SET claim_beats = claim_beats + 1, progress_step = ?,
              progress_unit = ?, progress_done = ?, progress_total = ?
            WHERE claim_token = ?
            """,
            progress.map(JobProgress::step).orElse(null),
            progress.map(at -> at.unit().name()).orElse(null),
            progress.map(JobProgress::done).orElse(null),
            progress.map(JobProgress::total).orElse(null),
            claim.token())
        == 1;
  }

  /** Ends a claim and keeps what comes next, if the job has not changed since it was planned. */
  boolean end(Claim claim, long revision, Optional<PlannedFiring> next) throws SQLException {
    return sql.update(
            """
            UPDATE sevenfold_job SET revision = revision + 1, next_scheduled_at = ?,
              next_due_at = ?, next_attempt = ?, next_superseded_at = ?, next_planned_at = ?,
              claim_token = NULL, claim_node = NULL, claim_scheduled_at = NULL,
              claim_attempt = NULL, claim_started_at = NULL, claim_beats = NULL,
              progress_step = NULL, progress_unit = NULL, progress_done = NULL,
              progress_total = NULL
            WHERE claim_token = ? AND revision = ?
            """,
            next.map(PlannedFiring::scheduledAt).orElse(null),
            next.map(PlannedFiring::dueAt).orElse(null),
            next.map(PlannedFiring::attempt).orElse(null),
            next.flatMap(PlannedFiring::supersededAt).orElse(null),
            next.map(PlannedFiring::plannedAt).orElse(null),
            claim.token(),
            revision)
        == 1;
  }
}
