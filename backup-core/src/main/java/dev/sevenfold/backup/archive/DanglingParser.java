package dev.sevenfold.backup.archive;

import java.io.IOException;
import java.util.List;

/** Reads one dangling reference of a manifest. */
final class DanglingParser {

  private DanglingParser() {}

  static DanglingReference read(ManifestParser json) throws IOException {
    String child = null;
    List<String> key = null;
    List<String> columns = null;
    String parent = null;
    List<String> parentColumns = null;
    Long rows = null;
    List<List<String>> values = null;
    for (String member = json.first(); member != null; member = json.next()) {
      switch (member) {
        case "child" -> child = json.once(child, json::text);
        case "key" -> key = json.once(key, json::texts);
        case "columns" -> columns = json.once(columns, json::texts);
        case "parent" -> parent = json.once(parent, json::text);
        case "parentColumns" -> parentColumns = json.once(parentColumns, json::texts);
        case "rows" -> rows = json.once(rows, json::number);
        case "values" -> values = json.once(values, () -> json.list(json::texts));
        default -> json.skip();
      }
    }
    return new DanglingReference(
        json.required("child", child),
        json.required("key", key),
        json.required("columns", columns),
        json.required("parent", parent),
        json.required("parentColumns", parentColumns),
        json.required("rows", rows),
        json.required("values", values));
  }
}
