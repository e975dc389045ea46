package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tenant explain}: who owns which table, why, and what the rows say of it. */
@Command(
    name = "explain",
    description = {
      "Shows for each table how its rows belong to tenants, and what they say of that themselves.",
      "CONTRADICTION: a table is declared shared, and each of its rows is one tenant's.",
      "Exit code 3 if a table is claimed by nobody: every backup would be refused."
    })
final class TenantExplain implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Override
  public Integer call() {
    context.onTenants(BackupService::explain).lines().forEach(context.shell()::print);
    return ExitCode.DONE;
  }
}
