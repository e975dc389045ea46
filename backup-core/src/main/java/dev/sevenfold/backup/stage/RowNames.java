package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.engine.LiveModel;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.tenant.Claim;
import dev.sevenfold.backup.tenant.FileSet;
import dev.sevenfold.backup.tenant.Ownership;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How people name the rows of one table: by the key, as a part of a restore takes it, and by a
 * value that they know the row by. Immutable.
 *
 * @param identity the columns that say which row is which; empty if none do
 * @param display the column whose value a row is known by; empty if the table has none
 */
public record RowNames(List<String> identity, Optional<String> display) {

  static final String NONE = "(NULL)";

  /** How much of a long value is shown. */
  private static final int LONGEST = 200;

  /**
   * The names of a table's rows: by the column that the model says, or else by the first one that
   * holds texts and is neither of a key, nor a reference or its type, nor the name of a file.
   */
  public static RowNames of(LiveModel model, Table table) {
    Ownership ownership = model.ownership();
    return new RowNames(
        table.identity(), ownership.display(table.name()).or(() -> firstText(ownership, table)));
  }

  private static Optional<String> firstText(Ownership ownership, Table table) {
    Set<String> others = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    others.addAll(table.key());
    others.addAll(table.primaryKey());
    table.foreignKeys().forEach(key -> others.addAll(key.columns()));
    Set<Claim> claims = new LinkedHashSet<>();
    ownership.owned(table.name()).ifPresent(owned -> claims.addAll(owned.claims()));
    ownership.references().stream()
        .filter(reference -> reference.child().equalsIgnoreCase(table.name()))
        .forEach(reference -> claims.add(reference.claim()));
    for (Claim claim : claims) {
      if (claim instanceof Claim.ByKey key) {
        others.add(key.column());
      } else if (claim instanceof Claim.ByReference by) {
        others.addAll(by.columns());
      } else if (claim instanceof Claim.ByType type) {
        others.addAll(List.of(type.idColumn(), type.typeColumn()));
      }
    }
    for (FileSet files : ownership.files()) {
      if (files.table().equalsIgnoreCase(table.name())) {
        others.addAll(files.path().columns());
      }
    }
    return table.stored().stream()
        .filter(column -> table.affinity(column).equals("TEXT") && !others.contains(column))
        .findFirst();
  }

  /** An expression: the key of the row under an alias, as people write it, or null. */
  public String key(String alias) {
    return identity.isEmpty() ? NONE : WrittenKey.written(identity, alias);
  }

  /** An expression: the value that the row under an alias is known by, or null. */
  public String display(String alias) {
    return display
        .map(column -> "nullif(" + shown(alias + '.' + Sql.name(column)) + ", '')")
        .orElse(NONE);
  }

  /** An expression: a value for people. Blobs are shown by their length, texts by their start. */
  public static String shown(String value) {
    return Sql.of(
        """
        CASE typeof({value}) WHEN 'blob' THEN length({value}) || ' bytes'
          ELSE substr(CAST({value} AS TEXT), 1, {longest}) END
        """,
        value,
        LONGEST);
  }

  /** A display value behind a key, where a row has one. */
  static String shown(Optional<String> display) {
    return display.map(value -> " (" + Printable.of(value) + ')').orElse("");
  }
}
