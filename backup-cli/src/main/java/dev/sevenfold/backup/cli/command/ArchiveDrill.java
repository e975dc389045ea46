package dev.sevenfold.backup.cli.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sevenfold.backup.BackupCatalog;
import dev.sevenfold.backup.cli.output.Json;
import dev.sevenfold.backup.cli.output.PointOutput;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Failures;
import dev.sevenfold.backup.cli.run.Services;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.report.DrillOutcome;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.util.List;
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
    List<DrillOutcome> outcomes = context.work().on(context.config(), Services::store, this::drill);
    List<BackupException> failures =
        outcomes.stream().flatMap(outcome -> outcome.failure().stream()).toList();
    failures.forEach(context.failures()::explain);
    if (json) {
      printJson(outcomes);
    } else {
      print(outcomes);
    }
    if (failures.isEmpty()) {
      return ExitCode.DONE;
    }
    boolean allBad =
        failures.stream().allMatch(failure -> Failures.exitCode(failure) == ExitCode.REFUSED);
    return allBad ? ExitCode.REFUSED : ExitCode.FAILED;
  }

  private List<DrillOutcome> drill(BackupCatalog catalog) {
    return tenant == null ? catalog.drillAll() : catalog.drill(tenant);
  }

  private void print(List<DrillOutcome> outcomes) {
    for (DrillOutcome outcome : outcomes) {
      context
          .shell()
          .print(
              outcome.label()
                  + outcome
                      .failure()
                      .map(
                          failure ->
                              (outcome.damaged() ? "  failed  " : "  not known  ") + failure.what())
                      .orElse("  proven"));
    }
    long verified = outcomes.stream().filter(outcome -> outcome.verified().isPresent()).count();
    long failed = outcomes.stream().filter(DrillOutcome::damaged).count();
    long unknown = outcomes.size() - verified - failed;
    context
        .shell()
        .print(
            verified
                + " proven, "
                + failed
                + " failed"
                + (unknown == 0 ? "" : ", " + unknown + " not known"));
  }

  private void printJson(List<DrillOutcome> outcomes) {
    context
        .shell()
        .print(
            Json.text(
                json -> {
                  json.writeStartArray();
                  for (DrillOutcome outcome : outcomes) {
                    write(json, outcome);
                  }
                  json.writeEndArray();
                }));
  }

  private static void write(JsonGenerator json, DrillOutcome outcome) throws IOException {
    json.writeStartObject();
    if (outcome.verified().isPresent()) {
      PointOutput.writeFields(json, outcome.verified().get());
    } else {
      json.writeStringField("label", outcome.label().value());
      PointOutput.writeVerified(json, false);
      json.writeBooleanField("damaged", outcome.damaged());
      json.writeStringField("failure", outcome.failure().orElseThrow().what());
    }
    json.writeEndObject();
  }
}
