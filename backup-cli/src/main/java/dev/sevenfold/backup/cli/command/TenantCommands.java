package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.run.Context;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The commands {@code sevenfold tenant …}. */
@Command(
    name = "tenant",
    description = "Works on one tenant of the shared database.",
    subcommands = {
      TenantBackup.class,
      TenantList.class,
      TenantPreview.class,
      TenantRestore.class,
      TenantUndo.class,
      TenantRelabel.class,
      TenantExplain.class
    })
public final class TenantCommands {
  @Mixin Context context;
}
