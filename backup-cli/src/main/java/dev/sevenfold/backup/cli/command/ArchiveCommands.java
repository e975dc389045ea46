package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.run.Context;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The commands {@code sevenfold archive …}. */
@Command(
    name = "archive",
    description = "Works on archives, and leaves the database alone.",
    subcommands = {
      ArchiveVerify.class,
      ArchiveDrill.class,
      ArchiveGet.class,
      ArchiveDelete.class,
      ArchivePrune.class,
      ArchiveExtractTenant.class
    })
public final class ArchiveCommands {
  @Mixin Context context;
}
