package dev.sevenfold.backup.cli.history;

import dev.sevenfold.backup.cli.output.HistoryOutput;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.UsageException;
import dev.sevenfold.backup.report.TenantHistory;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenant diff}: what was changed since a restore point. */
@Command(
    name = "diff",
    description = {
      "Tells what was inserted, updated and deleted since a restore point, or between two.",
      "Writes nothing."
    })
public final class TenantDiff implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(names = "--tenant", required = true, paramLabel = "ID", description = "The tenant.")
  TenantId tenant;

  @Option(names = "--label", required = true, paramLabel = "L", description = "The older one.")
  Label label;

  @Option(
      names = "--to",
      paramLabel = "L2",
      description = "The newer one. Default: the tenant as it is now.")
  @Nullable Label to;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "20",
      description = "Show up to N rows of each table. Default: 20.")
  int rows;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    if (rows < 0) {
      throw new UsageException("--rows is " + rows + "; it must not be negative");
    }
    TenantHistory.Difference difference =
        context.onTenants(
            backups -> {
              try (TenantHistory history = backups.history(tenant)) {
                return to == null ? history.diff(label, rows) : history.diff(label, to, rows);
              }
            });
    HistoryOutput output = new HistoryOutput(context.shell());
    if (json) {
      output.printJson(
          tenant.value(), label.value(), Optional.ofNullable(to).map(Label::value), difference);
    } else {
      output.print(difference);
    }
    return ExitCode.DONE;
  }
}
