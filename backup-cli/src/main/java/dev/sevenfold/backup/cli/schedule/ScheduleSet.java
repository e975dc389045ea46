package dev.sevenfold.backup.cli.schedule;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.run.Arguments;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Jobs;
import dev.sevenfold.backup.cli.run.Services;
import dev.sevenfold.backup.cli.run.Systems;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobArguments;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.PlannedFiring;
import dev.sevenfold.backup.scheduler.BackupScheduler;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code schedule set}: when a tenant, or the system, is backed up. */
@Command(
    name = "set",
    description =
        "Sets when a tenant, or the system, is backed up; the last line is the next time.")
final class ScheduleSet implements Callable<Integer> {

  @Mixin ConfigContext context;

  @ArgGroup(multiplicity = "1")
  ScheduleOwner owner;

  @Option(
      names = "--cron",
      required = true,
      paramLabel = "EXPR",
      description = "Five fields, as in crontab: \"1 1 * * 2-6\".")
  String cron;

  @Option(
      names = "--zone",
      paramLabel = "Z",
      description = "The time zone. Default: that of the key labels, or UTC.")
  @Nullable ZoneId zone;

  @Option(
      names = "--arguments",
      defaultValue = "",
      paramLabel = "KEY:VALUE,…",
      description = "Kept with the job for the application: controller:background_jobs.")
  String arguments;

  @Option(names = "--inactive", description = "Keep the schedule, and do not fire for now.")
  boolean inactive;

  @Override
  public Integer call() {
    Config config = context.config();
    ZoneId in = zone == null ? config.zone() : zone;
    CronSchedule schedule = Arguments.read(() -> CronSchedule.parse(cron, in));
    JobArguments with = Arguments.read(() -> JobArguments.parse(arguments));
    Job job = ScheduleOwner.job(requireOwner(config)).on(schedule).with(with).withActive(!inactive);
    JobStatus stored = Jobs.with(config, context.shell(), scheduler -> set(scheduler, job));
    context.shell().print(schedule.describe(Locale.ENGLISH) + ", " + schedule.zone());
    context
        .shell()
        .print(
            stored
                .next()
                .map(PlannedFiring::scheduledAt)
                .map(
                    at -> DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at.atZone(schedule.zone())))
                .orElse("inactive"));
    return ExitCode.DONE;
  }

  private @Nullable TenantId requireOwner(Config config) {
    TenantId tenant = owner.tenant;
    if (tenant == null) {
      Systems.require(config);
      return null;
    }
    return context
        .work()
        .on(context.tenantConfig(), Services::tenants, backups -> requireTenant(backups, tenant));
  }

  private static TenantId requireTenant(BackupService backups, TenantId tenant) {
    TenantId id = backups.canonical(tenant);
    if (!backups.tenants().contains(id)) {
      throw new BackupRefused(
          "There is no tenant " + tenant,
          List.of(),
          backups
              .missing(id)
              .map(missing -> "Nothing was set. " + missing.advice())
              .orElse("Nothing was set; there are archives of it alone. Restore it first"));
    }
    return id;
  }

  private static JobStatus set(BackupScheduler scheduler, Job job) {
    try {
      scheduler.set(job);
    } catch (IllegalArgumentException e) {
      throw new BackupRefused(
          String.valueOf(e.getMessage()), List.of(), "Nothing was set; the key jobs has the limit");
    }
    return scheduler.find(job.key()).orElseThrow();
  }
}
