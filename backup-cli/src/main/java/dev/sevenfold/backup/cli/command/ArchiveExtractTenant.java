package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.config.ConfigException;
import dev.sevenfold.backup.cli.config.SystemSettings;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Systems;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code archive extract-tenant}: one tenant as of a backup of the whole system. */
@Command(
    name = "extract-tenant",
    description =
        "Makes a restore point of one tenant out of a backup of the whole system; the last line is"
            + " its label.")
final class ArchiveExtractTenant implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(
      names = "--label",
      required = true,
      paramLabel = "L",
      description = "The backup of the system.")
  Label label;

  @Option(names = "--tenant", required = true, paramLabel = "ID", description = "The tenant.")
  TenantId tenant;

  @Override
  public Integer call() {
    Config config = context.tenantConfig();
    SystemSettings system = Systems.require(config);
    String database = nameOf(config, system);
    RestorePoint point =
        context.onTenants(
            backups -> backups.extractTenant(label, tenant, database, system.files()));
    context.shell().print("restores to " + point.capturedAt());
    context.shell().print(point.label().value());
    return ExitCode.DONE;
  }

  /** What the system calls the database that tenants share. */
  private static String nameOf(Config config, SystemSettings system) {
    Path shared = config.requireDatabase().toAbsolutePath().normalize();
    for (Map.Entry<String, Path> database : system.databases().entrySet()) {
      if (database.getValue().toAbsolutePath().normalize().equals(shared)) {
        return database.getKey();
      }
    }
    throw new ConfigException(
        config.file() + ": " + shared + " is none of the databases under the key system",
        "Add it there, as it is written under the key database");
  }
}
