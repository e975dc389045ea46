package dev.sevenfold.backup.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.report.SystemPoint;
import dev.sevenfold.backup.source.SystemProof;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The part of {@code archive verify} that proves backups of the whole system.
 *
 * @param context where to print, and whom to ask
 * @param json whether to print JSON
 */
record SystemVerify(Context context, boolean json) {

  /** Whether a file says of itself that it is a backup of the system. */
  static boolean isOfSystem(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return ArchiveReader.withDefaults().readHead(in).manifest().kind()
          == ArchiveManifest.Kind.SYSTEM;
    } catch (IOException | ArchiveCorrupt | ArchiveNotReadable e) {
      // What is wrong with it is said when all of it is read.
      return false;
    }
  }

  void verify(Label label, Config config) {
    SystemPoint point = context.work().withSystemStore(config, backups -> backups.verify(label));
    if (json) {
      context.shell().print(Json.text(generator -> write(generator, point)));
    } else {
      context.shell().print("system, captured at " + point.capturedAt());
      context.shell().print("proven");
    }
  }

  void verify(Path file) {
    SystemProof proof = context.work().withNoSystem(backups -> verify(backups, file));
    proof.warnings().forEach(context.shell()::warn);
    proof.findings().forEach(context.shell()::warn);
    if (json) {
      context.shell().print(Json.text(generator -> write(generator, file, proof)));
    } else {
      context
          .shell()
          .print(
              "system, %d databases, %d files, %d folders, %d links, %d bytes"
                  .formatted(
                      proof.databases().size(),
                      proof.files(),
                      proof.folders(),
                      proof.links(),
                      proof.bytes()));
      context.shell().print("proven");
    }
  }

  private static SystemProof verify(SystemBackups backups, Path file) {
    try {
      return backups.verify(file);
    } catch (ArchiveCorrupt e) {
      throw new ArchiveCorrupt(file + ": " + e.what(), e.advice(), e);
    }
  }

  /** A backup of the system with the fields that callers rely on. */
  static void write(JsonGenerator json, SystemPoint point) throws IOException {
    json.writeStartObject();
    writeFields(json, point);
    json.writeEndObject();
  }

  static void writeFields(JsonGenerator json, SystemPoint point) throws IOException {
    json.writeStringField("label", point.label().value());
    json.writeStringField("capturedAt", point.capturedAt().toString());
    json.writeNumberField("sizeBytes", point.sizeBytes());
    json.writeBooleanField("proven", point.proven());
    json.writeBooleanField("pinned", point.pinned());
    json.writeNullField("tenant");
  }

  private static void write(JsonGenerator json, Path file, SystemProof proof) throws IOException {
    json.writeStartObject();
    json.writeStringField("file", file.toString());
    json.writeNullField("tenant");
    json.writeNumberField("databases", proof.databases().size());
    json.writeNumberField("files", proof.files());
    json.writeNumberField("folders", proof.folders());
    json.writeNumberField("links", proof.links());
    json.writeNumberField("bytes", proof.bytes());
    json.writeBooleanField("proven", true);
    json.writeEndObject();
  }
}
