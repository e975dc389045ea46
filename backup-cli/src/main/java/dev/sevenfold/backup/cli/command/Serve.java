package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.BackupHealth;
import dev.sevenfold.backup.BackupJobs;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.output.Outcomes;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Jobs;
import dev.sevenfold.backup.cli.run.Services;
import dev.sevenfold.backup.cli.run.Shell;
import dev.sevenfold.backup.cli.run.StopSignal;
import dev.sevenfold.backup.cli.run.Work;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.DrillJob;
import dev.sevenfold.backup.job.Firing;
import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.PlannedFiring;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.BackupStatus;
import dev.sevenfold.backup.scheduler.BackupScheduler;
import dev.sevenfold.backup.scheduler.BackupSchedulerBuilder;
import dev.sevenfold.backup.scheduler.SchedulerListener;
import dev.sevenfold.backup.tenant.Label;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code serve}: makes the backups that are scheduled, until it is told to stop. */
@Command(
    name = "serve",
    description = "Makes the scheduled backups, in the foreground, until SIGTERM or Ctrl-C.")
public final class Serve implements Callable<Integer> {

  /** How long a backup that runs may go on after the signal. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  /** Stack traces of firings that failed: off in simplelogger.properties. */
  private static final String FAILURES_LOG =
      "org.slf4j.simpleLogger.log.dev.sevenfold.backup.job.HostedJob";

  private static final Duration BETWEEN_HEALTH_CHECKS = Duration.ofMinutes(5);

  @Mixin ConfigContext context;

  @Override
  public Integer call() {
    if (context.debug()) {
      // Read when the library makes its logger, which is later.
      System.setProperty(FAILURES_LOG, "warn");
    }
    Config config = context.anyConfig();
    Shell shell = context.shell();
    try (StopSignal stop = StopSignal.listening()) {
      Work work = context.work();
      Alarm alarm = new Alarm(shell);
      return config.hasTenants()
          ? work.quietlyOn(
              config,
              Services::everything,
              alarm,
              all -> serve(config, BackupJobs.of(all), BackupHealth.builder(all), stop))
          : work.quietlyOn(
              config,
              Services::system,
              alarm,
              all -> serve(config, BackupJobs.of(all), BackupHealth.builder(all), stop));
    }
  }

  private int serve(Config config, BackupJobs jobs, BackupHealth.Builder health, StopSignal stop) {
    BackupSchedulerBuilder builder =
        Jobs.configured(config)
            .stopGrace(GRACE)
            .job(jobs.drill())
            .listener(new FiringLog(context.shell()));
    if (config.hasTenants()) {
      builder.job(jobs.backupTenant()).job(jobs.restoreTenant());
    }
    if (config.system().isPresent()) {
      builder.job(jobs.backupSystem());
    }
    try (BackupScheduler scheduler = Jobs.open(builder, context.shell())) {
      setDrill(scheduler, config.jobs().drill());
      scheduler.start();
      context
          .shell()
          .print(
              "serving %s schedules of %s until SIGTERM or Ctrl-C"
                  .formatted(scheduler.jobs().size(), config.jobs().database()));
      watch(health.scheduler(scheduler).build(), stop);
      boolean ended = scheduler.stop();
      context.shell().print(ended ? "stopped" : "stopped; what ran is to be run again");
    }
    return ExitCode.DONE;
  }

  /**
   * The file decides; what it says already is left alone, so that a drill that was missed is run.
   */
  private static void setDrill(BackupScheduler scheduler, Optional<CronSchedule> schedule) {
    Job drill = DrillJob.job();
    Optional<CronSchedule> known =
        scheduler.find(drill.key()).flatMap(stored -> stored.job().schedule());
    if (schedule.isEmpty()) {
      scheduler.remove(drill.key());
    } else if (!known.equals(schedule)) {
      scheduler.set(drill.on(schedule.get()));
    }
  }

  /** Looks after the backups until the signal, or until the thread is interrupted. */
  private void watch(BackupHealth health, StopSignal stop) {
    boolean failing = false;
    Optional<String> lost = Optional.empty();
    try {
      do {
        try {
          Optional<String> lostNow = health.check().lostRows();
          if (!lostNow.equals(lost)) {
            lostNow.ifPresent(what -> context.shell().warn(what + "; tenant check lists them"));
          }
          lost = lostNow;
          failing = false;
        } catch (BackupException e) {
          if (!failing) {
            context.shell().warn("the backups cannot be looked at: " + e.what());
          }
          failing = true;
        }
      } while (!stop.await(BETWEEN_HEALTH_CHECKS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says once for each firing how it ended; an attempt that is followed by another one says so. */
  private record FiringLog(Shell shell) implements SchedulerListener {

    @Override
    public void ended(Firing firing, FiringRecord record) {
      shell.print(
          record.endedAt()
              + " "
              + firing
              + ": "
              + Outcomes.inWords(record.outcome())
              + (record.over() ? "" : " (attempt " + record.attempt() + ", to be tried again)"));
    }

    @Override
    public void skipped(Job job, PlannedFiring missed) {
      shell.print(missed.dueAt() + " " + job.firing(missed.scheduledAt()) + ": missed, skipped");
    }
  }

  /** Warns of what is overdue, once for each time, and of archives that went bad. */
  private record Alarm(Shell shell) implements BackupListener {
    @Override
    public void backupOverdue(BackupStatus status) {
      shell.warn(status.toString());
    }

    @Override
    public void drillFailed(Label label, BackupException failure) {
      shell.warn(label + " could not be verified again: " + failure.what());
    }
  }
}
