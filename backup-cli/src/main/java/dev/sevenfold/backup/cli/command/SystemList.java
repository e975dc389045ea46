package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.BackupCatalog;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.output.PointOutput;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Services;
import dev.sevenfold.backup.report.ArchiveList;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.UnreadableArchive;
import dev.sevenfold.backup.store.ArchiveOwner;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code system list}: the backups of the whole system. */
@Command(name = "list", description = "Lists the backups of the whole system, newest first.")
final class SystemList implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    Config config = context.config();
    return context.work().on(config, Services::store, catalog -> list(config, catalog));
  }

  private int list(Config config, BackupCatalog catalog) {
    ArchiveList found = catalog.list(ArchiveOwner.system());
    List<RestorePoint> points = found.points();
    List<UnreadableArchive> unreadable = found.unreadable();
    unreadable.forEach(a -> context.shell().warn("the archive " + a.label() + ": " + a.reason()));
    if (json) {
      PointOutput.printJson(context.shell(), points, List.of());
    } else if (points.isEmpty() && unreadable.isEmpty()) {
      context.sayNothingThere(config, "there are no backups of the system");
    } else {
      PointOutput.print(context.shell(), points, List.of());
    }
    return ExitCode.DONE;
  }
}
