package dev.sevenfold.backup.cli.schedule;

import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.output.Json;
import dev.sevenfold.backup.cli.output.Outcomes;
import dev.sevenfold.backup.cli.output.TextTable;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Jobs;
import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.job.FiringRecord;
import dev.sevenfold.backup.job.Job;
import dev.sevenfold.backup.job.JobStatus;
import dev.sevenfold.backup.job.PlannedFiring;
import dev.sevenfold.backup.scheduler.BackupScheduler;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code schedule show}: what is scheduled, and how it is doing. */
@Command(name = "show", description = "Shows schedules, what comes next and what was last.")
final class ScheduleShow implements Callable<Integer> {

  @Mixin ConfigContext context;

  @ArgGroup(multiplicity = "0..1")
  @Nullable ScheduleOwner owner;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    Config config = context.config();
    ScheduleOwner of = owner;
    List<JobStatus> jobs =
        of == null
            ? look(config, BackupScheduler::jobs)
            : of.lookUp(
                context,
                config,
                key -> look(config, scheduler -> scheduler.find(key).stream().toList()),
                List::isEmpty);
    if (json) {
      context.shell().print(Json.text(jobs.stream().map(ScheduleShow::fields).toList()));
    } else if (jobs.isEmpty()) {
      context.shell().complain("sevenfold: nothing is scheduled in " + config.jobs().database());
    } else {
      print(jobs);
    }
    return ExitCode.DONE;
  }

  private List<JobStatus> look(Config config, Function<BackupScheduler, List<JobStatus>> jobs) {
    return Jobs.look(config, context.shell(), scheduler -> scheduler.map(jobs).orElse(List.of()));
  }

  private void print(List<JobStatus> jobs) {
    TextTable table =
        new TextTable(8, "TENANT", "JOB", "CRON", "ZONE", "STATE", "NEXT", "LAST", "OUTCOME");
    for (JobStatus stored : jobs) {
      Job job = stored.job();
      table.add(
          job.key().tenant().map(TenantId::value).orElse("-"),
          job.key().label(),
          job.schedule().map(CronSchedule::expression).orElse("-"),
          job.schedule().map(when -> when.zone().getId()).orElse("-"),
          state(stored),
          next(stored).map(Instant::toString).orElse("-"),
          stored.last().map(last -> last.endedAt().toString()).orElse("-"),
          stored.last().map(FiringRecord::outcome).map(Outcomes::inWords).orElse("-"));
    }
    table.lines().forEach(context.shell()::print);
  }

  private static String state(JobStatus stored) {
    return stored.state().name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Instant> next(JobStatus stored) {
    return stored.next().map(PlannedFiring::scheduledAt);
  }

  private static Map<String, Object> fields(JobStatus stored) {
    Job job = stored.job();
    return Json.object(
        "tenant", job.key().tenant(),
        "job", job.key().label(),
        "arguments", job.arguments(),
        "cron", job.schedule().map(CronSchedule::expression),
        "zone", job.schedule().map(CronSchedule::zone),
        "state", state(stored),
        "next", next(stored),
        "last", stored.last().map(FiringRecord::endedAt),
        "outcome", stored.last().map(FiringRecord::outcome).map(Outcomes::inWords));
  }
}
