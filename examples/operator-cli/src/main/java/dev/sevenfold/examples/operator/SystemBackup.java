package dev.sevenfold.examples.operator;

import dev.sevenfold.backup.SystemBackupReport;
import dev.sevenfold.backup.SystemBackups;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code system backup}: all databases and file trees. */
@Command(
    name = "backup",
    description = "Backs up all databases and file trees; the last line is the label.")
final class SystemBackup implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Override
  public Integer call() {
    // Or the backup would have the rows of a restore that was killed, and not its files.
    context.work().recoverTenants(context.config());
    SystemBackupReport report = context.work().withSystem(context.config(), SystemBackups::backup);
    report.warnings().forEach(context.shell()::warn);
    context
        .shell()
        .print(
            report.files() + " files, " + report.point().sizeBytes() + " bytes archived, proven");
    report.deleted().forEach(old -> context.shell().print("let go: " + old.label()));
    context.shell().print(report.point().label().value());
    return ExitCode.DONE;
  }
}
