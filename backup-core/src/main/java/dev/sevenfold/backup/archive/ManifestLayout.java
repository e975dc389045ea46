package dev.sevenfold.backup.archive;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.PrettyPrinter;
import java.io.IOException;

/**
 * A line for each member, each table and each entry of a manifest, so that a person can read it and
 * a manifest of many files does not grow by half. Use from one thread, once.
 */
final class ManifestLayout implements PrettyPrinter {

  private static final int DEEPEST_LINES = 2;

  private int depth;

  @Override
  public void writeStartObject(JsonGenerator json) throws IOException {
    start(json, '{');
  }

  @Override
  public void beforeObjectEntries(JsonGenerator json) throws IOException {
    line(json, "");
  }

  @Override
  public void writeObjectFieldValueSeparator(JsonGenerator json) throws IOException {
    json.writeRaw(": ");
  }

  @Override
  public void writeObjectEntrySeparator(JsonGenerator json) throws IOException {
    separate(json);
  }

  @Override
  public void writeEndObject(JsonGenerator json, int entries) throws IOException {
    end(json, '}', entries);
  }

  @Override
  public void writeStartArray(JsonGenerator json) throws IOException {
    start(json, '[');
  }

  @Override
  public void beforeArrayValues(JsonGenerator json) throws IOException {
    line(json, "");
  }

  @Override
  public void writeArrayValueSeparator(JsonGenerator json) throws IOException {
    separate(json);
  }

  @Override
  public void writeEndArray(JsonGenerator json, int values) throws IOException {
    end(json, ']', values);
  }

  @Override
  public void writeRootValueSeparator(JsonGenerator json) throws IOException {
    json.writeRaw('\n');
  }

  private void start(JsonGenerator json, char bracket) throws IOException {
    json.writeRaw(bracket);
    depth++;
  }

  private void separate(JsonGenerator json) throws IOException {
    json.writeRaw(',');
    line(json, " ");
  }

  private void end(JsonGenerator json, char bracket, int values) throws IOException {
    boolean onLines = depth <= DEEPEST_LINES && values > 0;
    depth--;
    if (onLines) {
      line(json, "");
    }
    json.writeRaw(bracket);
  }

  private void line(JsonGenerator json, String otherwise) throws IOException {
    json.writeRaw(depth <= DEEPEST_LINES ? '\n' + "  ".repeat(depth) : otherwise);
  }
}
