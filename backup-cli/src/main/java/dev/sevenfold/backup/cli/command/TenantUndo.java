package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.cli.output.PlanOutput;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.WhichArchive;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenant undo}: takes back the last restore. */
@Command(
    name = "undo",
    description = {
      "Takes back a tenant's last restore that changed anything. That can be undone too: a second",
      "undo is the restore again. To go back further, see tenant list --safety."
    })
final class TenantUndo implements Callable<Integer> {

  /** What was done, and which archive it was done with. */
  private record Undone(Optional<WhichArchive> from, RestoreReport report) {
    String label() {
      return from.map(archive -> archive.label().value()).orElse("");
    }
  }

  @Mixin ConfigContext context;

  @Option(names = "--tenant", required = true, paramLabel = "ID", description = "The tenant.")
  TenantId tenant;

  @Option(
      names = "--new-ids",
      description = "Give rows new ids where others have theirs by now. Default: refuse.")
  boolean newIds;

  @Option(
      names = "--without-dropped",
      description = "Leave out what was dropped since, and say so. Default: refuse.")
  boolean withoutDropped;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    Undone undone = context.onTenants(this::undo);
    if (json) {
      PlanOutput.printDoneJson(context.shell(), undone.label(), undone.report());
    } else {
      PlanOutput.printDone(context.shell(), undone.from(), undone.report());
    }
    return ExitCode.DONE;
  }

  private Undone undo(BackupService backups) {
    // The report does not say which safety archive it was. If none is known, the undo says why.
    Optional<WhichArchive> from =
        backups
            .undoPoint(tenant)
            .map(point -> WhichArchive.of(context.shell(), json, point))
            .map(which -> which.announce(context.clock().instant()));
    RestoreOptions options = newIds ? RestoreOptions.DEFAULT.remapping() : RestoreOptions.DEFAULT;
    return new Undone(
        from, backups.undo(tenant, withoutDropped ? options.leavingOutDropped() : options));
  }
}
