package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.BackupHealth;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.output.Json;
import dev.sevenfold.backup.cli.output.TextTable;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Jobs;
import dev.sevenfold.backup.cli.run.Services;
import dev.sevenfold.backup.cli.run.Work;
import dev.sevenfold.backup.job.Schedules;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.BackupStatus;
import dev.sevenfold.backup.report.HealthReport;
import dev.sevenfold.backup.scheduler.BackupScheduler;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code health}: how well everything is backed up, for people and for monitoring. */
@Command(
    name = "health",
    description =
        "Says how well tenants and the system are backed up; ends with 3 if one is overdue, or if"
            + " rows are in no backup.")
public final class Health implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    Config config = context.anyConfig();
    HealthReport report = Jobs.look(config, context.shell(), scheduler -> check(config, scheduler));
    if (json) {
      context.shell().print(Json.text(report.all().map(Health::fields).toList()));
    } else {
      print(report);
      report
          .ownership()
          .filter(OwnershipCheck.Figure::isComplete)
          .ifPresent(figure -> context.shell().print(figure.toString()));
    }
    List<BackupStatus> overdue = report.in(BackupStatus.State.OVERDUE);
    overdue.forEach(status -> context.shell().complain("sevenfold: " + status));
    report
        .drillFailure()
        .ifPresent(
            drill ->
                context
                    .shell()
                    .complain("sevenfold: the drill of " + drill.at() + ": " + drill.what()));
    report
        .lostRows()
        .ifPresent(
            what -> context.shell().complain("sevenfold: " + what + "; tenant check lists them"));
    if (!overdue.isEmpty() || report.drillFailure().isPresent() || report.lostRows().isPresent()) {
      return ExitCode.REFUSED;
    }
    // Which replica it is was said when it did not answer.
    return report.silentReplicas().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private HealthReport check(Config config, Optional<BackupScheduler> scheduler) {
    Schedules schedules = scheduler.<Schedules>map(ours -> ours).orElse(List::of);
    Work work = context.work();
    BackupListener nobody = new BackupListener() {};
    return config.hasTenants()
        ? work.quietlyOn(
            config,
            Services::everything,
            nobody,
            all -> BackupHealth.builder(all).scheduler(schedules).build().check())
        : work.quietlyOn(
            config,
            Services::system,
            nobody,
            all -> BackupHealth.builder(all).scheduler(schedules).build().check());
  }

  private void print(HealthReport report) {
    TextTable table =
        new TextTable(
            4, "TENANT", "STATE", "LAST VERIFIED", "DUE SINCE", "HOURS", "ARCHIVES", "BYTES");
    report
        .all()
        .forEach(
            status ->
                table.add(
                    status.tenant().map(TenantId::value).orElse("(system)"),
                    state(status),
                    status.lastVerified().map(last -> last.label().value()).orElse("-"),
                    status.dueSince().map(Object::toString).orElse("-"),
                    status.age().map(Duration::toHours).map(Object::toString).orElse("-"),
                    status.archives(),
                    status.storageBytes()));
    table.lines().forEach(context.shell()::print);
  }

  private static String state(BackupStatus status) {
    return status.state().name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> fields(BackupStatus status) {
    return Json.object(
        "tenant", status.tenant(),
        "state", state(status),
        "label", status.lastVerified().map(BackupStatus.Verified::label),
        "capturedAt", status.lastVerified().map(BackupStatus.Verified::capturedAt),
        "dueSince", status.dueSince(),
        "failedAt", status.lastFailure().map(BackupStatus.Failure::at),
        "failure", status.lastFailure().map(BackupStatus.Failure::what),
        "archives", status.archives(),
        "storageBytes", status.storageBytes());
  }
}
