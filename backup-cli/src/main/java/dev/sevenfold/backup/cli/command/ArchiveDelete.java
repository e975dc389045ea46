package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Services;
import dev.sevenfold.backup.tenant.Label;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code archive delete}: removes one archive for good. */
@Command(
    name = "delete",
    description = "Deletes an archive for good; never the newest verified one of its owner.")
final class ArchiveDelete implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(names = "--label", required = true, paramLabel = "L", description = "Which one.")
  Label label;

  @Override
  public Integer call() {
    context
        .work()
        .on(
            context.config(),
            Services::store,
            catalog -> {
              catalog.delete(label);
              return ExitCode.DONE;
            });
    context.shell().print("deleted");
    return ExitCode.DONE;
  }
}
