package dev.sevenfold.backup.archive;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Kind;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.archive.ArchiveManifest.Source;
import dev.sevenfold.backup.archive.ArchiveManifest.Table;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a manifest from its JSON, strictly: every member that the format requires is there once and
 * has its type. Members that it does not know are passed over. Use from one thread, once.
 *
 * <p>The values are checked by {@link ArchiveManifest}, whose refusal reaches the caller as it is.
 */
final class ManifestParser {

  /** Of all lists together, so that a small hostile manifest cannot become a large heap. */
  static final int MOST_ELEMENTS = 2_000_000;

  private static final Pattern INSTANT =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");

  // As exact as a file system has it.
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z");

  private static final Pattern MODE = Pattern.compile("[0-7]{3}");

  /** Reads one value. */
  @FunctionalInterface
  interface Value<T> {
    T read() throws IOException;
  }

  private final JsonParser json;
  private int elements;

  ManifestParser(JsonParser json) {
    this.json = json;
  }

  /** Finds the version of the format, whatever else there may be, and leaves the rest unread. */
  long formatVersion() throws IOException {
    json.nextToken();
    for (String member = first(); member != null; member = next()) {
      if (member.equals("formatVersion")) {
        return number();
      }
      json.skipChildren();
    }
    throw malformed("formatVersion is missing");
  }

  /** Reads a manifest of one version of the format, which is known already. */
  ArchiveManifest manifest(long version) throws IOException {
    json.nextToken();
    ArchiveManifest manifest = members();
    // What came with version 2 is in version 1 a member that is not known, or not allowed.
    if (version == ArchiveManifest.PLAIN_FORMAT_VERSION) {
      manifest = plain(manifest);
    }
    if (json.nextToken() != null) {
      throw malformed("it goes on after its end");
    }
    return manifest;
  }

  private static ArchiveManifest plain(ArchiveManifest read) {
    read.entries().forEach(entry -> EntryNames.requirePlain(entry.name()));
    read.missing().forEach(EntryNames::requirePlain);
    return new ArchiveManifest(
        read.kind(),
        read.purpose(),
        read.tenant(),
        read.capturedAt(),
        read.source(),
        read.libraryVersion(),
        read.tables(),
        read.entries(),
        read.missing(),
        read.places(),
        List.of(),
        List.of(),
        read.sequence());
  }

  private ArchiveManifest members() throws IOException {
    Long version = null;
    Kind kind = null;
    Purpose purpose = null;
    TenantId tenant = null;
    Instant capturedAt = null;
    Source source = null;
    String libraryVersion = null;
    List<Table> tables = null;
    List<Entry> entries = null;
    List<String> missing = null;
    List<SystemPlace> places = null;
    List<Folder> folders = null;
    List<Link> links = null;
    Long sequence = null;
    for (String member = first(); member != null; member = next()) {
      switch (member) {
        case "formatVersion" -> version = once(version, this::number);
        case "kind" -> kind = once(kind, this::kind);
        case "purpose" -> purpose = once(purpose, this::purpose);
        case "tenant" -> tenant = once(tenant, () -> new TenantId(text()));
        case "capturedAt" -> capturedAt = once(capturedAt, this::instant);
        case "source" -> source = once(source, this::source);
        case "libraryVersion" -> libraryVersion = once(libraryVersion, this::text);
        case "tables" -> tables = once(tables, () -> list(this::table));
        case "entries" -> entries = once(entries, () -> list(this::entry));
        case "missing" -> missing = once(missing, () -> list(this::text));
        case "places" -> places = once(places, () -> list(this::place));
        case "folders" -> folders = once(folders, () -> list(this::folder));
        case "links" -> links = once(links, () -> list(this::link));
        case "sequence" -> sequence = once(sequence, this::number);
        default -> json.skipChildren();
      }
    }
    return new ArchiveManifest(
        required("kind", kind),
        required("purpose", purpose),
        Optional.ofNullable(tenant),
        required("capturedAt", capturedAt),
        required("source", source),
        required("libraryVersion", libraryVersion),
        required("tables", tables),
        required("entries", entries),
        required("missing", missing),
        places == null ? List.of() : places,
        folders == null ? List.of() : folders,
        links == null ? List.of() : links,
        optional(sequence));
  }

  private Source source() throws IOException {
    String engine = null;
    String engineVersion = null;
    Long schemaVersion = null;
    String schemaFingerprint = null;
    for (String member = first(); member != null; member = next()) {
      switch (member) {
        case "engine" -> engine = once(engine, this::text);
        case "engineVersion" -> engineVersion = once(engineVersion, this::text);
        case "schemaVersion" -> schemaVersion = once(schemaVersion, this::number);
        case "schemaFingerprint" -> schemaFingerprint = once(schemaFingerprint, this::text);
        default -> json.skipChildren();
      }
    }
    return new Source(
        required("engine", engine),
        required("engineVersion", engineVersion),
        optional(schemaVersion),
        required("schemaFingerprint", schemaFingerprint));
  }

  private Table table() throws IOException {
    String name = null;
    Long rows = null;
    String digest = null;
    String definition = null;
    List<String> indexes = null;
    Long danglingReferences = null;
    List<DanglingReference> dangling = null;
    List<DanglingReference> leftBehind = null;
    for (String member = first(); member != null; member = next()) {
      switch (member) {
        case "name" -> name = once(name, this::text);
        case "rows" -> rows = once(rows, this::number);
        case "digest" -> digest = once(digest, this::text);
        case "definition" -> definition = once(definition, this::text);
        case "indexes" -> indexes = once(indexes, this::texts);
        case "danglingReferences" -> danglingReferences = once(danglingReferences, this::number);
        case "dangling" -> dangling = once(dangling, this::danglings);
        case "leftBehind" -> leftBehind = once(leftBehind, this::danglings);
        default -> json.skipChildren();
      }
    }
    return new Table(
        required("name", name),
        required("rows", rows),
        required("digest", digest),
        required("definition", definition),
        required("indexes", indexes),
        required("danglingReferences", danglingReferences),
        dangling == null ? List.of() : dangling,
        leftBehind == null ? List.of() : leftBehind);
  }

  private List<DanglingReference> danglings() throws IOException {
    return list(() -> DanglingParser.read(this));
  }

  private Entry entry() throws IOException {
    String name = null;
    Long size = null;
    String sha256 = null;
    Integer mode = null;
    Instant modified = null;
    for (String member = first(); member != null; member = next()) {
      switch (member) {
        case "name" -> name = once(name, this::text);
        case "size" -> size = once(size, this::number);
        case "sha256" -> sha256 = once(sha256, this::text);
        case "mode" -> mode = once(mode, this::mode);
        case "modified" -> modified = once(modified, this::time);
        default -> json.skipChildren();
      }
    }
    return new Entry(
        required("name", name),
        required("size", size),
        required("sha256", sha256),
        mode(mode),
        Optional.ofNullable(modified));
  }

  private Folder folder() throws IOException {
    String name = null;
    Integer mode = null;
    Instant modified = null;
    for (String member = first(); member != null; member = next()) {
      switch (member) {
        case "name" -> name = once(name, this::text);
        case "mode" -> mode = once(mode, this::mode);
        case "modified" -> modified = once(modified, this::time);
        default -> json.skipChildren();
      }
    }
    return new Folder(required("name", name), mode(mode), Optional.ofNullable(modified));
  }

  private Link link() throws IOException {
    String name = null;
    String target = null;
    for (String member = first(); member != null; member = next()) {
      switch (member) {
        case "name" -> name = once(name, this::text);
        case "target" -> target = once(target, this::text);
        default -> json.skipChildren();
      }
    }
    return new Link(required("name", name), required("target", target));
  }

  private static OptionalLong optional(@Nullable Long number) {
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  private static OptionalInt mode(@Nullable Integer mode) {
    return mode == null ? OptionalInt.empty() : OptionalInt.of(mode);
  }

  private SystemPlace place() throws IOException {
    SystemPlace.Role role = null;
    String name = null;
    String path = null;
    for (String member = first(); member != null; member = next()) {
      switch (member) {
        case "role" -> role = once(role, this::role);
        case "name" -> name = once(name, this::text);
        case "path" -> path = once(path, this::text);
        default -> json.skipChildren();
      }
    }
    return new SystemPlace(required("role", role), required("name", name), required("path", path));
  }

  private SystemPlace.Role role() throws IOException {
    return SystemPlace.Role.of(text()).orElseThrow(() -> malformed("it is no role of a place"));
  }

  private Integer mode() throws IOException {
    String text = text();
    if (!MODE.matcher(text).matches()) {
      throw malformed("it is not a mode like 640");
    }
    return Integer.parseInt(text, 8);
  }

  private Kind kind() throws IOException {
    return switch (text()) {
      case "tenant" -> Kind.TENANT;
      case "system" -> Kind.SYSTEM;
      default -> throw malformed("it is neither \"tenant\" nor \"system\"");
    };
  }

  private Purpose purpose() throws IOException {
    return switch (text()) {
      case "backup" -> Purpose.BACKUP;
      case "safety" -> Purpose.SAFETY;
      default -> throw malformed("it is neither \"backup\" nor \"safety\"");
    };
  }

  private Instant instant() throws IOException {
    return instant(INSTANT);
  }

  private Instant time() throws IOException {
    return instant(TIME);
  }

  private Instant instant(Pattern pattern) throws IOException {
    String text = text();
    if (!pattern.matcher(text).matches()) {
      throw malformed("it is not an instant like 2026-11-22T01:01:00.000Z");
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw malformed("there is no instant " + text);
    }
  }

  void skip() throws IOException {
    json.skipChildren();
  }

  List<String> texts() throws IOException {
    return list(this::text);
  }

  String text() throws IOException {
    require(JsonToken.VALUE_STRING, "a string");
    return json.getText();
  }

  Long number() throws IOException {
    require(JsonToken.VALUE_NUMBER_INT, "a whole number");
    return json.getLongValue();
  }

  <T> List<T> list(Value<T> element) throws IOException {
    require(JsonToken.START_ARRAY, "an array");
    List<T> list = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (++elements > MOST_ELEMENTS) {
        throw malformed("its lists have more than " + MOST_ELEMENTS + " elements");
      }
      list.add(element.read());
    }
    return list;
  }

  /** The first member's name, the parser at its value; null if the object has none. */
  @Nullable String first() throws IOException {
    require(JsonToken.START_OBJECT, "an object");
    return next();
  }

  @Nullable String next() throws IOException {
    if (json.nextToken() == JsonToken.END_OBJECT) {
      return null;
    }
    String member = json.currentName();
    json.nextToken();
    return member;
  }

  <T> T once(@Nullable T before, Value<T> value) throws IOException {
    if (before != null) {
      throw malformed("it is there twice");
    }
    return value.read();
  }

  <T> T required(String member, @Nullable T value) throws IOException {
    if (value == null) {
      throw malformed(member + " is missing");
    }
    return value;
  }

  private void require(JsonToken token, String what) throws IOException {
    if (json.currentToken() != token) {
      throw malformed("it is not " + what);
    }
  }

  private JsonParseException malformed(String why) {
    return new JsonParseException(json, json.getParsingContext().pathAsPointer() + ": " + why);
  }
}
