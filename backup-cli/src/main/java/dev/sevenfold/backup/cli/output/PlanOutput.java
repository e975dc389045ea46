package dev.sevenfold.backup.cli.output;

import dev.sevenfold.backup.cli.run.ConfigWords;
import dev.sevenfold.backup.cli.run.Shell;
import dev.sevenfold.backup.cli.run.WhichArchive;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.source.RestorePlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    Map<String, Object> fields = new PlanOutput(shell, report.plan()).fields(label);
    report.safety().ifPresent(safety -> fields.put("safetyLabel", safety.label()));
    shell.print(Json.text(fields));
  }

  public void print() {
    print(shell, plan.tables(), plan.files());
    for (RestorePlan.SideEffect effect : plan.sideEffects()) {
      shell.print(
          "side effect: %s of %d rows of %s"
              .formatted(effect.action(), effect.rows(), effect.table()));
    }
    plan.notes().forEach(note -> shell.print("note: " + note));
    plan.rebuild().forEach(what -> shell.print("rebuild afterwards: " + what));
  }

  /** Prints what becomes of rows and files. */
  static void print(
      Shell shell, List<RestorePlan.TableChange> tables, RestorePlan.FileChange files) {
    TextTable table = new TextTable(1, "TABLE", "INSERTED", "UPDATED", "DELETED", "UNCHANGED");
    for (RestorePlan.TableChange change : tables) {
      table.add(
          change.table(),
          change.inserted(),
          change.updated(),
          change.deleted(),
          change.unchanged());
    }
    table.lines().forEach(shell::print);
    tables.forEach(change -> RowOutput.print(shell, change));
    shell.print(
        "files: %d written, %d removed, %d unchanged"
            .formatted(files.written(), files.removed(), files.unchanged()));
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
    shell.print(json(label));
  }

  /** What {@link PlanFile} reads. */
  public String json(String label) {
    return Json.text(fields(label));
  }

  private Map<String, Object> fields(String label) {
    Map<String, Object> fields = Json.object("tenant", plan.target(), "label", label);
    plan.digest().ifPresent(digest -> fields.putAll(PlanFile.identity(plan.options(), digest)));
    fields.putAll(changes());
    return fields;
  }

  private Map<String, Object> changes() {
    return Json.object(
        "tables", plan.tables().stream().map(PlanOutput::fields).toList(),
        "files", fields(plan.files()),
        "sideEffects", plan.sideEffects().stream().map(PlanOutput::fields).toList(),
        "obstacles", conflicts(),
        "notes", plan.notes(),
        "rebuild", plan.rebuild());
  }

  static Map<String, Object> fields(RestorePlan.FileChange files) {
    return Json.object(
        "written", files.written(),
        "removed", files.removed(),
        "unchanged", files.unchanged());
  }

  static Map<String, Object> fields(RestorePlan.TableChange change) {
    Map<String, Object> fields =
        Json.object(
            "table", change.table(),
            "inserted", change.inserted(),
            "updated", change.updated(),
            "deleted", change.deleted(),
            "unchanged", change.unchanged());
    if (!change.rows().isEmpty()) {
      fields.put("rows", RowOutput.rows(change));
    }
    return fields;
  }

  private static Map<String, Object> fields(RestorePlan.SideEffect effect) {
    return Json.object("table", effect.table(), "action", effect.action(), "rows", effect.rows());
  }
}
