package dev.sevenfold.backup.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sevenfold.backup.cli.run.ConfigWords;
import dev.sevenfold.backup.cli.run.Shell;
import dev.sevenfold.backup.cli.run.WhichArchive;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Prints what a restore changes, or has changed.
 *
 * @param shell where to
 * @param plan the changes
 */
public record PlanOutput(Shell shell, RestorePlan plan) {

  /** Prints a restore that is done. */
  public static void printDone(Shell shell, Optional<WhichArchive> from, RestoreReport report) {
    new PlanOutput(shell, report.plan()).print();
    shell.print(
        report
            .safety()
            .map(safety -> "safety backup: " + safety.label())
            .orElse("nothing differed: nothing was written, and no safety backup was taken"));
    from.ifPresent(WhichArchive::done);
    shell.print("restored");
  }

  public static void printDoneJson(Shell shell, String label, RestoreReport report) {
    new PlanOutput(shell, report.plan())
        .printJson(label, report.safety().map(RestorePoint::label).orElse(null));
  }

  public void print() {
    TextTable table = new TextTable(1, "TABLE", "INSERTED", "UPDATED", "DELETED", "UNCHANGED");
    for (RestorePlan.TableChange change : plan.tables()) {
      table.add(
          change.table(),
          change.inserted(),
          change.updated(),
          change.deleted(),
          change.unchanged());
    }
    table.lines().forEach(shell::print);
    plan.tables().forEach(change -> RowOutput.print(shell, change));
    RestorePlan.FileChange files = plan.files();
    shell.print(
        "files: %d written, %d removed, %d unchanged"
            .formatted(files.written(), files.removed(), files.unchanged()));
    for (RestorePlan.SideEffect effect : plan.sideEffects()) {
      shell.print(
          "side effect: %s of %d rows of %s"
              .formatted(effect.action(), effect.rows(), effect.table()));
    }
    plan.notes().forEach(note -> shell.print("note: " + note));
    plan.rebuild().forEach(what -> shell.print("rebuild afterwards: " + what));
  }

  /** Says what stands in the way. */
  public void complain() {
    shell.complain("sevenfold: tenant " + plan.target() + " cannot be restored");
    conflicts().forEach(conflict -> shell.complain("  " + conflict));
    shell.complain("Nothing was changed; clear what stands in the way, then try again");
  }

  private List<String> conflicts() {
    return plan.conflicts().stream().map(ConfigWords::of).toList();
  }

  public void printJson(String label) {
    printJson(label, null);
  }

  private void printJson(String label, @Nullable Label safety) {
    shell.print(
        Json.text(
            json -> {
              json.writeStartObject();
              json.writeStringField("tenant", plan.target().value());
              json.writeStringField("label", label);
              writeTables(json);
              writeRest(json);
              if (safety != null) {
                json.writeStringField("safetyLabel", safety.value());
              }
              json.writeEndObject();
            }));
  }

  private void writeTables(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("tables");
    for (RestorePlan.TableChange change : plan.tables()) {
      json.writeStartObject();
      json.writeStringField("table", change.table());
      json.writeNumberField("inserted", change.inserted());
      json.writeNumberField("updated", change.updated());
      json.writeNumberField("deleted", change.deleted());
      json.writeNumberField("unchanged", change.unchanged());
      if (!change.rows().isEmpty()) {
        RowOutput.write(json, change);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeRest(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("files");
    json.writeNumberField("written", plan.files().written());
    json.writeNumberField("removed", plan.files().removed());
    json.writeNumberField("unchanged", plan.files().unchanged());
    json.writeEndObject();
    json.writeArrayFieldStart("sideEffects");
    for (RestorePlan.SideEffect effect : plan.sideEffects()) {
      json.writeStartObject();
      json.writeStringField("table", effect.table());
      json.writeStringField("action", effect.action());
      json.writeNumberField("rows", effect.rows());
      json.writeEndObject();
    }
    json.writeEndArray();
    Json.strings(json, "obstacles", conflicts());
    Json.strings(json, "notes", plan.notes());
    Json.strings(json, "rebuild", plan.rebuild());
  }
}
