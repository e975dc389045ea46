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
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * Something to be mailed: a notice that a mail is to be written of, or a mail that is to be sent.
 * Immutable. Its fields may hold addresses and links, so that {@link #toString()} leaves them out.
 *
 * @param id a file name: letters, digits and hyphens
 * @param kind what it is
 * @param createdAt since when it is there
 * @param dueAt when it is to be looked at
 * @param attempts how often that has failed
 * @param fields everything else
 */
public record OutboxItem(
    String id,
    String kind,
    Instant createdAt,
    Instant dueAt,
    int attempts,
    Map<String, String> fields) {

  private static final String FIELD = "field.";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,120}");

  /** Requires all parts, refuses an id that is no file name, and copies the fields. */
  public OutboxItem {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(dueAt, "dueAt");
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "The id of an item of the outbox has up to 120 letters, digits and hyphens, unlike "
              + OneLine.of(id));
    }
    if (attempts < 0) {
      throw new IllegalArgumentException("An item was attempted at least 0 times, not " + attempts);
    }
    fields = Map.copyOf(fields);
  }

  OutboxItem failedUntil(Instant next) {
    return new OutboxItem(id, kind, createdAt, next, attempts + 1, fields);
  }

  /** Whether there is a field that not every item of this kind has. */
  boolean has(String name) {
    return fields.containsKey(name);
  }

  /** A field that every item of this kind has. */
  String field(String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalStateException("The item %s of the outbox has no %s".formatted(id, name));
    }
    return value;
  }

  /** The text of a file of its own: Java's properties, for people to read. */
  String print() throws IOException {
    Properties properties = new Properties();
    properties.setProperty("kind", kind);
    properties.setProperty("createdAt", createdAt.toString());
    properties.setProperty("dueAt", dueAt.toString());
    properties.setProperty("attempts", Integer.toString(attempts));
    fields.forEach((name, value) -> properties.setProperty(FIELD + name, value));
    StringWriter text = new StringWriter();
    properties.store(text, null);
    return text.toString();
  }

  /**
   * Reads an item back from its file.
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

  /** Which it is, without what it says. */
  @Override
  public String toString() {
    return "OutboxItem[" + id + ", " + kind + ", attempts=" + attempts + ", dueAt=" + dueAt + "]";
  }
}
