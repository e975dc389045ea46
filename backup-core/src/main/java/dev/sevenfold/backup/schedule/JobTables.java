package dev.sevenfold.backup.schedule;

import dev.sevenfold.backup.error.OperationFailed;
import java.sql.SQLException;
import java.util.List;

/** Makes the tables that hold the jobs, and brings them up to date. Not instantiated. */
final class JobTables {

  /**
   * What each version adds to the one before. Never change a step that was released: add one.
   * Instants are milliseconds since 1970.
   */
  private static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              CREATE TABLE sevenfold_job (
                id INTEGER PRIMARY KEY,
                tenant TEXT NOT NULL,  -- empty: the system
                label TEXT NOT NULL,
                name TEXT NOT NULL,
                arguments TEXT NOT NULL,
                expression TEXT,
                zone TEXT,
                active INTEGER NOT NULL,
                revision INTEGER NOT NULL,
                served_at INTEGER,
                next_scheduled_at INTEGER,
                next_due_at INTEGER,
                next_attempt INTEGER,
                next_superseded_at INTEGER,
                next_planned_at INTEGER,
                claim_token TEXT,
                claim_node TEXT,
                claim_scheduled_at INTEGER,
                claim_attempt INTEGER,
                claim_started_at INTEGER,
                claim_beats INTEGER,
                progress_step TEXT,
                progress_unit TEXT,
                progress_done INTEGER,
                progress_total INTEGER,
                UNIQUE (tenant, label, name)
              ) STRICT
              """,
              """
              CREATE INDEX sevenfold_job_next ON sevenfold_job (next_due_at)
              WHERE claim_token IS NULL AND next_due_at IS NOT NULL
              """,
              """
              CREATE INDEX sevenfold_job_claim ON sevenfold_job (tenant)
              WHERE claim_token IS NOT NULL
              """,
              """
              CREATE TABLE sevenfold_job_firing (
                id INTEGER PRIMARY KEY AUTOINCREMENT,  -- in the order of recording
                job_id INTEGER NOT NULL,
                scheduled_at INTEGER NOT NULL,
                attempt INTEGER NOT NULL,
                started_at INTEGER NOT NULL,
                ended_at INTEGER NOT NULL,
                outcome TEXT NOT NULL,
                archive TEXT,
                what TEXT,
                advice TEXT,
                retryable INTEGER NOT NULL,
                over INTEGER NOT NULL,
                UNIQUE (job_id, scheduled_at)
              ) STRICT
              """,
              "CREATE INDEX sevenfold_job_firing_latest ON sevenfold_job_firing (job_id, id)",
              """
              CREATE TABLE sevenfold_job_scheduler (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                alive_at INTEGER NOT NULL
              ) STRICT
              """));

  private JobTables() {}

  /** Runs inside a write transaction: of two processes that start at once, one does the work. */
  static int migrate(Sql sql) throws SQLException {
    sql.execute(
        """
        CREATE TABLE IF NOT EXISTS sevenfold_job_version (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          version INTEGER NOT NULL
        ) STRICT
        """);
    int version =
        sql
            .query("SELECT version FROM sevenfold_job_version", row -> row.number("version"))
            .stream()
            .findFirst()
            .orElse(0L)
            .intValue();
    if (version > STEPS.size()) {
      throw new OperationFailed(
          "The tables sevenfold_job… have version "
              + version
              + "; this version of Sevenfold knows them up to "
              + STEPS.size(),
          "Run the version of Sevenfold that made them, or a later one");
    }
    for (List<String> step : STEPS.subList(version, STEPS.size())) {
      for (String statement : step) {
        sql.execute(statement);
      }
    }
    sql.update(
        """
        INSERT INTO sevenfold_job_version (id, version) VALUES (1, ?)
        ON CONFLICT (id) DO UPDATE SET version = excluded.version
        """,
        STEPS.size());
    return STEPS.size();
  }
}
