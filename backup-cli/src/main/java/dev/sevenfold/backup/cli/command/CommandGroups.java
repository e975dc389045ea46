package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.cli.history.TenantDiff;
import dev.sevenfold.backup.cli.history.TenantFind;
import dev.sevenfold.backup.cli.run.Context;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What commands are grouped by: {@code sevenfold tenant …}. */
public final class CommandGroups {

  private CommandGroups() {}

  /** On one tenant. */
  @Command(
      name = "tenant",
      description = "Works on one tenant of the shared database.",
      subcommands = {
        TenantBackup.class,
        TenantList.class,
        TenantPreview.class,
        TenantRestore.class,
        TenantUndo.class,
        TenantFind.class,
        TenantDiff.class,
        TenantRelabel.class,
        TenantExplain.class,
        TenantSuggest.class,
        TenantCheck.class,
        TenantForget.class
      })
  public static final class OfTenant {
    @Mixin Context context;
  }

  /** On archives. */
  @Command(
      name = "archive",
      description = "Works on archives, and leaves the database alone.",
      subcommands = {
        ArchiveVerify.class,
        ArchiveDrill.class,
        ArchiveGet.class,
        ArchiveExtractTenant.class,
        ArchivePin.class,
        ArchiveRelease.class,
        ArchiveDelete.class,
        ArchivePrune.class,
        ArchivePrepareStore.class,
        ArchiveConvertStore.class
      })
  public static final class OfArchives {
    @Mixin Context context;
  }

  /** On the whole system. */
  @Command(
      name = "system",
      description = "Backs up the whole system, and puts it back.",
      subcommands = {SystemBackup.class, SystemList.class, SystemRestoreInto.class})
  public static final class OfSystem {
    @Mixin Context context;
  }

  /** On the keys that archives are signed with. */
  @Command(
      name = "key",
      description = "Works on the keys that archives are signed with.",
      subcommands = {KeyRotate.class})
  public static final class OfKeys {
    @Mixin Context context;
  }
}
