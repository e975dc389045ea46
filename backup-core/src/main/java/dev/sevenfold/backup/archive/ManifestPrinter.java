package dev.sevenfold.backup.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import dev.sevenfold.backup.archive.ArchiveManifest.Source;
import dev.sevenfold.backup.archive.ArchiveManifest.Table;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Prints a manifest as JSON: one line for each member, each table and each entry. */
final class ManifestPrinter {

  private static final DateTimeFormatter INSTANT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Prints the inside of one element of a list. */
  @FunctionalInterface
  private interface Element<T> {
    void print(T element) throws IOException;
  }

  private final JsonGenerator json;

  private ManifestPrinter(JsonGenerator json) {
    this.json = json;
  }

  static byte[] print(JsonFactory factory, ArchiveManifest manifest) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = factory.createGenerator(bytes)) {
      json.setPrettyPrinter(new Lines());
      new ManifestPrinter(json).print(manifest);
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  /** What a manifest calls a constant. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private void print(ArchiveManifest manifest) throws IOException {
    json.writeStartObject();
    json.writeNumberField("formatVersion", manifest.formatVersion());
    json.writeStringField("kind", word(manifest.kind()));
    json.writeStringField("purpose", word(manifest.purpose()));
    if (manifest.tenant().isPresent()) {
      json.writeStringField("tenant", manifest.tenant().get().value());
    }
    json.writeStringField("capturedAt", INSTANT.format(manifest.capturedAt()));
    print("sequence", manifest.sequence());
    json.writeStringField("libraryVersion", manifest.libraryVersion());
    print(manifest.source());
    print("tables", manifest.tables(), this::print);
    print("entries", manifest.entries(), this::print);
    print("missing", manifest.missing());
    printIfAny("places", manifest.places(), this::print);
    printIfAny("folders", manifest.folders(), this::print);
    printIfAny("links", manifest.links(), this::print);
    if (manifest.ownership().isPresent()) {
      print(manifest.ownership().get());
    }
    json.writeEndObject();
  }

  private void print(OwnershipCheck.Figure figure) throws IOException {
    json.writeObjectFieldStart("ownership");
    json.writeStringField("at", INSTANT.format(figure.at()));
    json.writeNumberField("rows", figure.rows());
    print("tables", figure.tables(), this::print);
    json.writeEndObject();
  }

  private void print(OwnershipCheck.Wrong wrong) throws IOException {
    json.writeStringField("name", wrong.table());
    json.writeNumberField("nobodys", wrong.nobodys());
    json.writeNumberField("doubtful", wrong.doubtful());
  }

  private void print(Source source) throws IOException {
    json.writeObjectFieldStart("source");
    json.writeStringField("engine", source.engine());
    json.writeStringField("engineVersion", source.engineVersion());
    print("schemaVersion", source.schemaVersion());
    json.writeStringField("schemaFingerprint", source.schemaFingerprint());
    json.writeEndObject();
  }

  private void print(Table table) throws IOException {
    json.writeStringField("name", table.name());
    json.writeNumberField("rows", table.rows());
    json.writeStringField("digest", table.digest());
    json.writeStringField("definition", table.definition());
    print("indexes", table.indexes());
    json.writeNumberField("danglingReferences", table.danglingReferences());
    printIfAny("dangling", table.dangling(), this::print);
    printIfAny("leftBehind", table.leftBehind(), this::print);
    if (table.toOthers().isPresent()) {
      print("toOthers", table.toOthers().get(), this::print);
    }
  }

  private void print(ListedReference reference) throws IOException {
    json.writeStringField("child", reference.child());
    print("key", reference.key());
    print("columns", reference.columns());
    json.writeStringField("parent", reference.parent());
    print("parentColumns", reference.parentColumns());
    json.writeNumberField("rows", reference.rows());
    json.writeArrayFieldStart("values");
    for (List<String> value : reference.values()) {
      print(value);
    }
    json.writeEndArray();
  }

  private void print(Entry entry) throws IOException {
    json.writeStringField("name", entry.name());
    json.writeNumberField("size", entry.size());
    json.writeStringField("sha256", entry.sha256());
    print(entry.mode(), entry.modified());
  }

  private void print(Folder folder) throws IOException {
    json.writeStringField("name", folder.name());
    print(folder.mode(), folder.modified());
  }

  private void print(Link link) throws IOException {
    json.writeStringField("name", link.name());
    json.writeStringField("target", link.target());
  }

  private void print(SystemPlace place) throws IOException {
    json.writeStringField("role", word(place.role()));
    json.writeStringField("name", place.name());
    json.writeStringField("path", place.path());
  }

  private void print(OptionalInt mode, Optional<Instant> modified) throws IOException {
    if (mode.isPresent()) {
      json.writeStringField("mode", "%03o".formatted(mode.getAsInt()));
    }
    if (modified.isPresent()) {
      json.writeStringField("modified", modified.get().toString());
    }
  }

  private void print(String member, OptionalLong number) throws IOException {
    if (number.isPresent()) {
      json.writeNumberField(member, number.getAsLong());
    }
  }

  private <T> void printIfAny(String member, List<T> list, Element<T> element) throws IOException {
    if (!list.isEmpty()) {
      print(member, list, element);
    }
  }

  private <T> void print(String member, List<T> list, Element<T> element) throws IOException {
    json.writeArrayFieldStart(member);
    for (T one : list) {
      json.writeStartObject();
      element.print(one);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void print(String member, List<String> texts) throws IOException {
    json.writeFieldName(member);
    print(texts);
  }

  private void print(List<String> texts) throws IOException {
    json.writeStartArray();
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  /**
   * A line for each member, each table and each entry, so that a person can read it and a manifest
   * of many files does not grow by half.
   */
  private static final class Lines extends MinimalPrettyPrinter {

    private static final int DEEPEST = 2;
    private static final long serialVersionUID = 1;

    @Override
    public void beforeObjectEntries(JsonGenerator json) throws IOException {
      line(json, depth(json), "");
    }

    @Override
    public void beforeArrayValues(JsonGenerator json) throws IOException {
      line(json, depth(json), "");
    }

    @Override
    public void writeObjectFieldValueSeparator(JsonGenerator json) throws IOException {
      json.writeRaw(": ");
    }

    @Override
    public void writeObjectEntrySeparator(JsonGenerator json) throws IOException {
      writeArrayValueSeparator(json);
    }

    @Override
    public void writeArrayValueSeparator(JsonGenerator json) throws IOException {
      json.writeRaw(',');
      line(json, depth(json), " ");
    }

    @Override
    public void writeEndObject(JsonGenerator json, int entries) throws IOException {
      end(json, '}', entries);
    }

    @Override
    public void writeEndArray(JsonGenerator json, int values) throws IOException {
      end(json, ']', values);
    }

    private static void end(JsonGenerator json, char bracket, int parts) throws IOException {
      if (parts > 0 && depth(json) <= DEEPEST) {
        line(json, depth(json) - 1, "");
      }
      json.writeRaw(bracket);
    }

    private static void line(JsonGenerator json, int depth, String otherwise) throws IOException {
      json.writeRaw(depth <= DEEPEST ? '\n' + "  ".repeat(depth) : otherwise);
    }

    private static int depth(JsonGenerator json) {
      return json.getOutputContext().getNestingDepth();
    }
  }
}
