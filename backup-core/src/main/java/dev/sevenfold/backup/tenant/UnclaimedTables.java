package dev.sevenfold.backup.tenant;

import dev.sevenfold.backup.naming.KnownTables;
import dev.sevenfold.backup.naming.ReferenceNames;
import dev.sevenfold.backup.schema.DatabaseSchema;
import dev.sevenfold.backup.schema.DatabaseSchema.Table;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Says what the schema tells of an unclaimed table, to save a person the search. That rows are
 * everybody's it cannot tell: that is for the rows to say, and for whoever suggests a model by
 * them.
 */
final class UnclaimedTables {

  private final DatabaseSchema schema;
  private final Set<String> owned;

  /** A column, and an owned table that it is named for. */
  private record Named(String column, Table parent, int fits) {}

  UnclaimedTables(DatabaseSchema schema, Set<String> owned) {
    this.schema = schema;
    this.owned = owned;
  }

  String likely(Table table) {
    return KnownTables.find(table)
        .map(
            known ->
                "by its well-known name it holds %s, and is %s"
                    .formatted(known.what(), known.isShared() ? "shared" : "ignored"))
        .or(() -> polymorphic(table))
        .or(() -> undeclaredReference(table))
        .or(() -> referenced(table))
        .orElse("nothing in the schema says whose its rows are");
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
    return table.columns().stream()
        .flatMap(column -> named(table, column))
        .max(Comparator.comparing(Named::fits))
        .map(
            named ->
                "likely owned, through the undeclared reference %s -> %s"
                    .formatted(named.column(), named.parent().name()));
  }

  private Stream<Named> named(Table table, String column) {
    return owned.stream()
        .flatMap(owner -> schema.table(owner).stream())
        .map(parent -> new Named(column, parent, ReferenceNames.fits(table, column, parent)))
        .filter(named -> named.fits() > 0);
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
                            "referenced by %s.%s: owned by that, or shared, as the rows tell"
                                .formatted(child.name(), String.join(", ", key.columns()))))
        .findFirst();
  }
}
