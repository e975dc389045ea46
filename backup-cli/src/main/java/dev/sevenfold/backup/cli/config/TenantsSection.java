package dev.sevenfold.backup.cli.config;

import dev.sevenfold.backup.tenant.FilePath;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the key {@code tenants}: the YAML form of a {@link TenantModel}. */
final class TenantsSection {

  private static final String[] OWNED = {
    "table",
    "column",
    "references",
    "polymorphic",
    "delegated",
    "referenced_by",
    "through",
    "shared_rows"
  };

  private final TenantModel.Builder model;

  private TenantsSection(TenantModel.Builder model) {
    this.model = model;
  }

  static TenantModel read(YamlValue value) {
    YamlMap tenants =
        value.map(
            "table",
            "key",
            "column",
            "owned",
            "shared",
            "ignored",
            "nobodys",
            "not_references",
            "files",
            "display",
            "restore");
    TenantModel.Builder model = TenantModel.rootedAt(tenants.require("table").text());
    tenants.get("key").map(YamlValue::text).ifPresent(model::key);
    tenants.get("column").map(YamlValue::text).ifPresent(model::column);
    tenants.get("shared").map(TenantsSection::names).ifPresent(model::shared);
    tenants.get("ignored").map(TenantsSection::names).ifPresent(model::ignored);
    TenantsSection section = new TenantsSection(model);
    tenants.get("owned").ifPresent(owned -> owned.list().forEach(section::owned));
    tenants
        .get("not_references")
        .ifPresent(columns -> columns.list().forEach(section::notReference));
    tenants.get("nobodys").ifPresent(tables -> tables.entries().forEach(section::nobodys));
    tenants.get("files").ifPresent(files -> files.list().forEach(section::files));
    tenants
        .get("display")
        .ifPresent(
            columns ->
                columns.entries().forEach((table, column) -> model.display(table, column.text())));
    tenants.get("restore").ifPresent(restore -> RestoreSection.read(restore, model));
    return model.build();
  }

  private static String[] names(YamlValue value) {
    return value.texts().toArray(String[]::new);
  }

  private void owned(YamlValue value) {
    YamlMap owned = value.map(OWNED);
    String table = owned.require("table").text();
    if (Stream.of(OWNED).skip(1).noneMatch(owned::has)) {
      throw value.wrong(
          "does not say how " + table + " is owned",
          "Add column, references, polymorphic, delegated, referenced_by, through or shared_rows");
    }
    owned.get("column").ifPresent(column -> model.ownedByColumn(table, column.text()));
    owned.get("references").ifPresent(references -> references(table, references));
    owned.get("polymorphic").ifPresent(pair -> pair(table, pair, model::polymorphic));
    owned.get("delegated").ifPresent(pair -> pair(table, pair, model::delegated));
    owned.get("referenced_by").ifPresent(children -> referencedBy(table, children));
    owned.get("through").ifPresent(column -> model.ownedThrough(table, column.text()));
    owned.get("shared_rows").ifPresent(columns -> sharedRows(table, columns));
  }

  private void sharedRows(String table, YamlValue columns) {
    Map<String, YamlValue> entries = columns.entries();
    if (entries.isEmpty()) {
      throw columns.wrong("is empty", "Write {account_id: [-1, 0]}");
    }
    entries.forEach(
        (column, values) -> {
          List<Object> all = values.oneOrMore(TenantsSection::sharedValue);
          if (all.isEmpty()) {
            throw values.wrong(
                "is empty", "Write the values of rows that are everybody's: [-1, 0]");
          }
          model.sharedRows(table, column, all.toArray());
        });
  }

  private static Object sharedValue(YamlValue value) {
    Object scalar = value.scalar();
    if (scalar instanceof Long || scalar instanceof String) {
      return scalar;
    }
    throw value.wrong(
        "is " + (scalar == null ? "null" : scalar),
        "Write a whole number, or a text, that rows of everybody's have there");
  }

  private void notReference(YamlValue value) {
    YamlValue.Column column = value.column();
    model.notReferences(column.table(), column.column());
  }

  private void nobodys(String table, YamlValue rule) {
    if (!rule.text().equals("allowed")) {
      throw rule.wrong("is \"" + rule.text() + "\"", "Write allowed, or leave the table out");
    }
    model.allowNobodys(table);
  }

  private void references(String table, YamlValue references) {
    Map<String, YamlValue> entries = references.entries();
    if (entries.isEmpty()) {
      throw references.wrong("is empty", "Write {author_id: users.id}");
    }
    entries.forEach(
        (column, target) -> {
          YamlValue.Column parent = target.column();
          model.reference(table, column, parent.table(), parent.column());
        });
  }

  /** What a pair of columns, with a type and an id, is declared as. */
  private interface Declared {
    TenantModel.Builder as(String table, String type, String id, Map<String, String> targets);
  }

  private static void pair(String table, YamlValue value, Declared declared) {
    YamlMap pair = value.map("type", "id", "targets");
    Map<String, String> targets = new LinkedHashMap<>();
    pair.require("targets").entries().forEach((type, target) -> targets.put(type, target.text()));
    if (targets.isEmpty()) {
      throw pair.require("targets").wrong("is empty", "Write {Customer: customers}");
    }
    declared.as(table, pair.require("type").text(), pair.require("id").text(), targets);
  }

  private void referencedBy(String table, YamlValue value) {
    List<YamlValue> children = value.listOrOne();
    if (children.isEmpty()) {
      throw value.wrong("is empty", "Write attachments.blob_id, or a list of such");
    }
    for (YamlValue child : children) {
      YamlValue.Column column = child.column();
      model.referencedBy(table, column.table(), column.column());
    }
  }

  private void files(YamlValue value) {
    YamlMap files = value.map("root", "table", "path", "new_key", "shared");
    Path root = files.require("root").path();
    String table = files.require("table").text();
    YamlValue path = files.require("path");
    try {
      FilePath.parse(path.text());
    } catch (IllegalArgumentException e) {
      throw path.wrong(
          "is \"" + path.text() + "\": " + e.getMessage(),
          "Write columns of " + table + " in braces: \"{key[0..2]}/{key}\"");
    }
    if (files.get("shared").map(YamlValue::flag).orElse(false)) {
      if (files.has("new_key")) {
        throw value.wrong(
            "says shared: true and new_key: " + files.require("new_key").text(),
            "Write shared where tenants have one file, or new_key where each has its own");
      }
      model.sharedFiles(root, table, path.text());
      return;
    }
    model.files(root, table, path.text());
    files
        .get("new_key")
        .map(YamlValue::text)
        .or(() -> FileKeys.keyOf(path.text()))
        .ifPresent(column -> model.newFileKeys(table, column, FileKeys::random));
  }
}
