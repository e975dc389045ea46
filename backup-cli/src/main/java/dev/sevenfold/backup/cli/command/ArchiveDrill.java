package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.BackupCatalog;
import dev.sevenfold.backup.cli.output.Json;
import dev.sevenfold.backup.cli.output.PointOutput;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.Failures;
import dev.sevenfold.backup.cli.run.Shell;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.report.DrillOutcome;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code archive drill}: verifies archives again, before somebody needs them. */
@Command(
    name = "drill",
    description = {
      "Verifies restore points anew: of every tenant those that are not verified, and the one"
          + " whose",
      "verification is the oldest. One that went bad does not stop the run. For a schedule."
    })
final class ArchiveDrill implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(
      names = "--tenant",
      paramLabel = "ID",
      description = "Only this tenant's. Default: those of all.")
  @Nullable TenantId tenant;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    List<DrillOutcome> outcomes =
        tenant == null ? context.onStore(BackupCatalog::drillAll) : drill(tenant);
    List<BackupException> failures =
        outcomes.stream().flatMap(outcome -> outcome.failure().stream()).toList();
    failures.forEach(context.failures()::explain);
    if (json) {
      context.shell().print(Json.text(outcomes.stream().map(ArchiveDrill::fields).toList()));
    } else {
      print(outcomes);
    }
    return Failures.exitCode(failures);
  }

  private List<DrillOutcome> drill(TenantId only) {
    return context.lookUp(
        context.config(), only, id -> context.onStore(store -> store.drill(id)), List::isEmpty);
  }

  private void print(List<DrillOutcome> outcomes) {
    Shell shell = context.shell();
    for (DrillOutcome outcome : outcomes) {
      String bad = outcome.damaged() ? "  failed  " : "  not known  ";
      shell.print(
          outcome.label() + outcome.failure().map(it -> bad + it.what()).orElse("  proven"));
    }
    long verified = outcomes.stream().filter(outcome -> outcome.verified().isPresent()).count();
    long failed = outcomes.stream().filter(DrillOutcome::damaged).count();
    long unknown = outcomes.size() - verified - failed;
    shell.print(
        "%s proven, %s failed%s"
            .formatted(verified, failed, unknown == 0 ? "" : ", " + unknown + " not known"));
  }

  private static Map<String, Object> fields(DrillOutcome outcome) {
    return outcome
        .verified()
        .map(PointOutput::fields)
        .orElseGet(
            () ->
                Json.object(
                    "label", outcome.label(),
                    "proven", false,
                    "verified", false,
                    "damaged", outcome.damaged(),
                    "failure", outcome.failure().orElseThrow().what()));
  }
}
