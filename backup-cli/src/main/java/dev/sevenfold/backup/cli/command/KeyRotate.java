package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.archive.SigningKeyFile;
import dev.sevenfold.backup.cli.config.SigningSettings;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code key rotate}: signs with a new key from now on. */
@Command(
    name = "rotate",
    description = {
      "Makes a new key that archives are signed with from now on, and prints its id.",
      "Those before it are still accepted: remove a line from the file to accept one no more."
    })
final class KeyRotate implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Override
  public Integer call() {
    SigningKeyFile file = context.config().signing().file();
    String id = SigningSettings.keys(file::rotate);
    context.shell().print("the first key in " + file.path() + " is now");
    context.shell().print(id);
    return ExitCode.DONE;
  }
}
