package dev.sevenfold.backup.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads a text that must be exactly one JSON value. */
final class JsonText {

  private JsonText() {}

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(String text) {
    return (Map<String, Object>) read(text);
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> list(String text) {
    return (List<Map<String, Object>>) read(text);
  }

  /** A field that must be there, as text. */
  static String text(Map<String, Object> object, String name) {
    return Objects.requireNonNull(object.get(name), name).toString();
  }

  private static Object read(String text) {
    try (JsonParser json = new JsonFactory().createParser(text)) {
      json.nextToken();
      Object value = value(json);
      if (json.nextToken() != null) {
        throw new AssertionError("More than one JSON value: " + text);
      }
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  private static Object value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String name = json.currentName();
          json.nextToken();
          object.put(name, value(json));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(json));
        }
        yield array;
      }
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT -> json.getIntValue();
      case VALUE_NULL -> "";
      case VALUE_TRUE, VALUE_FALSE -> json.getBooleanValue();
      default -> throw new AssertionError("Unexpected " + json.currentToken());
    };
  }
}
