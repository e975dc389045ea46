package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.output.OwnershipOutput;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenant check}: whether every row of every owned table is exactly one tenant's. */
@Command(
    name = "check",
    description = {
      "Counts for the whole database whose each row is, and lists what is not one tenant's.",
      "Exit code 3 if rows are nobody's where the model does not allow it, or lead to several"
          + " tenants in doubt."
    })
final class TenantCheck implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    OwnershipCheck check =
        context
            .work()
            .showing(progress -> context.onTenants(backups -> backups.checkOwnership(progress)));
    OwnershipOutput output = new OwnershipOutput(context.shell());
    if (json) {
      output.printJson(check);
    } else {
      output.print(check);
    }
    if (!check.isComplete()) {
      output.complain(check);
      return ExitCode.REFUSED;
    }
    return ExitCode.DONE;
  }
}
