package dev.sevenfold.backup.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sevenfold.backup.cli.run.Shell;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.UnreadableArchive;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.util.List;

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
          point.pinned() ? "yes" : "no",
          point.sizeBytes());
    }
    for (UnreadableArchive archive : unreadable) {
      table.add(
          archive.label(), "damaged", "no", archive.pinned() ? "yes" : "no", archive.sizeBytes());
    }
    table.lines().forEach(shell::print);
  }

  public static void printJson(
      Shell shell, List<RestorePoint> points, List<UnreadableArchive> unreadable) {
    shell.print(
        Json.text(
            json -> {
              json.writeStartArray();
              for (RestorePoint point : points) {
                write(json, point);
              }
              for (UnreadableArchive archive : unreadable) {
                write(json, archive);
              }
              json.writeEndArray();
            }));
  }

  public static void printJson(Shell shell, RestorePoint point) {
    shell.print(Json.text(json -> write(json, point)));
  }

  private static void write(JsonGenerator json, RestorePoint point) throws IOException {
    json.writeStartObject();
    writeFields(json, point);
    json.writeEndObject();
  }

  /** Whose it is, and of when, is what its label says: it does not say so itself any more. */
  private static void write(JsonGenerator json, UnreadableArchive archive) throws IOException {
    json.writeStartObject();
    json.writeStringField("label", archive.label().value());
    json.writeStringField("capturedAt", archive.label().stampedAt().toString());
    json.writeNumberField("sizeBytes", archive.sizeBytes());
    writeVerified(json, false);
    json.writeBooleanField("pinned", archive.pinned());
    json.writeStringField("tenant", archive.label().tenant().map(TenantId::value).orElse(""));
    json.writeStringField("damage", archive.reason());
    json.writeEndObject();
  }

  public static void writeFields(JsonGenerator json, RestorePoint point) throws IOException {
    json.writeStringField("label", point.label().value());
    json.writeStringField("capturedAt", point.capturedAt().toString());
    json.writeNumberField("sizeBytes", point.sizeBytes());
    writeVerified(json, point.verified());
    json.writeBooleanField("pinned", point.pinned());
    json.writeStringField("tenant", point.tenant().map(TenantId::value).orElse(null));
  }

  /** Under the old word too, which callers rely on. */
  public static void writeVerified(JsonGenerator json, boolean verified) throws IOException {
    json.writeBooleanField("proven", verified);
    json.writeBooleanField("verified", verified);
  }
}
