package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.output.PlanOutput;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.WhichArchive;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenant restore}: one tenant goes back, everybody else goes on. */
@Command(
    name = "restore",
    description = {
      "Puts a tenant back to a restore point, while all others go on.",
      "Takes a safety backup first: see undo."
    })
final class TenantRestore implements Callable<Integer> {

  @Mixin ConfigContext context;
  @Mixin RestoreArguments arguments;

  @Option(names = "--label", required = true, paramLabel = "L", description = "The archive.")
  Label label;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    arguments.part.requireNoNumber();
    RestoreReport report =
        context.onTenants(
            backups -> {
              TenantId target = arguments.target(backups, label);
              WhichArchive.of(context.shell(), json, backups.restorePoint(label))
                  .warnOfFuture(context.clock().instant());
              return backups.restore(target, label, arguments.options());
            });
    if (json) {
      PlanOutput.printDoneJson(context.shell(), label.value(), report);
    } else {
      WhichArchive from = new WhichArchive(context.shell(), false, label, report.restoredTo());
      PlanOutput.printDone(context.shell(), Optional.of(from), report);
    }
    return ExitCode.DONE;
  }
}
