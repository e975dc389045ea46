package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.run.Context;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The commands {@code sevenfold system …}. */
@Command(
    name = "system",
    description = "Backs up the whole system, and puts it back.",
    subcommands = {SystemBackup.class, SystemList.class, SystemRestoreInto.class})
public final class SystemCommands {
  @Mixin Context context;
}
