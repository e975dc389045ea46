package dev.sevenfold.backup.tenant;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The path of a row's file as a template over the row's columns: {@code {key[0..2]}/{key}}. {@code
 * {column}} is the column's value, {@code {column[from..to]}} its characters from {@code from} up
 * to but without {@code to}. Immutable.
 */
public final class FilePath {

  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\{([^{}\\[\\]]+)(?:\\[(\\d{1,4})\\.\\.(\\d{1,4})])?}");

  private sealed interface Part {}

  private record Text(String text) implements Part {}

  private record Value(String column, int from, int to) implements Part {}

  private final String template;
  private final List<Part> parts;

  private FilePath(String template, List<Part> parts) {
    this.template = template;
    this.parts = List.copyOf(parts);
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if it has no placeholder, or a malformed one
   */
  public static FilePath parse(String template) {
    Objects.requireNonNull(template, "template");
    List<Part> parts = new ArrayList<>();
    Matcher placeholder = PLACEHOLDER.matcher(template);
    int end = 0;
    while (placeholder.find()) {
      text(template, end, placeholder.start()).ifPresent(parts::add);
      parts.add(value(template, placeholder));
      end = placeholder.end();
    }
    text(template, end, template.length()).ifPresent(parts::add);
    if (parts.stream().noneMatch(Value.class::isInstance)) {
      throw malformed(template, "it names no column");
    }
    return new FilePath(template, parts);
  }

  private static Value value(String template, Matcher placeholder) {
    if (placeholder.group(2) == null) {
      return new Value(placeholder.group(1), 0, Integer.MAX_VALUE);
    }
    int from = Integer.parseInt(placeholder.group(2));
    int to = Integer.parseInt(placeholder.group(3));
    if (from >= to) {
      throw malformed(template, "[" + from + ".." + to + "] is empty");
    }
    return new Value(placeholder.group(1), from, to);
  }

  private static Optional<Part> text(String template, int from, int to) {
    String text = template.substring(from, to);
    if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
      throw malformed(template, "\"" + text + "\" is not a placeholder");
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(new Text(text));
  }

  private static IllegalArgumentException malformed(String template, String why) {
    return new IllegalArgumentException(
        "The file path \"%s\" is malformed: %s. Write {column} or {column[0..2]}"
            .formatted(template, why));
  }

  /** The columns that the path depends on, each once. */
  public List<String> columns() {
    return parts.stream()
        .flatMap(part -> part instanceof Value value ? Stream.of(value.column()) : Stream.empty())
        .distinct()
        .toList();
  }

  /**
   * The path of one row's file, relative to the root, with {@code /} between folders.
   *
   * @param row the value of a column as text, null where it is null
   * @return empty if a column is null: the row has no file
   * @throws IllegalArgumentException if the values make a path that could leave the root
   */
  public Optional<String> resolve(Function<String, @Nullable String> row) {
    Optional<String> path = spelled(row);
    path.ifPresent(this::requireInside);
    return path;
  }

  /**
   * What the values of one row make of the template, whatever that is: to compare it with files,
   * and never to open one.
   *
   * @param row the value of a column as text, null where it is null
   * @return empty if a column is null
   */
  public Optional<String> spelled(Function<String, @Nullable String> row) {
    StringBuilder path = new StringBuilder();
    for (Part part : parts) {
      if (part instanceof Text text) {
        path.append(text.text());
      } else if (part instanceof Value slice) {
        String value = row.apply(slice.column());
        if (value == null) {
          return Optional.empty();
        }
        path.append(
            value, Math.min(slice.from(), value.length()), Math.min(slice.to(), value.length()));
      }
    }
    return Optional.of(path.toString());
  }

  /** Makes something of the characters of a column from one up to but without another. */
  @FunctionalInterface
  public interface Slice<T> {
    /** Makes it; {@code to} is {@link Integer#MAX_VALUE} where the whole rest is meant. */
    T of(String column, int from, int to);
  }

  /**
   * Makes something of each part of the template, in their order: of plain text, and of columns.
   */
  public <T> List<T> parts(Function<String, T> text, Slice<T> slice) {
    List<T> made = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Text plain) {
        made.add(text.apply(plain.text()));
      } else if (part instanceof Value value) {
        made.add(slice.of(value.column(), value.from(), value.to()));
      }
    }
    return made;
  }

  private void requireInside(String path) {
    for (String name : path.split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..") || hasForbidden(name)) {
        throw new IllegalArgumentException(
            "The file path \"" + template + "\" gives \"" + path + "\", which is not a plain path");
      }
    }
  }

  private static boolean hasForbidden(String name) {
    return name.chars().anyMatch(c -> c < ' ' || c == '\\' || c == 0x7f);
  }

  /** The template. */
  @Override
  public String toString() {
    return template;
  }
}
