package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.run.ConfigContext;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code archive prepare-store}: begins with empty folders, also where there were archives. */
@Command(
    name = "prepare-store",
    description =
        "Makes the folders of the store ready for archives, on a new disk say; from then on they"
            + " are known to be used, and nothing is written to them while their disk is not"
            + " mounted.")
final class ArchivePrepareStore implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Override
  public Integer call() {
    return context.onFolders(
        store -> {
          store.prepare();
          return "ready";
        },
        "prepared");
  }
}
