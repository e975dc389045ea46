package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.output.PointOutput;
import dev.sevenfold.backup.cli.run.Arguments;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.tenant.Label;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code archive pin}: keeps an archive, whatever retention says. */
@Command(
    name = "pin",
    description = {
      "Keeps an archive outside of retention. With a reason it is held: neither archive delete nor",
      "tenant forget takes it until it is released. Ends with: pinned"
    })
final class ArchivePin implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(names = "--label", required = true, paramLabel = "L", description = "Which one.")
  Label label;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why nobody may delete it: one line of up to 200 characters.")
  @Nullable String reason;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    String why = reason;
    if (why != null) {
      Arguments.read(() -> ArchiveRecord.NONE.withHold(why)); // before anything is opened
    }
    RestorePoint point =
        context.onStore(catalog -> why == null ? catalog.pin(label) : catalog.pin(label, why));
    if (json) {
      PointOutput.printJson(context.shell(), point);
    } else {
      context.shell().print("pinned");
    }
    return ExitCode.DONE;
  }
}
