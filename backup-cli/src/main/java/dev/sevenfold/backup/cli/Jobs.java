package dev.sevenfold.backup.cli;

import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.config.JobSettings;
import dev.sevenfold.backup.memory.InMemoryJobStore;
import dev.sevenfold.backup.schedule.BackupScheduler;
import dev.sevenfold.backup.schedule.BackupSchedulerBuilder;
import dev.sevenfold.backup.schedule.JobStore;
import dev.sevenfold.backup.schedule.MisfirePolicy;
import dev.sevenfold.backup.schedule.SqliteJobStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** Sets the scheduler up as the config file says. */
final class Jobs {

  private Jobs() {}

  /** The schedules, in their file, which is made if there is none. */
  static JobStore open(Config config) {
    NativeLibrary.prepare(config);
    return SqliteJobStore.open(config.jobs().database());
  }

  /** The schedules, to look at: where there is no file, there are none, and none is made. */
  static JobStore openToRead(Config config) {
    Path database = config.jobs().database();
    return Files.exists(database) ? open(config) : new InMemoryJobStore();
  }

  static BackupSchedulerBuilder scheduler(Config config, JobStore store) {
    JobSettings jobs = config.jobs();
    return BackupScheduler.builder(store)
        .minimumInterval(jobs.minimumInterval())
        .jitter(jobs.jitter())
        .concurrency(jobs.concurrency())
        .misfire(jobs.skipMissed() ? MisfirePolicy.SKIP : MisfirePolicy.RUN_ONCE);
  }

  /** Lends a scheduler that is not started: enough to set and to look at schedules. */
  static <T> T with(Config config, JobStore store, Function<BackupScheduler, T> work) {
    try (store;
        BackupScheduler scheduler = scheduler(config, store).build()) {
      return work.apply(scheduler);
    }
  }
}
