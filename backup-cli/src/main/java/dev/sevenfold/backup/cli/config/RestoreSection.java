package dev.sevenfold.backup.cli.config;

import dev.sevenfold.backup.tenant.IdRewriter;
import dev.sevenfold.backup.tenant.Replacement;
import dev.sevenfold.backup.tenant.TenantModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the key {@code tenants.restore}: what a restore makes different on purpose. */
final class RestoreSection {

  private final TenantModel.Builder model;

  private RestoreSection(TenantModel.Builder model) {
    this.model = model;
  }

  static void read(YamlValue value, TenantModel.Builder model) {
    YamlMap restore =
        value.map(
            "emptied",
            "reset",
            "erased",
            "taken",
            "ids_in_json",
            "ids_in_text",
            "ignored",
            "rebuild");
    RestoreSection section = new RestoreSection(model);
    restore.get("emptied").ifPresent(tables -> tables.texts().forEach(model::emptyOnRestore));
    restore.get("reset").ifPresent(resets -> resets.list().forEach(section::reset));
    restore.get("erased").ifPresent(erasures -> erasures.list().forEach(section::erased));
    restore.get("taken").ifPresent(rules -> rules.list().forEach(section::taken));
    restore.get("ids_in_json").ifPresent(rewriters -> rewriters.list().forEach(section::json));
    restore.get("ids_in_text").ifPresent(rewriters -> rewriters.list().forEach(section::text));
    restore.get("ignored").ifPresent(rules -> rules.entries().forEach(section::ignored));
    restore
        .get("rebuild")
        .ifPresent(
            rules ->
                rules
                    .entries()
                    .forEach(
                        (what, tables) ->
                            model.rebuildAfterRestore(
                                what, tables.texts().toArray(String[]::new))));
  }

  private void reset(YamlValue value) {
    YamlMap reset = value.map("column", "to");
    YamlValue.Column column = reset.require("column").column();
    model.resetOnRestore(column.table(), column.column(), reset.require("to").scalar());
  }

  private void erased(YamlValue value) {
    YamlMap erasure = value.map("column", "ledger");
    YamlValue.Column column = erasure.require("column").column();
    YamlValue.Column ledger = erasure.require("ledger").column();
    model.eraseOnRestore(ledger.table(), ledger.column(), column.table(), column.column());
  }

  private void taken(YamlValue value) {
    YamlMap taken = value.map("column", "becomes", "suffix", "tag");
    YamlValue.Column column = taken.require("column").column();
    List<String> ways = List.of("becomes", "suffix", "tag").stream().filter(taken::has).toList();
    if (ways.size() != 1) {
      throw value.wrong(
          "says " + (ways.isEmpty() ? "nothing" : String.join(" and ", ways)) + " of a taken value",
          "Write one of suffix: -copy, tag: copy (for mail addresses), becomes: null");
    }
    model.replaceTaken(
        column.table(), column.column(), replacement(ways.get(0), taken.require(ways.get(0))));
  }

  private static Replacement replacement(String way, YamlValue value) {
    try {
      return switch (way) {
        case "suffix" -> Replacement.suffixed(value.text());
        case "tag" -> Replacement.addressTagged(value.text());
        default -> {
          if (value.scalar() == null) {
            yield Replacement.cleared();
          }
          if (value.text().equals("random")) {
            yield Replacement.random();
          }
          throw value.wrong(
              "is \"" + value.text() + "\", which only one row could have",
              "Write null, or random for secrets");
        }
      };
    } catch (IllegalArgumentException e) {
      throw value.wrong("is wrong: " + e.getMessage(), "Write another one");
    }
  }

  private void ignored(String table, YamlValue rule) {
    if (!rule.text().equals("delete")) {
      throw rule.wrong("is \"" + rule.text() + "\"", "Write delete, or leave the table out");
    }
    model.deleteIgnored(table);
  }

  private void text(YamlValue value) {
    YamlMap rewriter = value.map("column", "separated_by", "table", "patterns");
    YamlValue.Column column = rewriter.require("column").column();
    try {
      if (rewriter.has("patterns") == rewriter.has("separated_by")) {
        throw value.wrong(
            "does not say where ids are",
            "Write separated_by: / and table: pages, or patterns: {\"gid://app/User/{id}\": users}");
      }
      if (rewriter.has("separated_by")) {
        String table = rewriter.require("table").text();
        String separator = rewriter.require("separated_by").text();
        model.rewriteIds(column.table(), column.column(), IdRewriter.separated(table, separator));
        return;
      }
      Map<String, String> patterns = new LinkedHashMap<>();
      rewriter.require("patterns").entries().forEach((text, t) -> patterns.put(text, t.text()));
      model.rewriteIds(column.table(), column.column(), IdRewriter.pattern(patterns));
    } catch (IllegalArgumentException e) {
      throw value.wrong("is wrong: " + e.getMessage(), "Write {\"gid://app/User/{id}\": users}");
    }
  }

  private void json(YamlValue value) {
    YamlMap rewriter = value.map("column", "keys");
    YamlValue.Column column = rewriter.require("column").column();
    Map<String, String> keys = new LinkedHashMap<>();
    rewriter.require("keys").entries().forEach((key, table) -> keys.put(key, table.text()));
    if (keys.isEmpty()) {
      throw rewriter.require("keys").wrong("is empty", "Write {user_id: users}");
    }
    model.rewriteIds(column.table(), column.column(), IdRewriter.json(keys));
  }
}
