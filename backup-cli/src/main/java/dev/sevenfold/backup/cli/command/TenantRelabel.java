package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.BackupCatalog;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.output.PointOutput;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.Encrypted;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Services;
import dev.sevenfold.backup.cli.run.UsageException;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.ImportOptions;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenant relabel}: imports an archive that a tenant kept. */
@Command(
    name = "relabel",
    description = {
      "Imports an archive file that a tenant sent back, as a restore point.",
      "Its label is tenant_<ID>_<today>. Retention leaves it alone.",
      "It must be signed with a key of ours, or be one that the store has or had."
    })
final class TenantRelabel implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(names = "--tenant", required = true, paramLabel = "ID", description = "The tenant.")
  TenantId tenant;

  @Option(names = "--from", required = true, paramLabel = "FILE", description = "The file.")
  Path file;

  @Option(
      names = "--unsigned",
      description = "Consent to an archive that nobody here knows: anybody may have changed it.")
  boolean unsigned;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    if (!Files.isRegularFile(file)) {
      throw new UsageException("there is no file " + file);
    }
    Encrypted.refuse(file);
    RestorePoint point = importFile(context.tenantConfig());
    if (json) {
      PointOutput.printJson(context.shell(), point);
    } else {
      context.shell().print("restores to " + point.capturedAt());
      context.shell().print(point.label().value());
    }
    return ExitCode.DONE;
  }

  private RestorePoint importFile(Config config) {
    try {
      return importFile(config, tenant);
    } catch (RestoreRefused e) {
      // A tenant of whom nothing is left but the file is none that there is not.
      TenantId known = context.known(config, tenant).requireSomething();
      if (known.equals(tenant)) {
        throw e;
      }
      return importFile(config, known);
    }
  }

  private RestorePoint importFile(Config config, TenantId of) {
    return context.work().on(config, Services::store, catalog -> importFile(catalog, of));
  }

  private RestorePoint importFile(BackupCatalog catalog, TenantId of) {
    try {
      return catalog.importArchive(
          of, file, unsigned ? ImportOptions.DEFAULT.acceptingUnsigned() : ImportOptions.DEFAULT);
    } catch (ArchiveCorrupt e) {
      throw new ArchiveCorrupt(file + ": " + e.what(), e.advice(), e);
    }
  }
}
