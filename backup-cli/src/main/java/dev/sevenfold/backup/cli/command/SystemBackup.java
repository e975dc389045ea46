package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.output.Json;
import dev.sevenfold.backup.cli.output.PointOutput;
import dev.sevenfold.backup.cli.run.AcceptMissing;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Services;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.SystemBackupReport;
import dev.sevenfold.backup.source.Progress;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code system backup}: all databases and file trees. */
@Command(
    name = "backup",
    description = "Backs up all databases and file trees; the last line is the label.")
final class SystemBackup implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Mixin AcceptMissing missing;

  @Option(names = "--json", description = "Print one JSON value instead.")
  boolean json;

  @Override
  public Integer call() {
    // Or the backup would have the rows of a restore that was killed, and not its files.
    context.work().recoverTenants(context.config());
    SystemBackupReport report =
        context
            .work()
            .on(
                context.config(),
                Services::system,
                system -> system.backup(missing.options(), Progress.none()));
    // Also beside the JSON: what is not in a backup is nothing to overlook.
    report.warnings().forEach(context.shell()::warn);
    if (json) {
      context.shell().print(Json.text(fields(report)));
    } else {
      print(report);
    }
    return ExitCode.DONE;
  }

  private void print(SystemBackupReport report) {
    context
        .shell()
        .print(
            report.files() + " files, " + report.point().sizeBytes() + " bytes archived, verified");
    report.deleted().forEach(old -> context.shell().print("pruned: " + old.label()));
    context.shell().print(report.point().label().value());
  }

  private static Map<String, Object> fields(SystemBackupReport report) {
    Map<String, Object> fields = PointOutput.fields(report.point());
    fields.put("files", report.files());
    fields.put("bytes", report.bytes());
    fields.put("warnings", report.warnings());
    fields.put("deleted", report.deleted().stream().map(RestorePoint::label).toList());
    return fields;
  }
}
