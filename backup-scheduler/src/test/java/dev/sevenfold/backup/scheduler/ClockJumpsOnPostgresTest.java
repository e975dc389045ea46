package dev.sevenfold.backup.scheduler;

import javax.sql.DataSource;

/** What holds on SQLite, on PostgreSQL. */
class ClockJumpsOnPostgresTest extends ClockJumpsTest {

  private final DataSource jobs = PostgresJobs.create();

  @Override
  BackupSchedulerBuilder builder() {
    return BackupScheduler.builder(jobs);
  }
}
