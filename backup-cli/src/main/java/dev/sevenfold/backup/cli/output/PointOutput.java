package dev.sevenfold.backup.cli.output;

import dev.sevenfold.backup.cli.run.Shell;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.UnreadableArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Prints restore points. */
public final class PointOutput {

  private PointOutput() {}

  public static void print(
      Shell shell, List<RestorePoint> points, List<UnreadableArchive> unreadable) {
    TextTable table = new TextTable(4, "LABEL", "CAPTURED AT", "VERIFIED", "PINNED", "BYTES");
    for (RestorePoint point : points) {
      table.add(
          point.label(),
          point.capturedAt(),
          point.verified() ? "yes" : "no",
          pinned(point.pinned(), point.hold()),
          point.sizeBytes());
    }
    for (UnreadableArchive archive : unreadable) {
      table.add(
          archive.label(),
          "damaged",
          "no",
          pinned(archive.pinned(), archive.record().hold()),
          archive.sizeBytes());
    }
    table.lines().forEach(shell::print);
  }

  private static String pinned(boolean pinned, Optional<String> hold) {
    return hold.map(reason -> "held: " + reason).orElse(pinned ? "yes" : "no");
  }

  public static void printJson(
      Shell shell, List<RestorePoint> points, List<UnreadableArchive> unreadable) {
    shell.print(
        Json.text(
            Stream.concat(
                    points.stream().map(PointOutput::fields),
                    unreadable.stream().map(PointOutput::fields))
                .toList()));
  }

  public static void printJson(Shell shell, RestorePoint point) {
    shell.print(Json.text(fields(point)));
  }

  /** Whose it is, and of when, is what its label says: it does not say so itself any more. */
  private static Map<String, Object> fields(UnreadableArchive archive) {
    Label label = archive.label();
    // Under the old word too, which callers rely on.
    return Json.object(
        "label", label,
        "capturedAt", label.stampedAt(),
        "sizeBytes", archive.sizeBytes(),
        "proven", false,
        "verified", false,
        "pinned", archive.pinned(),
        "hold", archive.record().hold(),
        "tenant", label.tenant().map(TenantId::value).orElse(""),
        "damage", archive.reason());
  }

  /** What is said of every restore point. */
  public static Map<String, Object> fields(RestorePoint point) {
    return Json.object(
        "label", point.label(),
        "capturedAt", point.capturedAt(),
        "sizeBytes", point.sizeBytes(),
        "proven", point.verified(),
        "verified", point.verified(),
        "pinned", point.pinned(),
        "hold", point.hold(),
        "tenant", point.tenant());
  }
}
