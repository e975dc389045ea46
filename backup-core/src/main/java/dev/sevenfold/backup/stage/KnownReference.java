package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.archive.ListedReference;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.TypedValues;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A reference that a manifest lists, and the set with its values: {@code v0, v1, …}, those of its
 * key first. The set is a table of the plan's scratch schema.
 *
 * @param name the set's
 */
record KnownReference(ListedReference reference, String name) {

  private static final int AT_ONCE = 100;

  String set() {
    return Sql.name(Workbench.PLAN, name);
  }

  /** Whether values are listed for this edge, which has no type. */
  boolean is(Edge edge) {
    return reference.isListed()
        && leads(edge)
        && same(reference.parentColumns(), edge.parentColumns());
  }

  /** Whether it is this edge, which has no type. */
  boolean leads(Edge edge) {
    return leads(edge, edge.columns());
  }

  /** Whether it is this edge, the type's column among the pointing ones if it has one. */
  boolean isTyped(Edge edge) {
    List<String> columns = new ArrayList<>(edge.columns());
    if (!edge.isPlain()) {
      columns.add(0, edge.typeColumn());
    }
    return reference.isListed()
        && leads(edge, columns)
        && same(reference.parentColumns(), edge.parentColumns());
  }

  private boolean leads(Edge edge, List<String> columns) {
    return reference.child().equalsIgnoreCase(edge.child())
        && same(reference.columns(), columns)
        && reference.parent().equalsIgnoreCase(edge.parent());
  }

  private static boolean same(List<String> some, List<String> others) {
    boolean same = some.size() == others.size();
    for (int i = 0; same && i < some.size(); i++) {
      same = some.get(i).equalsIgnoreCase(others.get(i));
    }
    return same;
  }

  List<String> columns() {
    List<String> all = new ArrayList<>(reference.key());
    all.addAll(reference.columns());
    return all;
  }

  /** A condition: the values of the row under {@code alias} are in the set, to the last byte. */
  String has(String alias) {
    List<String> same = new ArrayList<>();
    for (int i = 0; i < columns().size(); i++) {
      // The plus takes the affinity away, so that values are compared as they are stored.
      same.add("x.v" + i + " IS +" + alias + '.' + Sql.name(columns().get(i)));
    }
    return "EXISTS (SELECT 1 FROM " + set() + " x WHERE " + Sql.allOf(same) + ')';
  }

  /** Fills the set. */
  void load(Session session) throws SQLException {
    List<String> columns = IntStream.range(0, columns().size()).mapToObj(i -> "v" + i).toList();
    session.make(set(), '(' + Sql.columns(columns) + ')');
    List<List<String>> values = reference.values();
    for (int from = 0; from < values.size(); from += AT_ONCE) {
      insert(session, values.subList(from, Math.min(from + AT_ONCE, values.size())));
    }
    session.execute(
        Sql.of(
            "CREATE INDEX {index} ON {set} (\"{values}\")",
            Sql.name(Workbench.PLAN, "index_" + name),
            Sql.name(name),
            columns));
  }

  private void insert(Session session, List<List<String>> rows) throws SQLException {
    List<@Nullable Object> parameters = new ArrayList<>();
    rows.forEach(row -> row.forEach(value -> parameters.add(TypedValues.parameter(value))));
    String values = Sql.commas(rows, row -> '(' + Sql.commas(row, TypedValues::expression) + ')');
    session.update("INSERT INTO " + set() + " VALUES " + values, parameters.toArray());
  }
}
