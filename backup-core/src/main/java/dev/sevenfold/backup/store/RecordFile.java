package dev.sevenfold.backup.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.Compression;
import dev.sevenfold.backup.retention.Lack;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A record as it is written beside its archive: <code>
 * {"provenAt":"2026-11-22T01:02:03Z","pinned":false,"sequence":42,"archive":{"fileBytes":1234,…}}
 * </code>. Immutable.
 *
 * @param record what was written
 * @param fileBytes how many bytes the archive's file had then; of use beside a summary alone
 */
record RecordFile(ArchiveRecord record, long fileBytes) {

  /** Of an archive that has no such file. */
  static final RecordFile NONE = new RecordFile(ArchiveRecord.NONE, 0);

  /**
   * More than any record needs, with a tenant id as long as labels let it be. Never more than this:
   * earlier versions that use the same folder take a longer file for one that cannot be read.
   */
  static final int MAX_LENGTH = 4096;

  private static final JsonFactory JSON = new JsonFactory();
  private static final String PROVEN_AT = "provenAt";
  private static final String PINNED = "pinned";
  private static final String HOLD = "hold";
  private static final String TRUSTED = "trusted";
  private static final String SEQUENCE = "sequence";
  private static final String ARCHIVE = "archive";
  private static final String FILE_BYTES = "fileBytes";
  private static final String TENANT = "tenant";
  private static final String CAPTURED_AT = "capturedAt";
  private static final String DIGEST = "digest";
  private static final String LACK = "lack";
  private static final String BYTES = "bytes";
  private static final String COMPRESSION = "compression";

  /** The record of the archive if its file has so many bytes now. */
  ArchiveRecord of(long sizeBytes) {
    // Another file was put in its place, which says something else of itself.
    return sizeBytes == fileBytes ? record : record.withoutSummary();
  }

  byte[] write() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (record.verifiedAt().isPresent()) {
        json.writeStringField(PROVEN_AT, record.verifiedAt().get().toString());
      }
      json.writeBooleanField(PINNED, record.pinned());
      if (record.hold().isPresent()) {
        json.writeStringField(HOLD, record.hold().get());
      }
      if (record.trusted()) {
        json.writeBooleanField(TRUSTED, true);
      }
      write(record.sequence(), json);
      if (record.summary().isPresent()) {
        json.writeObjectFieldStart(ARCHIVE);
        json.writeNumberField(FILE_BYTES, fileBytes);
        write(record.summary().get(), json);
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  private static void write(ArchiveRecord.Summary summary, JsonGenerator json) throws IOException {
    Optional<TenantId> tenant = summary.owner().tenant();
    if (tenant.isPresent()) {
      json.writeStringField(TENANT, tenant.get().value());
    }
    json.writeStringField(CAPTURED_AT, summary.capturedAt().toString());
    write(summary.sequence(), json);
    json.writeStringField(DIGEST, summary.digest().hex());
    json.writeStringField(LACK, word(summary.lack()));
    json.writeNumberField(BYTES, summary.bytes());
    json.writeStringField(COMPRESSION, word(summary.compression()));
  }

  private static void write(OptionalLong sequence, JsonGenerator json) throws IOException {
    if (sequence.isPresent()) {
      json.writeNumberField(SEQUENCE, sequence.getAsLong());
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a record. Fields that a later version may add are skipped; a summary that is not one of
   * ours is none, and the archive itself is asked.
   *
   * @throws IOException if this is no record
   */
  static RecordFile read(byte[] bytes) throws IOException {
    Optional<Instant> verifiedAt = Optional.empty();
    @Nullable Boolean pinned = null;
    Optional<String> hold = Optional.empty();
    boolean trusted = false;
    OptionalLong sequence = OptionalLong.empty();
    Map<String, String> archive = Map.of();
    try (JsonParser json = JSON.createParser(bytes)) {
      require(json.nextToken() == JsonToken.START_OBJECT, "no JSON object");
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        if (field.equals(PROVEN_AT)) {
          require(value == JsonToken.VALUE_STRING, PROVEN_AT + " is " + value);
          verifiedAt = Optional.of(Instant.parse(json.getText()));
        } else if (field.equals(PINNED)) {
          require(value.isBoolean(), PINNED + " is " + value);
          pinned = json.getBooleanValue();
        } else if (field.equals(HOLD)) {
          require(value == JsonToken.VALUE_STRING, HOLD + " is " + value);
          hold = Optional.of(json.getText());
        } else if (field.equals(TRUSTED)) {
          require(value.isBoolean(), TRUSTED + " is " + value);
          trusted = json.getBooleanValue();
        } else if (field.equals(SEQUENCE)) {
          sequence = OptionalLong.of(sequence(json));
        } else if (field.equals(ARCHIVE) && value == JsonToken.START_OBJECT) {
          archive = members(json);
        } else {
          json.skipChildren();
        }
      }
      require(json.currentToken() == JsonToken.END_OBJECT, "it is cut short");
      require(json.nextToken() == null, "something follows the JSON object");
    } catch (DateTimeException e) {
      throw new IOException(PROVEN_AT + " is no instant", e);
    }
    if (pinned == null) {
      throw new IOException(PINNED + " is missing");
    }
    try {
      return with(
          archive,
          new ArchiveRecord(verifiedAt, pinned, hold, trusted, sequence, Optional.empty()));
    } catch (IllegalArgumentException e) {
      throw new IOException(HOLD + " is no reason", e);
    }
  }

  private static long sequence(JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, SEQUENCE + " is no whole number");
    long sequence = json.getLongValue();
    require(sequence > 0, SEQUENCE + " is " + sequence);
    return sequence;
  }

  /** The texts and numbers of an object; what else is in it a later version may have added. */
  private static Map<String, String> members(JsonParser json) throws IOException {
    Map<String, String> members = new HashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken().isScalarValue()) {
        members.put(name, json.getText());
      } else {
        json.skipChildren();
      }
    }
    return members;
  }

  private static RecordFile with(Map<String, String> archive, ArchiveRecord known) {
    try {
      ArchiveRecord.Summary summary =
          new ArchiveRecord.Summary(
              archive.containsKey(TENANT)
                  ? ArchiveOwner.tenant(TenantId.of(member(archive, TENANT)))
                  : ArchiveOwner.system(),
              Instant.parse(member(archive, CAPTURED_AT)),
              archive.containsKey(SEQUENCE)
                  ? OptionalLong.of(Long.parseLong(member(archive, SEQUENCE)))
                  : OptionalLong.empty(),
              new ArchiveDigest(member(archive, DIGEST)),
              Lack.valueOf(member(archive, LACK).toUpperCase(Locale.ROOT)),
              Long.parseLong(member(archive, BYTES)),
              Compression.valueOf(member(archive, COMPRESSION).toUpperCase(Locale.ROOT)));
      return new RecordFile(
          known.withSummary(summary), Long.parseLong(member(archive, FILE_BYTES)));
    } catch (IllegalArgumentException | DateTimeException e) {
      return new RecordFile(known, 0);
    }
  }

  private static String member(Map<String, String> archive, String name) {
    @Nullable String value = archive.get(name);
    if (value == null) {
      throw new IllegalArgumentException("There is no " + name);
    }
    return value;
  }

  private static void require(boolean met, String problem) throws IOException {
    if (!met) {
      throw new IOException(problem);
    }
  }
}
