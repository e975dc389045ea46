package dev.sevenfold.backup.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Marks as they are written beside an archive: <code>
 * {"provenAt":"2026-11-22T01:02:03Z","pinned":false,"sequence":42}</code>.
 */
final class RecordFile {

  /** More than any marks need; a longer file is not one. */
  static final int MAX_LENGTH = 4096;

  private static final JsonFactory JSON = new JsonFactory();
  private static final String PROVEN_AT = "provenAt";
  private static final String PINNED = "pinned";
  private static final String SEQUENCE = "sequence";

  private RecordFile() {}

  static byte[] write(ArchiveRecord record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (record.verifiedAt().isPresent()) {
        json.writeStringField(PROVEN_AT, record.verifiedAt().get().toString());
      }
      json.writeBooleanField(PINNED, record.pinned());
      if (record.sequence().isPresent()) {
        json.writeNumberField(SEQUENCE, record.sequence().getAsLong());
      }
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  /**
   * Reads marks. Fields that a later version may add are skipped.
   *
   * @throws IOException if these are no marks
   */
  static ArchiveRecord read(byte[] bytes) throws IOException {
    Optional<Instant> verifiedAt = Optional.empty();
    @Nullable Boolean pinned = null;
    OptionalLong sequence = OptionalLong.empty();
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
        } else if (field.equals(SEQUENCE)) {
          sequence = OptionalLong.of(sequence(json));
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
    return new ArchiveRecord(verifiedAt, pinned, sequence);
  }

  private static long sequence(JsonParser json) throws IOException {
    require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, SEQUENCE + " is no whole number");
    long sequence = json.getLongValue();
    require(sequence > 0, SEQUENCE + " is " + sequence);
    return sequence;
  }

  private static void require(boolean met, String problem) throws IOException {
    if (!met) {
      throw new IOException(problem);
    }
  }
}
