package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.cli.output.BackupOutput;
import dev.sevenfold.backup.cli.run.AcceptMissing;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Failures;
import dev.sevenfold.backup.cli.run.Services;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.report.BackupOutcome;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenant backup}: one tenant, or all of them. */
@Command(
    name = "backup",
    description = "Backs up a tenant, verifies the archive, and prunes older ones.")
final class TenantBackup implements Callable<Integer> {

  /** Whom to back up: exactly one of the two. */
  static final class Whom {
    @Option(names = "--tenant", required = true, paramLabel = "ID", description = "The tenant.")
    @Nullable TenantId tenant;

    @Option(names = "--all", required = true, description = "Every tenant, one after the other.")
    boolean all;
  }

  @Mixin ConfigContext context;

  @ArgGroup(multiplicity = "1")
  Whom whom;

  @Mixin AcceptMissing missing;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    TenantId tenant = whom.tenant;
    return tenant == null ? all() : one(tenant);
  }

  private int one(TenantId tenant) {
    BackupReport report =
        context.onTenants(backups -> backups.backup(tenant, missing.options(), Progress.none()));
    BackupOutput output = new BackupOutput(context.shell(), context.failures());
    report.warnings().forEach(context.shell()::warn);
    output.warnOfLostRows(Stream.of(report));
    if (json) {
      output.printJson(report);
    } else {
      output.print(report);
    }
    return ExitCode.DONE;
  }

  private int all() {
    BackupOutput output = new BackupOutput(context.shell(), context.failures());
    try {
      return context
          .work()
          .on(
              context.tenantConfig(),
              Services::tenants,
              output.each(json),
              backups -> all(backups, output));
    } catch (BackupRefused e) {
      // The model, or a database without tenants, is refused before the first tenant, and with it
      // the run: one failure, of no tenant.
      context.failures().explain(e);
      output.printNothingDone(e, json);
      return Failures.exitCode(e);
    }
  }

  private int all(BackupService backups, BackupOutput output) {
    List<BackupOutcome> outcomes = backups.backupAll(missing.options());
    List<BackupException> failures =
        new ArrayList<>(outcomes.stream().flatMap(outcome -> outcome.failure().stream()).toList());
    long unnamed = backups.unnamedTenants();
    if (unnamed > 0) {
      BackupRefused refused =
          new BackupRefused(
              unnamed + " tenants have no key or an empty one, and were not backed up",
              List.of(),
              "Give each of them a key; an empty one names nobody");
      context.failures().explain(refused);
      failures.add(refused);
    }
    output.warnOfLostRows(outcomes.stream().flatMap(outcome -> outcome.report().stream()));
    if (json) {
      output.printJson(outcomes);
    } else {
      output.printSummary(outcomes, unnamed);
    }
    return Failures.exitCode(failures);
  }
}
