package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.output.PointOutput;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.tenant.Label;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code archive release}: hands a pinned archive back to retention. */
@Command(
    name = "release",
    description =
        "Hands an archive that is pinned, or held, back to retention. Ends with: released")
final class ArchiveRelease implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(names = "--label", required = true, paramLabel = "L", description = "Which one.")
  Label label;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    RestorePoint point = context.onStore(catalog -> catalog.release(label));
    if (json) {
      PointOutput.printJson(context.shell(), point);
    } else {
      context.shell().print("released");
    }
    return ExitCode.DONE;
  }
}
