package dev.sevenfold.examples.operator;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sevenfold.backup.RestorePoint;
import java.io.IOException;
import java.util.List;

/** Prints restore points. */
final class PointOutput {

  private PointOutput() {}

  static void print(Shell shell, List<RestorePoint> points) {
    TextTable table = new TextTable(4, "LABEL", "CAPTURED AT", "PROVEN", "PINNED", "BYTES");
    for (RestorePoint point : points) {
      table.add(
          point.label(),
          point.capturedAt(),
          point.proven() ? "yes" : "no",
          point.pinned() ? "yes" : "no",
          point.sizeBytes());
    }
    table.lines().forEach(shell::print);
  }

  static void printJson(Shell shell, List<RestorePoint> points) {
    shell.print(
        Json.text(
            json -> {
              json.writeStartArray();
              for (RestorePoint point : points) {
                write(json, point);
              }
              json.writeEndArray();
            }));
  }

  static void printJson(Shell shell, RestorePoint point) {
    shell.print(Json.text(json -> write(json, point)));
  }

  private static void write(JsonGenerator json, RestorePoint point) throws IOException {
    json.writeStartObject();
    writeFields(json, point);
    json.writeEndObject();
  }

  static void writeFields(JsonGenerator json, RestorePoint point) throws IOException {
    json.writeStringField("label", point.label().value());
    json.writeStringField("capturedAt", point.capturedAt().toString());
    json.writeNumberField("sizeBytes", point.sizeBytes());
    json.writeBooleanField("proven", point.proven());
    json.writeBooleanField("pinned", point.pinned());
    json.writeStringField("tenant", point.tenant().value());
  }
}
