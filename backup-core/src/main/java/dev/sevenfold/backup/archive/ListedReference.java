package dev.sevenfold.backup.archive;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A reference of which an archive lists what rows pointed at through it: at no row, or at another
 * owner's. A restore may bring back exactly these, and no other. Immutable.
 *
 * <p>Where it belongs to a table's {@link ArchiveManifest.Table#dangling() dangling} references,
 * the rows are those of this table in the archive, the key is empty, and each value is one that
 * rows pointed at in vain. Where it belongs to those that lead {@linkplain
 * ArchiveManifest.Table#toOthers() to others}, the same is true of what rows pointed at that is
 * another owner's. Where it belongs to what was {@link ArchiveManifest.Table#leftBehind() left
 * behind}, the rows are another owner's, which are not in the archive, and pointed at rows of this
 * table; each value is one such row: its key, and behind that what it pointed at.
 *
 * @param child the table of the rows that pointed
 * @param key the columns that tell one row of that table from another; empty if that is not said
 * @param columns the pointing columns; of a polymorphic reference, the type's column first
 * @param parent the table they pointed at
 * @param parentColumns the columns there
 * @param rows how many rows pointed there
 * @param values the values of {@code key} and {@code columns}, each different from the others and
 *     written by its type, {@code integer:5} for instance; all of them or, if they were too many,
 *     none
 */
public record ListedReference(
    String child,
    List<String> key,
    List<String> columns,
    String parent,
    List<String> parentColumns,
    long rows,
    List<List<String>> values) {

  private static final String INTEGER = "integer:";
  private static final Pattern OTHERS =
      Pattern.compile("null|real:[0-9a-f]{16}|(text|blob):([0-9a-f]{2})*+");

  /** Requires all parts, copies the lists and refuses values that are not of these columns. */
  public ListedReference {
    Objects.requireNonNull(child, "child");
    key = List.copyOf(key);
    columns = List.copyOf(columns);
    Objects.requireNonNull(parent, "parent");
    parentColumns = List.copyOf(parentColumns);
    values = values.stream().map(List::copyOf).toList();
    values.forEach(value -> value.forEach(ListedReference::requireTyped));
    if (columns.isEmpty() || parentColumns.isEmpty() || rows < 1) {
      throw new IllegalArgumentException(
          "The reference of table %s through %s to table %s, %s, cannot be that of %d rows"
              .formatted(child, columns, parent, parentColumns, rows));
    }
    for (List<String> value : values) {
      if (value.size() != key.size() + columns.size()) {
        throw new IllegalArgumentException(
            "The value %s of table %s is not one of the columns %s and %s"
                .formatted(value, child, key, columns));
      }
    }
  }

  private static void requireTyped(String value) {
    if (value.startsWith(INTEGER)) {
      Long.parseLong(value.substring(INTEGER.length()));
    } else if (!OTHERS.matcher(value).matches()) {
      throw new IllegalArgumentException("There is no value like " + value);
    }
  }

  /** Whether it is said which values they were; else only how many rows had such. */
  public boolean isListed() {
    return !values.isEmpty();
  }

  /** All the values that are listed for each reference, once. */
  public static List<ListedReference> union(Stream<ListedReference> listed) {
    Map<ListedReference, Set<List<String>>> values = new LinkedHashMap<>();
    listed
        .filter(ListedReference::isListed)
        .forEach(
            each ->
                values
                    .computeIfAbsent(each.of(1, List.of()), reference -> new LinkedHashSet<>())
                    .addAll(each.values));
    return values.entrySet().stream()
        .map(each -> each.getKey().of(each.getValue().size(), List.copyOf(each.getValue())))
        .toList();
  }

  private ListedReference of(long newRows, List<List<String>> newValues) {
    return new ListedReference(child, key, columns, parent, parentColumns, newRows, newValues);
  }
}
