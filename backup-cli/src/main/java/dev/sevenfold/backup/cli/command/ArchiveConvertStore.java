package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.store.FolderArchiveStore;
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
    int code = ExitCode.DONE;
    for (FolderArchiveStore store : context.config().openFolders()) {
      try (store) {
        context.shell().print(store.describe() + ": " + store.convert().size() + " archives moved");
      } catch (BackupException e) {
        // One replica of a mirror that is down keeps no other from being converted.
        context.failures().explain(e);
        code = ExitCode.FAILED;
      }
    }
    if (code == ExitCode.DONE) {
      context.shell().print("converted");
    }
    return code;
  }
}
