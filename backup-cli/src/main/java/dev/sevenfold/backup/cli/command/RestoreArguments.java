package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.cli.run.PartArguments;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Into which tenant an archive is restored, how, and how much of it. */
final class RestoreArguments {

  @Option(
      names = "--into-tenant",
      paramLabel = "ID2",
      description = "Put the rows into this tenant, with new ids. Default: in place.")
  @Nullable TenantId intoTenant;

  @Option(
      names = "--new-ids",
      description = {
        "Give rows new ids where others have theirs by now, and unique values as the config's",
        "tenants.restore.taken says. Default: refuse, with the list."
      })
  boolean newIds;

  @Option(
      names = "--without-dropped",
      description = {
        "Leave out what tables and columns held that were dropped since the backup, and say so.",
        "Default: refuse, with the list."
      })
  boolean withoutDropped;

  @Option(
      names = "--accept-references",
      description = {
        "Restore references to other tenants' rows that only an archive from outside has.",
        "Default: refuse, with the list."
      })
  boolean acceptReferences;

  @Mixin PartArguments part;

  /**
   * The tenant to put the rows into: into another one, they may make it.
   *
   * @param tenant whose archive it is
   * @param label the archive
   */
  TenantId target(BackupService backups, TenantId tenant, Label label) {
    Optional<BackupRefused> missing = backups.missing(tenant);
    if (missing.isPresent()) {
      throw missing.get();
    }
    TenantId own = backups.canonical(tenant);
    if (intoTenant == null) {
      return own;
    }
    requireOwn(own, label);
    return backups.canonical(intoTenant);
  }

  RestoreOptions options() {
    RestoreOptions options =
        intoTenant == null && !newIds ? RestoreOptions.DEFAULT : RestoreOptions.DEFAULT.remapping();
    options = withoutDropped ? options.leavingOutDropped() : options;
    return part.of(acceptReferences ? options.acceptingReferencesToOthers() : options);
  }

  /** In place the library checks this itself, by what stands inside the archive. */
  private static void requireOwn(TenantId own, Label label) {
    if (!label.tenant().map(own::equals).orElse(false)) {
      throw new RestoreRefused(
          "The archive " + label + " is not one of tenant " + own,
          List.of(),
          "List the tenant's restore points, and choose one of them");
    }
  }
}
