package dev.sevenfold.examples.operator;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.RestoreReport;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenant undo}: takes back the last restore. */
@Command(name = "undo", description = "Takes back a tenant's last restore. That can be undone too.")
final class TenantUndo implements Callable<Integer> {

  /** What was done, and which archive it was done with. */
  private record Undone(String label, RestoreReport report) {}

  @Mixin ConfigContext context;

  @Option(names = "--tenant", required = true, paramLabel = "ID", description = "The tenant.")
  TenantId tenant;

  @Option(
      names = "--new-ids",
      description = "Give rows new ids where others have theirs by now. Default: refuse.")
  boolean newIds;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    Undone undone = context.work().withDatabase(context.tenantConfig(), this::undo);
    if (json) {
      PlanOutput.printDoneJson(context.shell(), undone.label(), undone.report());
    } else {
      PlanOutput.printDone(context.shell(), undone.report());
    }
    return ExitCode.DONE;
  }

  private Undone undo(BackupService backups) {
    // The report does not say which safety archive it was.
    String label = backups.undoPoint(tenant).map(point -> point.label().value()).orElse("");
    RestoreOptions options = newIds ? RestoreOptions.DEFAULT.remapping() : RestoreOptions.DEFAULT;
    return new Undone(label, backups.undo(tenant, options));
  }
}
