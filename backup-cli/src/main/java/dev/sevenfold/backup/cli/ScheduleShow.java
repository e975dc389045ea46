package dev.sevenfold.backup.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.schedule.BackupScheduler;
import dev.sevenfold.backup.schedule.CronSchedule;
import dev.sevenfold.backup.schedule.FiringRecord;
import dev.sevenfold.backup.schedule.Job;
import dev.sevenfold.backup.schedule.PlannedFiring;
import dev.sevenfold.backup.schedule.StoredJob;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
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
    List<StoredJob> jobs = Jobs.with(config, Jobs.openToRead(config), this::jobs);
    if (json) {
      context.shell().print(toJson(jobs));
    } else if (jobs.isEmpty()) {
      context.shell().complain("sevenfold: nothing is scheduled in " + config.jobs().database());
    } else {
      print(jobs);
    }
    return ExitCode.DONE;
  }

  private List<StoredJob> jobs(BackupScheduler scheduler) {
    return owner == null ? scheduler.jobs() : scheduler.find(owner.key()).stream().toList();
  }

  private void print(List<StoredJob> jobs) {
    TextTable table =
        new TextTable(8, "TENANT", "JOB", "CRON", "ZONE", "STATE", "NEXT", "LAST", "OUTCOME");
    for (StoredJob stored : jobs) {
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

  private static String state(StoredJob stored) {
    return stored.state().name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Instant> next(StoredJob stored) {
    return stored.next().map(PlannedFiring::scheduledAt);
  }

  private static String toJson(List<StoredJob> jobs) {
    return Json.text(
        json -> {
          json.writeStartArray();
          for (StoredJob stored : jobs) {
            json.writeStartObject();
            write(json, stored);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void write(JsonGenerator json, StoredJob stored) throws IOException {
    Job job = stored.job();
    json.writeStringField("tenant", job.key().tenant().map(TenantId::value).orElse(null));
    json.writeStringField("job", job.key().label());
    json.writeStringField("arguments", job.arguments().toString());
    json.writeStringField("cron", job.schedule().map(CronSchedule::expression).orElse(null));
    json.writeStringField("zone", job.schedule().map(when -> when.zone().getId()).orElse(null));
    json.writeStringField("state", state(stored));
    json.writeStringField("next", next(stored).map(Instant::toString).orElse(null));
    json.writeStringField(
        "last", stored.last().map(last -> last.endedAt().toString()).orElse(null));
    json.writeStringField(
        "outcome", stored.last().map(FiringRecord::outcome).map(Outcomes::inWords).orElse(null));
  }
}
