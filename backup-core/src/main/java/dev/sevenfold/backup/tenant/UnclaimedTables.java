package dev.sevenfold.backup.tenant;

import dev.sevenfold.backup.schema.DatabaseSchema;
import dev.sevenfold.backup.schema.DatabaseSchema.Table;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Guesses what an unclaimed table is, from its name and its columns, to save a person the search.
 */
final class UnclaimedTables {

  private static final Pattern MIGRATIONS =
      Pattern.compile(".*(schema_migrations|schema_history|databasechangelog|internal_metadata).*");
  private static final Pattern TRANSIENT =
      Pattern.compile(".*(queue|cache|cable|session|_job|jobs|lock|scheduled_tasks|qrtz).*");

  private final DatabaseSchema schema;
  private final Set<String> owned;

  UnclaimedTables(DatabaseSchema schema, Set<String> owned) {
    this.schema = schema;
    this.owned = owned;
  }

  String likely(Table table) {
    String name = table.name().toLowerCase(Locale.ROOT);
    if (MIGRATIONS.matcher(name).matches()) {
      return "likely shared: it records migrations";
    }
    return polymorphic(table)
        .or(() -> undeclaredReference(table))
        .or(() -> referenced(table))
        .orElseGet(
            () ->
                TRANSIENT.matcher(name).matches()
                    ? "likely ignored: it sounds like a queue, a cache or sessions"
                    : "likely shared: nothing in it points at a tenant");
  }

  private Optional<String> polymorphic(Table table) {
    for (String column : table.columns()) {
      if (column.toLowerCase(Locale.ROOT).endsWith("_type")) {
        String stem = column.substring(0, column.length() - "_type".length());
        Optional<String> id = table.column(stem + "_id");
        if (id.isPresent()) {
          return Optional.of("likely owned, polymorphic through " + column + " and " + id.get());
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> undeclaredReference(Table table) {
    for (String column : table.columns()) {
      String lower = column.toLowerCase(Locale.ROOT);
      if (lower.endsWith("_id") || lower.endsWith("_ref") || lower.endsWith("_uuid")) {
        String stem = lower.substring(0, lower.lastIndexOf('_'));
        for (String owner : owned) {
          String singular = owner.toLowerCase(Locale.ROOT).replaceFirst("s$", "");
          if (singular.equals(stem)) {
            return Optional.of(
                "likely owned, through the undeclared reference " + column + " -> " + owner);
          }
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> referenced(Table table) {
    return schema.tables().stream()
        .filter(child -> owned.contains(child.name()))
        .flatMap(
            child ->
                child.foreignKeys().stream()
                    .filter(key -> key.parent().equalsIgnoreCase(table.name()))
                    .map(
                        key ->
                            "likely shared, or owned because it is referenced by %s.%s"
                                .formatted(child.name(), String.join(", ", key.columns()))))
        .findFirst();
  }
}
