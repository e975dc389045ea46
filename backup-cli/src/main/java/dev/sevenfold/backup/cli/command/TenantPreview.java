package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.output.PlanFile;
import dev.sevenfold.backup.cli.output.PlanOutput;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenant preview}: what a restore would do. */
@Command(
    name = "preview",
    description = {
      "Shows what a restore would insert, update and delete. Writes nothing.",
      "Exit code 3 if something stands in the way of that restore."
    })
final class TenantPreview implements Callable<Integer> {

  @Mixin ConfigContext context;
  @Mixin RestoreArguments arguments;

  @Option(
      names = "--tenant",
      required = true,
      paramLabel = "ID",
      description = "The tenant whose archive it is.")
  TenantId tenant;

  @Option(names = "--label", required = true, paramLabel = "L", description = "The archive.")
  Label label;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the plan to this file too, for restore --plan.")
  @Nullable Path out;

  @Override
  public Integer call() {
    int rows = arguments.part.shown();
    if (out != null) {
      PlanFile.requireReplaceable(out);
    }
    RestorePlan plan =
        context.onTenants(
            backups ->
                backups.preview(
                    arguments.target(backups, tenant, label),
                    label,
                    arguments.options().showingRows(rows)));
    PlanOutput output = new PlanOutput(context.shell(), plan);
    if (out != null) {
      PlanFile.write(out, output.json(label.value()));
    }
    if (json) {
      output.printJson(label.value());
    } else {
      output.print();
    }
    if (plan.conflicts().isEmpty()) {
      return ExitCode.DONE;
    }
    output.complain();
    return ExitCode.REFUSED;
  }
}
