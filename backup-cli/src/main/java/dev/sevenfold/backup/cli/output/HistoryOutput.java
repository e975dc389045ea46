package dev.sevenfold.backup.cli.output;

import dev.sevenfold.backup.cli.run.Shell;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.RowHistory;
import dev.sevenfold.backup.report.TenantHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Prints what is in restore points.
 *
 * @param shell where to
 */
public record HistoryOutput(Shell shell) {

  /** Prints rows through the restore points. */
  public void print(TenantHistory.Found found) {
    for (RowHistory row : found.rows()) {
      shell.print(RowOutput.line("row " + row.key() + " of " + row.table()));
      for (RowHistory.Span span : row.spans()) {
        shell.print(
            "  "
                + when(span)
                + ": "
                + String.join(", ", RowOutput.values(span.columns(), span.values())));
      }
      if (!row.isThere()) {
        shell.print(
            "  "
                + row.goneSince()
                    .map(point -> "gone since " + named(point))
                    .orElse("gone today, after the last restore point"));
      }
    }
    if (found.rows().isEmpty()) {
      shell.print("in no restore point, and not there today");
    }
    if (found.bounded()) {
      shell.print("there are more rows; look for less");
    }
    found
        .unread()
        .forEach(
            archive ->
                shell.complain(
                    RowOutput.line(
                        "sevenfold: not looked at: " + archive.label() + ": " + archive.reason())));
  }

  private static String when(RowHistory.Span span) {
    if (span.from().isEmpty()) {
      return "today";
    }
    String from = named(span.from().get());
    if (span.today()) {
      return from + " to today";
    }
    return span.from().equals(span.until())
        ? from
        : from + " to " + span.until().map(HistoryOutput::named).orElse("today");
  }

  private static String named(RestorePoint point) {
    List<String> marks = new ArrayList<>();
    if (point.isSafety()) {
      marks.add("safety");
    }
    if (point.pinned()) {
      marks.add("pinned");
    }
    return point.label() + (marks.isEmpty() ? "" : " (" + String.join(", ", marks) + ")");
  }

  /** Prints the same as one JSON value. */
  public void printJson(String tenant, TenantHistory.Found found) {
    shell.print(
        Json.text(
            Json.object(
                "tenant", tenant,
                "rows", found.rows().stream().map(HistoryOutput::fields).toList(),
                "bounded", found.bounded(),
                "unread",
                    found.unread().stream()
                        .map(a -> Json.object("label", a.label(), "reason", a.reason()))
                        .toList())));
  }

  private static Map<String, Object> fields(RowHistory row) {
    return Json.object(
        "table", row.table(),
        "key", row.key(),
        "today", row.isThere(),
        "goneSince", row.goneSince().map(HistoryOutput::fields),
        "spans", row.spans().stream().map(HistoryOutput::fields).toList());
  }

  private static Map<String, Object> fields(RowHistory.Span span) {
    return Json.object(
        "from", span.from().map(HistoryOutput::fields),
        "until", span.until().map(HistoryOutput::fields),
        "today", span.today(),
        "values", RowOutput.named(span.columns(), span.values()));
  }

  private static Map<String, Object> fields(RestorePoint point) {
    return Json.object(
        "label", point.label(),
        "capturedAt", point.capturedAt(),
        "safety", point.isSafety(),
        "pinned", point.pinned());
  }

  /** Prints what differs. */
  public void print(TenantHistory.Difference difference) {
    PlanOutput.print(shell, difference.tables(), difference.files());
    difference.notes().forEach(note -> shell.print(RowOutput.line("note: " + note)));
  }

  /** Prints the same as one JSON value. */
  public void printJson(
      String tenant, String from, Optional<String> to, TenantHistory.Difference difference) {
    shell.print(
        Json.text(
            Json.object(
                "tenant",
                tenant,
                "label",
                from,
                "to",
                to,
                "tables",
                difference.tables().stream().map(PlanOutput::fields).toList(),
                "files",
                PlanOutput.fields(difference.files()),
                "notes",
                difference.notes())));
  }
}
