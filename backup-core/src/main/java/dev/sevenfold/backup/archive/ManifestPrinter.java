package dev.sevenfold.backup.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import dev.sevenfold.backup.archive.ArchiveManifest.Source;
import dev.sevenfold.backup.archive.ArchiveManifest.Table;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Prints a manifest as JSON: one line for each member, each table and each entry. */
final class ManifestPrinter {

  private static final DateTimeFormatter INSTANT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final JsonGenerator json;

  private ManifestPrinter(JsonGenerator json) {
    this.json = json;
  }

  static byte[] print(JsonFactory factory, ArchiveManifest manifest) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = factory.createGenerator(bytes)) {
      json.setPrettyPrinter(new ManifestLayout());
      new ManifestPrinter(json).print(manifest);
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  private void print(ArchiveManifest manifest) throws IOException {
    json.writeStartObject();
    json.writeNumberField("formatVersion", manifest.formatVersion());
    json.writeStringField("kind", manifest.kind().name().toLowerCase(Locale.ROOT));
    json.writeStringField("purpose", manifest.purpose().name().toLowerCase(Locale.ROOT));
    if (manifest.tenant().isPresent()) {
      json.writeStringField("tenant", manifest.tenant().get().value());
    }
    json.writeStringField("capturedAt", INSTANT.format(manifest.capturedAt()));
    if (manifest.sequence().isPresent()) {
      json.writeNumberField("sequence", manifest.sequence().getAsLong());
    }
    json.writeStringField("libraryVersion", manifest.libraryVersion());
    print(manifest.source());
    json.writeArrayFieldStart("tables");
    for (Table table : manifest.tables()) {
      print(table);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("entries");
    for (Entry entry : manifest.entries()) {
      print(entry);
    }
    json.writeEndArray();
    print("missing", manifest.missing());
    if (!manifest.places().isEmpty()) {
      json.writeArrayFieldStart("places");
      for (SystemPlace place : manifest.places()) {
        print(place);
      }
      json.writeEndArray();
    }
    printTrees(manifest);
    json.writeEndObject();
  }

  private void printTrees(ArchiveManifest manifest) throws IOException {
    if (!manifest.folders().isEmpty()) {
      json.writeArrayFieldStart("folders");
      for (Folder folder : manifest.folders()) {
        json.writeStartObject();
        json.writeStringField("name", folder.name());
        print(folder.mode(), folder.modified());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    if (!manifest.links().isEmpty()) {
      json.writeArrayFieldStart("links");
      for (Link link : manifest.links()) {
        json.writeStartObject();
        json.writeStringField("name", link.name());
        json.writeStringField("target", link.target());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }

  private void print(OptionalInt mode, Optional<Instant> modified) throws IOException {
    if (mode.isPresent()) {
      json.writeStringField("mode", "%03o".formatted(mode.getAsInt()));
    }
    if (modified.isPresent()) {
      json.writeStringField("modified", modified.get().toString());
    }
  }

  private void print(Source source) throws IOException {
    json.writeObjectFieldStart("source");
    json.writeStringField("engine", source.engine());
    json.writeStringField("engineVersion", source.engineVersion());
    if (source.schemaVersion().isPresent()) {
      json.writeNumberField("schemaVersion", source.schemaVersion().getAsLong());
    }
    json.writeStringField("schemaFingerprint", source.schemaFingerprint());
    json.writeEndObject();
  }

  private void print(Table table) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", table.name());
    json.writeNumberField("rows", table.rows());
    json.writeStringField("digest", table.digest());
    json.writeStringField("definition", table.definition());
    print("indexes", table.indexes());
    json.writeNumberField("danglingReferences", table.danglingReferences());
    printReferences("dangling", table.dangling());
    printReferences("leftBehind", table.leftBehind());
    json.writeEndObject();
  }

  private void printReferences(String member, List<DanglingReference> references)
      throws IOException {
    if (references.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(member);
    for (DanglingReference reference : references) {
      json.writeStartObject();
      json.writeStringField("child", reference.child());
      print("key", reference.key());
      print("columns", reference.columns());
      json.writeStringField("parent", reference.parent());
      print("parentColumns", reference.parentColumns());
      json.writeNumberField("rows", reference.rows());
      json.writeArrayFieldStart("values");
      for (List<String> value : reference.values()) {
        json.writeStartArray();
        for (String part : value) {
          json.writeString(part);
        }
        json.writeEndArray();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void print(Entry entry) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", entry.name());
    json.writeNumberField("size", entry.size());
    json.writeStringField("sha256", entry.sha256());
    print(entry.mode(), entry.modified());
    json.writeEndObject();
  }

  private void print(SystemPlace place) throws IOException {
    json.writeStartObject();
    json.writeStringField("role", place.role().word());
    json.writeStringField("name", place.name());
    json.writeStringField("path", place.path());
    json.writeEndObject();
  }

  private void print(String member, List<String> texts) throws IOException {
    json.writeArrayFieldStart(member);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }
}
