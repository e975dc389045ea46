package dev.sevenfold.backup.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** The text of an item's file: Java's properties, for people to read. */
final class OutboxFile {

  private static final String FIELD = "field.";

  private OutboxFile() {}

  static String print(OutboxItem item) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("kind", item.kind());
    properties.setProperty("createdAt", item.createdAt().toString());
    properties.setProperty("dueAt", item.dueAt().toString());
    properties.setProperty("attempts", Integer.toString(item.attempts()));
    item.fields().forEach((name, value) -> properties.setProperty(FIELD + name, value));
    StringWriter text = new StringWriter();
    properties.store(text, null);
    return text.toString();
  }

  /**
   * Reads an item back.
   *
   * @throws IllegalArgumentException if it is damaged
   * @throws java.time.DateTimeException if an instant in it is damaged
   */
  static OutboxItem parse(String id, Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
      properties.load(reader);
    }
    Map<String, String> fields = new HashMap<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(FIELD)) {
        fields.put(name.substring(FIELD.length()), properties.getProperty(name));
      }
    }
    return new OutboxItem(
        id,
        required(properties, "kind"),
        Instant.parse(required(properties, "createdAt")),
        Instant.parse(required(properties, "dueAt")),
        Integer.parseInt(required(properties, "attempts")),
        fields);
  }

  private static String required(Properties properties, String name) {
    String value = properties.getProperty(name);
    if (value == null) {
      throw new IllegalArgumentException("It has no " + name);
    }
    return value;
  }
}
