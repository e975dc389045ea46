package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose archive is restored, and into which tenant. */
final class RestoreArguments {

  @Option(
      names = "--tenant",
      required = true,
      paramLabel = "ID",
      description = "The tenant whose archive it is.")
  TenantId tenant;

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

  TenantId target() {
    return intoTenant == null ? tenant : intoTenant;
  }

  RestoreOptions options() {
    RestoreOptions options =
        intoTenant == null && !newIds ? RestoreOptions.DEFAULT : RestoreOptions.DEFAULT.remapping();
    options = withoutDropped ? options.leavingOutDropped() : options;
    return acceptReferences ? options.acceptingReferencesToOthers() : options;
  }

  /** In place the library checks this itself, by what stands inside the archive. */
  void requireOwn(Label label) {
    if (intoTenant != null && !label.tenant().map(tenant::equals).orElse(false)) {
      throw new RestoreRefused(
          "The archive " + label + " is not one of tenant " + tenant,
          List.of(),
          "List the tenant's restore points, and choose one of them");
    }
  }
}
