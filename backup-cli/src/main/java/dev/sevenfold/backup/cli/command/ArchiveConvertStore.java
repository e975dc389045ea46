package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.run.ConfigContext;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code archive convert-store}: gives each owner a folder in stores that have none yet. */
@Command(
    name = "convert-store",
    description =
        "Moves the archives of every folder of the store into a folder for each tenant and one for"
            + " the system; Sevenfold of versions before must have been stopped for good.")
final class ArchiveConvertStore implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Override
  public Integer call() {
    return context.onFolders(store -> store.convert().size() + " archives moved", "converted");
  }
}
