package dev.sevenfold.backup.cli.output;

import dev.sevenfold.backup.cli.run.Shell;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.OwnershipCheck.Finding;
import dev.sevenfold.backup.tenant.OwnershipCheck.TableRows;
import dev.sevenfold.backup.tenant.UnmodelledReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints whose the rows of a database are.
 *
 * @param shell where to
 */
public record OwnershipOutput(Shell shell) {

  /** Prints the counts, and what is not one tenant's and no fault. */
  public void print(OwnershipCheck check) {
    boolean everybodys = check.tables().stream().anyMatch(each -> each.everybodys() > 0);
    List<String> columns = new ArrayList<>(List.of("TABLE", "ROWS", "OWNED", "NOBODYS", "SEVERAL"));
    if (everybodys) {
      columns.add("EVERYBODYS");
    }
    TextTable table = new TextTable(1, columns.toArray(String[]::new));
    for (TableRows each : check.tables()) {
      List<Object> row =
          new ArrayList<>(
              List.of(each.table(), each.rows(), each.owned(), each.nobodys(), each.several()));
      if (everybodys) {
        row.add(each.everybodys());
      }
      table.add(row.toArray());
    }
    table.lines().forEach(shell::print);
    for (TableRows each : check.tables()) {
      each.findings().stream()
          .filter(finding -> !each.faults().contains(finding))
          .forEach(finding -> shell.print(line(each, finding)));
    }
    warn(check);
    if (check.isComplete()) {
      shell.print("complete");
    }
  }

  private void warn(OwnershipCheck check) {
    for (UnmodelledReference reference : check.unmodelled()) {
      shell.warn(
          "%s, %s: a copy with new ids %s. Write %s"
              .formatted(
                  reference,
                  reference.proven() ? "a reference that the model lacks" : "likely a reference",
                  reference.proven() ? "is refused" : "would keep it",
                  reference.settledBy()));
    }
  }

  /** Says what is not as the model has it, and what would settle each of it. */
  public void complain(OwnershipCheck check) {
    shell.complain("sevenfold: " + check.figure());
    for (TableRows table : check.tables()) {
      table
          .faults()
          .forEach(
              finding -> shell.complain("  " + line(table, finding) + ": " + way(table, finding)));
    }
    shell.complain(
        "Correct the rows, or the model under tenants in the config, and run tenant check again");
  }

  private static String way(TableRows table, Finding finding) {
    return switch (finding.kind()) {
      case UNNAMED -> "give each of them a key, or delete it";
      case NOBODYS -> "correct the rows, or write " + table.allowedBy();
      case DOUBTFUL, SEVERAL, KEPT, CROSSING -> "correct the rows, or the model";
    };
  }

  private static String line(TableRows table, Finding finding) {
    return "%s: %d %s, %s: %s%s"
        .formatted(
            table.table(),
            finding.rows(),
            finding.rows() == 1 ? "row" : "rows",
            finding.why(),
            String.join(", ", finding.samples()),
            finding.rows() > finding.samples().size() ? ", …" : "");
  }

  /** Prints all of it for programs. */
  public void printJson(OwnershipCheck check) {
    shell.print(
        Json.text(
            Json.object(
                "at",
                check.at(),
                "complete",
                check.isComplete(),
                "tables",
                check.tables().stream().map(OwnershipOutput::fields).toList(),
                "unmodelled",
                check.unmodelled().stream().map(OwnershipOutput::fields).toList())));
  }

  private static Map<String, Object> fields(UnmodelledReference reference) {
    return Json.object(
        "table",
        reference.table(),
        "column",
        reference.column(),
        "typeColumn",
        reference.typeColumn(),
        "type",
        reference.type(),
        "parent",
        reference.parent(),
        "parentColumn",
        reference.parentColumn(),
        "evidence",
        reference.evidence(),
        "proven",
        reference.proven());
  }

  private static Map<String, Object> fields(TableRows table) {
    return Json.object(
        "table",
        table.table(),
        "rows",
        table.rows(),
        "owned",
        table.owned(),
        "nobodys",
        table.nobodys(),
        "several",
        table.several(),
        "allowed",
        table.allowed(),
        "everybodys",
        table.everybodys(),
        "findings",
        table.findings().stream()
            .map(
                finding ->
                    Json.object(
                        "why",
                        finding.why(),
                        "kind",
                        finding.kind().name().toLowerCase(Locale.ROOT),
                        "rows",
                        finding.rows(),
                        "doubtful",
                        finding.doubtful(),
                        "samples",
                        finding.samples()))
            .toList());
  }

  /** The figure of a backup for programs. */
  static Map<String, Object> fields(OwnershipCheck.Figure figure) {
    return Json.object(
        "at",
        figure.at(),
        "rows",
        figure.rows(),
        "nobodys",
        figure.nobodys(),
        "doubtful",
        figure.doubtful(),
        "tables",
        figure.tables().stream()
            .map(
                wrong ->
                    Json.object(
                        "table",
                        wrong.table(),
                        "nobodys",
                        wrong.nobodys(),
                        "doubtful",
                        wrong.doubtful()))
            .toList());
  }
}
