package dev.sevenfold.backup.cli.output;

import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Failures;
import dev.sevenfold.backup.cli.run.Shell;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.BackupOutcome;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Prints what became of backups.
 *
 * @param shell where to
 * @param failures how to explain those that failed
 */
public record BackupOutput(Shell shell, Failures failures) {

  public void print(BackupReport report) {
    RestorePoint point = report.restorePoint();
    shell.print(contents(report));
    report
        .completenessCheckedAt()
        .ifPresent(at -> shell.print("indexes compared with their tables at " + at));
    report.deleted().forEach(old -> shell.print("pruned: " + old.label()));
    shell.print(point.label().value());
  }

  /** Warns of rows that are in no backup: once, however many tenants were backed up. */
  public void warnOfLostRows(Stream<BackupReport> reports) {
    reports
        .flatMap(report -> report.ownership().stream())
        .max(Comparator.comparing(OwnershipCheck.Figure::at))
        .filter(figure -> !figure.isComplete())
        .ifPresent(figure -> shell.warn(figure + "; tenant check lists them"));
  }

  private static String contents(BackupReport report) {
    return "%s rows, %s files, %s bytes, verified"
        .formatted(report.rows(), report.files(), report.restorePoint().sizeBytes());
  }

  /** Prints one line for each tenant while the work goes on; nothing if the result is JSON. */
  public BackupListener each(boolean json) {
    return new BackupListener() {
      @Override
      public void backupCompleted(BackupReport report) {
        report.warnings().forEach(text -> shell.warn("tenant " + report.tenant() + ": " + text));
        if (!json) {
          shell.print(
              report.tenant() + "  " + report.restorePoint().label() + "  " + contents(report));
        }
      }

      @Override
      public void backupFailed(TenantId tenant, BackupException failure) {
        failures.explain(failure);
        if (!json) {
          shell.print(tenant + "  failed  " + failure.what());
        }
      }
    };
  }

  /** Prints that the run over all tenants was refused as a whole. */
  public void printNothingDone(BackupRefused refused, boolean json) {
    shell.print(
        json ? Json.text(List.of(failure(Optional.empty(), refused))) : "0 completed, 1 failed");
  }

  /** Prints how many were backed up, and how many not: {@code unnamed} have no outcome. */
  public void printSummary(List<BackupOutcome> outcomes, long unnamed) {
    long failed = outcomes.stream().filter(outcome -> outcome.failure().isPresent()).count();
    shell.print((outcomes.size() - failed) + " completed, " + (failed + unnamed) + " failed");
  }

  public void printJson(BackupReport report) {
    shell.print(Json.text(fields(report)));
  }

  public void printJson(List<BackupOutcome> outcomes) {
    shell.print(Json.text(outcomes.stream().map(BackupOutput::fields).toList()));
  }

  private static Map<String, Object> fields(BackupOutcome outcome) {
    return outcome
        .report()
        .map(BackupOutput::fields)
        .orElseGet(() -> failure(Optional.of(outcome.tenant()), outcome.failure().orElseThrow()));
  }

  private static Map<String, Object> failure(Optional<TenantId> tenant, BackupException failure) {
    return Json.object(
        "tenant",
        tenant,
        "failure",
        failure.what(),
        "refused",
        Failures.exitCode(failure) == ExitCode.REFUSED);
  }

  private static Map<String, Object> fields(BackupReport report) {
    Map<String, Object> fields = PointOutput.fields(report.restorePoint());
    fields.put("rows", report.rows());
    fields.put("files", report.files());
    report.completenessCheckedAt().ifPresent(at -> fields.put("indexesCheckedAt", at));
    report.ownership().ifPresent(f -> fields.put("ownership", OwnershipOutput.fields(f)));
    fields.put("warnings", report.warnings());
    fields.put("deleted", report.deleted().stream().map(RestorePoint::label).toList());
    return fields;
  }
}
