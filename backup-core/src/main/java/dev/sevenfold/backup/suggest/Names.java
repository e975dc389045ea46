package dev.sevenfold.backup.suggest;

import dev.sevenfold.backup.naming.ReferenceNames;
import dev.sevenfold.backup.schema.DatabaseSchema;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the names of one schema tell, each asked once. Use from one thread. */
final class Names {

  /** So many tables that begin alike are a module. */
  private static final int MODULE = 5;

  private static final int OF_MODULE = 10;

  private final Map<String, DatabaseSchema.Table> tables = new HashMap<>();
  private final Map<List<String>, Integer> fits = new HashMap<>();

  Names(Schema schema) {
    schema.toSchema().tables().forEach(table -> tables.put(table.name(), table));
  }

  /**
   * How well a column is named for another table: better, if that has the name of a module before
   * it, as many have. Of {@code shop_orders} and {@code proxy_orders} a shop means the first.
   */
  int fits(Table child, String column, Table parent) {
    return fits.computeIfAbsent(
        List.of(child.name(), column, parent.name()),
        key -> {
          int plain = ReferenceNames.fits(of(child), column, of(parent));
          // Less for somebody: no module makes event_users of more weight than users.
          int better = plain + Math.min(OF_MODULE, plain / 4);
          return plain > 0 && better < ReferenceNames.CLEAR && isOfModule(parent.name())
              ? better
              : plain;
        });
  }

  private boolean isOfModule(String table) {
    int end = table.indexOf('_');
    return end > 0
        && tables.keySet().stream()
                .filter(each -> each.startsWith(table.substring(0, end + 1)))
                .count()
            >= MODULE;
  }

  /** How well a type is named for a table. */
  int fitsType(String type, Table table) {
    return fits.computeIfAbsent(
        List.of(type, table.name()), key -> ReferenceNames.fitsType(type, of(table)));
  }

  private DatabaseSchema.Table of(Table table) {
    DatabaseSchema.Table named = tables.get(table.name());
    if (named == null) {
      throw new IllegalArgumentException("There is no table " + table.name());
    }
    return named;
  }
}
