package dev.sevenfold.examples.operator;

import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.source.RestoredSystem;
import dev.sevenfold.backup.source.SystemTarget;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code system restore}: puts the files in place, modes and all. */
@Command(
    name = "restore",
    description =
        "Puts a backup of the whole system into a folder; the system must not be running.")
final class SystemRestoreInto implements Callable<Integer> {

  private static final String LATEST = "latest";

  @Mixin ConfigContext context;

  @Option(
      names = "--label",
      required = true,
      paramLabel = "L|latest",
      description = "The backup; latest is the newest that was proven.")
  String label;

  @Option(names = "--into", required = true, paramLabel = "DIR", description = "The folder.")
  Path into;

  @Option(
      names = "--even-if-open",
      description = "Restore even if a process has a database open; what it writes is lost.")
  boolean evenIfOpen;

  @Override
  public Integer call() {
    RestoredSystem restored = context.work().withSystemStore(context.config(), this::restore);
    restored.notes().forEach(note -> context.shell().print("note: " + note));
    restored.places().forEach((name, path) -> context.shell().print(name + ": " + path));
    restored.replaced().ifPresent(old -> context.shell().print("what was there: " + old));
    context.shell().print("restored");
    return ExitCode.DONE;
  }

  private RestoredSystem restore(SystemBackups backups) {
    Label wanted = label.equals(LATEST) ? backups.latest().label() : Arguments.label(label);
    SystemTarget target = Systems.target(context.config(), into, evenIfOpen);
    return backups.restore(wanted, target);
  }
}
