package dev.sevenfold.backup.cli.run;

import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.config.JobSettings;
import dev.sevenfold.backup.scheduler.BackupScheduler;
import dev.sevenfold.backup.scheduler.BackupSchedulerBuilder;
import dev.sevenfold.backup.scheduler.MisfirePolicy;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Function;

/** Sets the scheduler up as the config file says. */
public final class Jobs {

  private Jobs() {}

  /** With the schedules in their file, which is made if there is none. */
  public static BackupSchedulerBuilder configured(Config config) {
    NativeLibrary.prepare(config);
    JobSettings jobs = config.jobs();
    return BackupScheduler.builder(jobs.database())
        .minimumInterval(jobs.minimumInterval())
        .jitter(jobs.jitter())
        .concurrency(jobs.concurrency())
        .misfire(jobs.skipMissed() ? MisfirePolicy.SKIP : MisfirePolicy.RUN_ONCE);
  }

  public static BackupScheduler open(BackupSchedulerBuilder configured, Shell shell) {
    BackupScheduler scheduler = configured.build();
    scheduler.takenOver().ifPresent(note -> shell.complain("sevenfold: " + note));
    return scheduler;
  }

  /** Lends a scheduler that is not started: enough to set and to look at schedules. */
  public static <T> T with(Config config, Shell shell, Function<BackupScheduler, T> work) {
    try (BackupScheduler scheduler = open(configured(config), shell)) {
      return work.apply(scheduler);
    }
  }

  /** Lends one to look at; where there is no file, there is none, and no file is made. */
  public static <T> T look(
      Config config, Shell shell, Function<Optional<BackupScheduler>, T> work) {
    return Files.exists(config.jobs().database())
        ? with(config, shell, scheduler -> work.apply(Optional.of(scheduler)))
        : work.apply(Optional.empty());
  }
}
