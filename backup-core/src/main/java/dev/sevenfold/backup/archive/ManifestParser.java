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
import dev.sevenfold.backup.archive.SystemPlace.Role;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

  private static final String FORMAT_VERSION = "formatVersion";

  private static final Pattern INSTANT =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");

  // As exact as a file system has it.
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z");

  private static final Pattern MODE = Pattern.compile("[0-7]{3}");

  /** Reads one value. */
  @FunctionalInterface
  private interface Value<T> {
    T read() throws IOException;
  }

  private final JsonParser json;
  private final long inMemory = ManifestJson.elementsInMemory();
  private int elements;

  ManifestParser(JsonParser json) {
    this.json = json;
  }

  /** The members that an object may have; each is told how to read itself, then all are read. */
  private final class Members {
    private final Map<String, Member<?>> known = new HashMap<>();

    <T> Member<T> add(String name, Value<T> value) {
      Member<T> member = new Member<>(name, value);
      known.put(name, member);
      return member;
    }

    void read() throws IOException {
      require(JsonToken.START_OBJECT, "an object");
      while (json.nextToken() != JsonToken.END_OBJECT) {
        Member<?> member = known.get(json.currentName());
        json.nextToken();
        if (member == null) {
          json.skipChildren();
        } else {
          member.read();
        }
      }
    }
  }

  /** One member of an object. */
  private final class Member<T> {
    private final String name;
    private final Value<T> value;
    private @Nullable T read;

    private Member(String name, Value<T> value) {
      this.name = name;
      this.value = value;
    }

    private void read() throws IOException {
      if (read != null) {
        throw malformed("it is there twice");
      }
      read = value.read();
    }

    private T required() throws IOException {
      if (read == null) {
        throw malformed(name + " is missing");
      }
      return read;
    }

    private T or(T otherwise) {
      return read == null ? otherwise : read;
    }
  }

  /** Finds the version of the format, whatever else there may be, and leaves the rest unread. */
  long formatVersion() throws IOException {
    json.nextToken();
    require(JsonToken.START_OBJECT, "an object");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String member = json.currentName();
      json.nextToken();
      if (member.equals(FORMAT_VERSION)) {
        return number();
      }
      json.skipChildren();
    }
    throw malformed(FORMAT_VERSION + " is missing");
  }

  /** Reads a manifest of one version of the format, which is known already. */
  ArchiveManifest manifest(long version) throws IOException {
    json.nextToken();
    ArchiveManifest manifest = manifest();
    // What came with version 2 is in version 1 a member that is not known, or not allowed.
    if (version == ArchiveManifest.PLAIN_FORMAT_VERSION) {
      manifest.entries().forEach(entry -> EntryNames.requirePlain(entry.name()));
      manifest.missing().forEach(EntryNames::requirePlain);
      manifest = manifest.with(List.of(), List.of(), manifest.sequence());
    }
    if (json.nextToken() != null) {
      throw malformed("it goes on after its end");
    }
    return manifest;
  }

  private ArchiveManifest manifest() throws IOException {
    Members members = new Members();
    members.add(FORMAT_VERSION, this::number);
    Member<Kind> kind = members.add("kind", () -> word(Kind.values()));
    Member<Purpose> purpose = members.add("purpose", () -> word(Purpose.values()));
    Member<Optional<TenantId>> tenant =
        members.add("tenant", () -> Optional.of(new TenantId(text())));
    Member<Instant> capturedAt = members.add("capturedAt", () -> instant(INSTANT));
    Member<Source> source = members.add("source", this::source);
    Member<String> libraryVersion = members.add("libraryVersion", this::text);
    Member<List<Table>> tables = members.add("tables", () -> list(this::table));
    Member<List<Entry>> entries = members.add("entries", () -> list(this::entry));
    Member<List<String>> missing = members.add("missing", this::texts);
    Member<List<SystemPlace>> places = members.add("places", () -> list(this::place));
    Member<List<Folder>> folders = members.add("folders", () -> list(this::folder));
    Member<List<Link>> links = members.add("links", () -> list(this::link));
    Member<OptionalLong> sequence = members.add("sequence", this::someNumber);
    Member<Optional<OwnershipCheck.Figure>> ownership =
        members.add("ownership", () -> Optional.of(ownership()));
    members.read();
    return new ArchiveManifest(
        kind.required(),
        purpose.required(),
        tenant.or(Optional.empty()),
        capturedAt.required(),
        source.required(),
        libraryVersion.required(),
        tables.required(),
        entries.required(),
        missing.required(),
        places.or(List.of()),
        folders.or(List.of()),
        links.or(List.of()),
        sequence.or(OptionalLong.empty()),
        ownership.or(Optional.empty()));
  }

  private OwnershipCheck.Figure ownership() throws IOException {
    Members members = new Members();
    Member<Instant> at = members.add("at", () -> instant(INSTANT));
    Member<Long> rows = members.add("rows", this::number);
    Member<List<OwnershipCheck.Wrong>> tables = members.add("tables", () -> list(this::wrong));
    members.read();
    return new OwnershipCheck.Figure(at.required(), rows.required(), tables.required());
  }

  private OwnershipCheck.Wrong wrong() throws IOException {
    Members members = new Members();
    Member<String> name = members.add("name", this::text);
    Member<Long> nobodys = members.add("nobodys", this::number);
    Member<Long> doubtful = members.add("doubtful", this::number);
    members.read();
    return new OwnershipCheck.Wrong(name.required(), nobodys.required(), doubtful.required());
  }

  private Source source() throws IOException {
    Members members = new Members();
    Member<String> engine = members.add("engine", this::text);
    Member<String> engineVersion = members.add("engineVersion", this::text);
    Member<OptionalLong> schemaVersion = members.add("schemaVersion", this::someNumber);
    Member<String> schemaFingerprint = members.add("schemaFingerprint", this::text);
    members.read();
    return new Source(
        engine.required(),
        engineVersion.required(),
        schemaVersion.or(OptionalLong.empty()),
        schemaFingerprint.required());
  }

  private Table table() throws IOException {
    Members members = new Members();
    Member<String> name = members.add("name", this::text);
    Member<Long> rows = members.add("rows", this::number);
    Member<String> digest = members.add("digest", this::text);
    Member<String> definition = members.add("definition", this::text);
    Member<List<String>> indexes = members.add("indexes", this::texts);
    Member<Long> danglingReferences = members.add("danglingReferences", this::number);
    Member<List<ListedReference>> dangling = members.add("dangling", () -> list(this::reference));
    Member<List<ListedReference>> leftBehind =
        members.add("leftBehind", () -> list(this::reference));
    Member<Optional<List<ListedReference>>> toOthers =
        members.add("toOthers", () -> Optional.of(list(this::reference)));
    members.read();
    return new Table(
        name.required(),
        rows.required(),
        digest.required(),
        definition.required(),
        indexes.required(),
        danglingReferences.required(),
        dangling.or(List.of()),
        leftBehind.or(List.of()),
        toOthers.or(Optional.empty()));
  }

  private ListedReference reference() throws IOException {
    Members members = new Members();
    Member<String> child = members.add("child", this::text);
    Member<List<String>> key = members.add("key", this::texts);
    Member<List<String>> columns = members.add("columns", this::texts);
    Member<String> parent = members.add("parent", this::text);
    Member<List<String>> parentColumns = members.add("parentColumns", this::texts);
    Member<Long> rows = members.add("rows", this::number);
    Member<List<List<String>>> values = members.add("values", () -> list(this::texts));
    members.read();
    return new ListedReference(
        child.required(),
        key.required(),
        columns.required(),
        parent.required(),
        parentColumns.required(),
        rows.required(),
        values.required());
  }

  private Entry entry() throws IOException {
    Members members = new Members();
    Member<String> name = members.add("name", this::text);
    Member<Long> size = members.add("size", this::number);
    Member<String> sha256 = members.add("sha256", this::text);
    Member<OptionalInt> mode = members.add("mode", this::mode);
    Member<Optional<Instant>> modified = members.add("modified", this::modified);
    members.read();
    return new Entry(
        name.required(),
        size.required(),
        sha256.required(),
        mode.or(OptionalInt.empty()),
        modified.or(Optional.empty()));
  }

  private Folder folder() throws IOException {
    Members members = new Members();
    Member<String> name = members.add("name", this::text);
    Member<OptionalInt> mode = members.add("mode", this::mode);
    Member<Optional<Instant>> modified = members.add("modified", this::modified);
    members.read();
    return new Folder(name.required(), mode.or(OptionalInt.empty()), modified.or(Optional.empty()));
  }

  private Link link() throws IOException {
    Members members = new Members();
    Member<String> name = members.add("name", this::text);
    Member<String> target = members.add("target", this::text);
    members.read();
    return new Link(name.required(), target.required());
  }

  private SystemPlace place() throws IOException {
    Members members = new Members();
    Member<Role> role = members.add("role", () -> word(Role.values()));
    Member<String> name = members.add("name", this::text);
    Member<String> path = members.add("path", this::text);
    members.read();
    return new SystemPlace(role.required(), name.required(), path.required());
  }

  /** Reads a constant by its name, which is written in lower case. */
  private <E extends Enum<E>> E word(E[] constants) throws IOException {
    String text = text();
    for (E constant : constants) {
      if (ManifestPrinter.word(constant).equals(text)) {
        return constant;
      }
    }
    throw malformed("it is none of " + words(constants));
  }

  private static String words(Enum<?>[] constants) {
    return Arrays.stream(constants)
        .map(constant -> '"' + ManifestPrinter.word(constant) + '"')
        .collect(Collectors.joining(", "));
  }

  private OptionalInt mode() throws IOException {
    String text = text();
    if (!MODE.matcher(text).matches()) {
      throw malformed("it is not a mode like 640");
    }
    return OptionalInt.of(Integer.parseInt(text, 8));
  }

  private Optional<Instant> modified() throws IOException {
    return Optional.of(instant(TIME));
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

  private List<String> texts() throws IOException {
    return list(this::text);
  }

  private String text() throws IOException {
    require(JsonToken.VALUE_STRING, "a string");
    return json.getText();
  }

  private OptionalLong someNumber() throws IOException {
    return OptionalLong.of(number());
  }

  private Long number() throws IOException {
    require(JsonToken.VALUE_NUMBER_INT, "a whole number");
    return json.getLongValue();
  }

  private <T> List<T> list(Value<T> element) throws IOException {
    require(JsonToken.START_ARRAY, "an array");
    List<T> list = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (++elements > MOST_ELEMENTS) {
        throw malformed("its lists have more than " + MOST_ELEMENTS + " elements");
      }
      if (elements > inMemory) {
        throw ManifestJson.beyondMemory("lists of more than " + inMemory + " elements");
      }
      list.add(element.read());
    }
    return list;
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
