package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.BackupCatalog;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.output.PointOutput;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Services;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.report.ArchiveList;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.UnreadableArchive;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenant list}: the instants that a tenant can go back to. */
@Command(
    name = "list",
    description = {
      "Lists a tenant's restore points, newest first. Opens the database only to finish a restore",
      "that was killed, and lists without it."
    })
final class TenantList implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(names = "--tenant", required = true, paramLabel = "ID", description = "The tenant.")
  TenantId tenant;

  @Option(
      names = "--safety",
      description = "List what its restores can be undone with, in place of its restore points.")
  boolean safety;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    Config config = context.tenantConfig();
    recover(config);
    ArchiveList found =
        context.lookUp(
            config,
            tenant,
            id -> context.work().on(config, Services::store, catalog -> find(catalog, id)),
            list -> list.points().isEmpty() && list.unreadable().isEmpty());
    print(config, found);
    return ExitCode.DONE;
  }

  private ArchiveList find(BackupCatalog catalog, TenantId id) {
    return safety ? catalog.listSafety(id) : catalog.list(ArchiveOwner.tenant(id));
  }

  /**
   * What cannot be done is worth a word, and stops nothing: on a new machine archives come first.
   */
  private void recover(Config config) {
    if (!Files.isRegularFile(config.requireDatabase())) {
      context.shell().warn("there is no database file " + config.requireDatabase());
      return;
    }
    try {
      context.work().recoverTenants(config);
    } catch (BackupException e) {
      context.shell().warn(e.what() + " (the list is of the store alone)");
    }
  }

  private void print(Config config, ArchiveList found) {
    List<RestorePoint> points = found.points();
    List<UnreadableArchive> unreadable = found.unreadable();
    unreadable.forEach(a -> context.shell().warn("the archive " + a.label() + ": " + a.reason()));
    if (json) {
      PointOutput.printJson(context.shell(), points, unreadable);
    } else if (points.isEmpty() && unreadable.isEmpty()) {
      context.sayNothingThere(
          config, "tenant " + tenant + (safety ? " was never restored" : " has no restore points"));
    } else {
      PointOutput.print(context.shell(), points, unreadable);
      if (safety) {
        String undo =
            "Each is the tenant before a restore, or before an undo. tenant undo goes back to ";
        found.undoPoint().ifPresent(point -> context.shell().print(undo + point.label()));
      }
    }
  }
}
