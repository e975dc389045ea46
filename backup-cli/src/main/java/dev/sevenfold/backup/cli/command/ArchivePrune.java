package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.BackupCatalog;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Services;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.retention.RetentionPlan;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code archive prune}: does now what retention does after each backup. */
@Command(
    name = "prune",
    description = {
      "Deletes the archives that retention does not keep, as each backup does after it: those of",
      "every tenant and of the system, or of one tenant. Never the newest verified one."
    })
final class ArchivePrune implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(names = "--tenant", paramLabel = "ID", description = "Only this tenant's archives.")
  @Nullable TenantId tenant;

  @Option(names = "--dry-run", description = "Delete nothing; say what would become of each.")
  boolean dryRun;

  private boolean failed;

  @Override
  public Integer call() {
    Config config = context.config();
    failed = false;
    TenantId only = tenant == null ? null : archived(config, tenant);
    int count =
        context
            .work()
            .on(config, Services::store, new Silence(), catalog -> tenants(catalog, only));
    if (tenant == null && config.system().isPresent()) {
      // By the system's own policy.
      count +=
          context
              .work()
              .on(
                  config,
                  Services::systemRestore,
                  catalog -> prune(catalog, ArchiveOwner.system()));
    }
    context.shell().print(count + (dryRun ? " would be deleted" : " deleted"));
    return failed ? ExitCode.FAILED : ExitCode.DONE;
  }

  /** Hears of owners that are not listed: nobody tries to prune them, so nothing else fails. */
  private final class Silence implements BackupListener {
    @Override
    public void replicaUnavailable(StoreUnavailable outage) {
      failed = true;
    }
  }

  private TenantId archived(Config config, TenantId written) {
    return context
        .lookUp(
            config,
            written,
            id ->
                context
                    .work()
                    .on(
                        config,
                        Services::store,
                        catalog -> Map.entry(id, catalog.planRetention(id).decisions())),
            found -> found.getValue().isEmpty())
        .getKey();
  }

  private int tenants(BackupCatalog catalog, @Nullable TenantId only) {
    List<TenantId> all = only == null ? catalog.archivedTenants() : List.of(only);
    return all.stream().mapToInt(each -> prune(catalog, ArchiveOwner.tenant(each))).sum();
  }

  private int prune(BackupCatalog catalog, ArchiveOwner owner) {
    try {
      return pruneOne(catalog, owner);
    } catch (StoreUnavailable e) {
      // One owner's archives that cannot be listed or deleted keep no other's.
      context.failures().explain(e);
      failed = true;
      return 0;
    }
  }

  private int pruneOne(BackupCatalog catalog, ArchiveOwner owner) {
    if (dryRun) {
      RetentionPlan plan = catalog.planRetention(owner);
      plan.decisions().forEach(decision -> context.shell().print(decision.toString()));
      return plan.deleted().size();
    }
    List<RestorePoint> gone = catalog.prune(owner);
    gone.forEach(point -> context.shell().print("delete " + point.label()));
    return gone.size();
  }
}
