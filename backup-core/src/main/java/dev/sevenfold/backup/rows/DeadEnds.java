package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.archive.ListedReference;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.TypedValues;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists what references lead nowhere with, or to other owners, for the manifest of one archive.
 * Where a value leads is the same for all rows that hold it, so that the values tell of each row.
 *
 * <p>Bounded, because a manifest is read as a whole: references beyond the bounds are only counted.
 */
public final class DeadEnds {

  private static final int MOST_VALUES = 100_000;
  private static final int MOST_CHARACTERS = 8 << 20;

  private final Session session;
  private final List<ListedReference> found = new ArrayList<>();
  private int values;
  private long characters;

  public DeadEnds(Session session) {
    this.session = session;
  }

  /** What was listed so far. */
  public List<ListedReference> found() {
    return List.copyOf(found);
  }

  /**
   * Adds a reference of the tenant's rows.
   *
   * @param rows how many rows point there
   * @param from the rest of a query, from {@code FROM} on, over them as {@code c}
   */
  void list(Edge edge, long rows, String from) throws SQLException {
    List<String> columns = new ArrayList<>(edge.columns());
    if (!edge.typeColumn().isEmpty()) {
      columns.add(0, edge.typeColumn());
    }
    found.add(
        new ListedReference(
            edge.child(),
            List.of(),
            columns,
            edge.parent(),
            edge.parentColumns(),
            rows,
            read(columns, from)));
  }

  /**
   * Adds a reference of rows that are not in the archive, each by the key.
   *
   * @param from the rest of a query, from {@code FROM} on, over them as {@code c}
   */
  public void listRows(Edge edge, List<String> key, String from) throws SQLException {
    List<String> columns = new ArrayList<>(key);
    columns.addAll(edge.columns());
    if (!session.exists("SELECT 1" + from)) {
      return;
    }
    List<List<String>> read = read(columns, from);
    long rows = read.isEmpty() ? session.queryLong("SELECT count(*)" + from) : read.size();
    found.add(
        new ListedReference(
            edge.child(), key, edge.columns(), edge.parent(), edge.parentColumns(), rows, read));
  }

  private List<List<String>> read(List<String> columns, String from) throws SQLException {
    int room = MOST_VALUES - values;
    List<List<String>> read =
        session.query(
            "SELECT DISTINCT " + TypedValues.selected("c", columns) + from + " LIMIT " + (room + 1),
            row -> TypedValues.read(row, columns.size()));
    long length = read.stream().flatMap(List::stream).mapToLong(String::length).sum();
    if (read.size() > room || characters + length > MOST_CHARACTERS) {
      return List.of();
    }
    values += read.size();
    characters += length;
    return read;
  }

  /** Those of the table's own rows. */
  public static List<ListedReference> from(Table table, List<ListedReference> all) {
    return all.stream().filter(one -> one.child().equals(table.name())).toList();
  }

  /** Those that lead to the table. */
  public static List<ListedReference> to(Table table, List<ListedReference> all) {
    return all.stream().filter(one -> one.parent().equals(table.name())).toList();
  }
}
