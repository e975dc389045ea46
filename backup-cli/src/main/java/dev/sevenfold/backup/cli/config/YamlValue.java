package dev.sevenfold.backup.cli.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A value of the config file that knows its place, so that whatever is wrong with it can be found.
 * Immutable.
 *
 * @param file the config file
 * @param key the keys that lead to it, {@code tenants.owned[2].table}; empty for the whole file
 * @param node the value
 */
record YamlValue(Path file, String key, Node node) {

  private static final Pattern TABLE_AND_COLUMN = Pattern.compile("(.+)\\.([^.]+)", Pattern.DOTALL);

  /** A column of a table, written {@code table.column}. */
  record Column(String table, String column) {}

  /** A text. What YAML takes for a number or a truth value is taken as it is written. */
  String text() {
    return text("a text");
  }

  private String text(String wanted) {
    if (!(node instanceof ScalarNode scalar) || isNull()) {
      throw wrongType(wanted);
    }
    if (scalar.getValue().isEmpty()) {
      throw wrong("is empty", "Write " + wanted);
    }
    return scalar.getValue();
  }

  /** A value for a column: null, a whole number, a number, or a text. */
  @Nullable Object scalar() {
    if (!(node instanceof ScalarNode scalar)) {
      throw wrongType("a text, a number or null");
    }
    String text = scalar.getValue();
    try {
      if (Tag.INT.equals(node.getTag())) {
        return Long.valueOf(text);
      }
      if (Tag.FLOAT.equals(node.getTag())) {
        return Double.valueOf(text);
      }
    } catch (NumberFormatException e) {
      throw wrong("is " + text, "Write a decimal number; or a text, in quotes");
    }
    if (Tag.BOOL.equals(node.getTag())) {
      throw wrong("is " + text, "Databases have no such type: write 1, 0 or a text in quotes");
    }
    return isNull() ? null : text;
  }

  boolean flag() {
    if (!(node instanceof ScalarNode scalar) || !Tag.BOOL.equals(node.getTag())) {
      throw wrongType("true or false");
    }
    return scalar.getValue().equalsIgnoreCase("true");
  }

  int integer(int min, int max) {
    String allowed = "a whole number from " + min + " to " + max;
    if (!(node instanceof ScalarNode scalar) || !Tag.INT.equals(node.getTag())) {
      throw wrongType(allowed);
    }
    try {
      int value = Integer.parseInt(scalar.getValue());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Too large for an int, so for the range too.
    }
    throw wrong("is " + scalar.getValue(), "Write " + allowed);
  }

  /** A path; a relative one starts at the folder of the config file, {@code ~} at the home. */
  Path path() {
    String text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
    if (!text.equals("~")) {
      text = text("a path");
    }
    try {
      if (text.equals("~") || text.startsWith("~/")) {
        return Path.of(System.getProperty("user.home") + text.substring(1)).normalize();
      }
      return file.toAbsolutePath().resolveSibling(text).normalize();
    } catch (InvalidPathException e) {
      throw wrong(
          "is \"" + text + "\", which is no path here: " + e.getReason(),
          "Write another path, or run in a UTF-8 locale: LC_ALL=C.UTF-8");
    }
  }

  /** {@code table.column}. */
  Column column() {
    String text = text();
    Matcher matcher = TABLE_AND_COLUMN.matcher(text);
    if (!matcher.matches()) {
      throw wrong("is \"" + text + "\"", "Write a table and its column: customers.id");
    }
    return new Column(matcher.group(1), matcher.group(2));
  }

  boolean isText() {
    return node instanceof ScalarNode && !isNull();
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  List<YamlValue> list() {
    if (!(node instanceof SequenceNode sequence)) {
      throw wrongType("a list");
    }
    List<YamlValue> values = new ArrayList<>();
    for (Node value : sequence.getValue()) {
      values.add(new YamlValue(file, key + "[" + values.size() + "]", value));
    }
    return values;
  }

  /** A list, or a value that stands for a list of one. */
  List<YamlValue> listOrOne() {
    return isList() ? list() : List.of(this);
  }

  <T> List<T> oneOrMore(Function<YamlValue, T> read) {
    return listOrOne().stream().map(read).toList();
  }

  List<String> texts() {
    return list().stream().map(YamlValue::text).toList();
  }

  /** A mapping that may have these keys and no others. */
  YamlMap map(String... allowed) {
    List<String> known = List.of(allowed);
    Map<String, YamlValue> values = entries();
    for (Map.Entry<String, YamlValue> entry : values.entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw entry
            .getValue()
            .wrong("is not a known key", "Allowed here: " + String.join(", ", known));
      }
    }
    return new YamlMap(this, values);
  }

  /** A mapping with keys that the host chooses. */
  Map<String, YamlValue> entries() {
    if (!(node instanceof MappingNode mapping)) {
      throw wrongType("keys with values");
    }
    Map<String, YamlValue> values = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String name = new YamlValue(file, key, tuple.getKeyNode()).text();
      YamlValue value =
          new YamlValue(file, key.isEmpty() ? name : key + "." + name, tuple.getValueNode());
      if (values.put(name, value) != null) {
        throw new YamlValue(file, value.key, tuple.getKeyNode())
            .wrong("is there twice", "Keep one of the two");
      }
    }
    return values;
  }

  private boolean isNull() {
    return Tag.NULL.equals(node.getTag());
  }

  private ConfigException wrongType(String wanted) {
    return wrong("is " + kind(), "Write " + wanted);
  }

  private String kind() {
    if (node instanceof SequenceNode) {
      return "a list";
    }
    if (node instanceof MappingNode) {
      return "a mapping of keys";
    }
    return isNull() ? "empty" : "\"" + ((ScalarNode) node).getValue() + "\"";
  }

  /** What is wrong with this value: {@code app.yml, line 3: store is empty}. */
  ConfigException wrong(String what, String allowed) {
    String line = node.getStartMark().map(mark -> ", line " + (mark.getLine() + 1)).orElse("");
    return new ConfigException(
        file + line + ": " + (key.isEmpty() ? "the file" : key) + " " + what, allowed);
  }
}
