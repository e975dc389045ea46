package dev.sevenfold.backup.stage;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.DanglingReference;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.rows.Edge;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.TypedValues;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What an archive says of references that led nowhere when it was made: a restore may bring back
 * exactly these. The values are kept as sets in the plan's scratch schema, one for each reference.
 */
public final class KnownDangling {

  private static final int AT_ONCE = 100;

  /** A reference, and the set with its values: {@code v0, v1, …}, those of its key first. */
  private record Known(DanglingReference reference, String set) {

    boolean is(Edge edge) {
      return reference.isListed()
          && leads(edge)
          && same(reference.parentColumns(), edge.parentColumns());
    }

    boolean leads(Edge edge) {
      return reference.child().equalsIgnoreCase(edge.child())
          && same(reference.columns(), edge.columns())
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
      return "EXISTS (SELECT 1 FROM " + set + " x WHERE " + Sql.allOf(same) + ')';
    }
  }

  private final List<Known> own = new ArrayList<>();
  private final List<Known> others = new ArrayList<>();
  private final Map<String, Long> counted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /** Knows of none. */
  public KnownDangling() {}

  public static KnownDangling of(ArchiveManifest manifest) {
    KnownDangling known = new KnownDangling();
    for (ArchiveManifest.Table table : manifest.tables()) {
      table.dangling().forEach(reference -> known.own.add(known.numbered(reference)));
      table.leftBehind().forEach(reference -> known.others.add(known.numbered(reference)));
      if (table.dangling().isEmpty() && table.danglingReferences() > 0) {
        known.counted.put(table.name(), table.danglingReferences());
      }
    }
    return known;
  }

  private Known numbered(DanglingReference reference) {
    return new Known(
        reference, Sql.name(Workbench.PLAN, "dangling_" + (own.size() + others.size())));
  }

  /** Fills the sets. */
  public void load(Session session) throws SQLException {
    for (List<Known> some : List.of(own, others)) {
      for (Known known : some) {
        load(session, known);
      }
    }
  }

  private static void load(Session session, Known known) throws SQLException {
    List<String> columns =
        IntStream.range(0, known.columns().size()).mapToObj(i -> "v" + i).toList();
    session.make(known.set(), '(' + Sql.columns(columns) + ')');
    List<List<String>> values = known.reference().values();
    for (int from = 0; from < values.size(); from += AT_ONCE) {
      insert(session, known.set(), values.subList(from, Math.min(from + AT_ONCE, values.size())));
    }
    session.execute(
        Sql.of(
            "CREATE INDEX {index} ON {set} (\"{values}\")",
            known.set().replace("\"dangling_", "\"dangling_index_"),
            known.set().substring(known.set().indexOf('.') + 1),
            columns));
  }

  private static void insert(Session session, String set, List<List<String>> rows)
      throws SQLException {
    List<@Nullable Object> parameters = new ArrayList<>();
    rows.forEach(row -> row.forEach(value -> parameters.add(TypedValues.parameter(value))));
    String values = Sql.commas(rows, row -> '(' + Sql.commas(row, TypedValues::expression) + ')');
    session.update("INSERT INTO " + set + " VALUES " + values, parameters.toArray());
  }

  /** Rewrites the values of a column of the tenant's rows, as the rows themselves are. */
  public void replace(Session session, String table, String column, String map)
      throws SQLException {
    for (Known known : own) {
      for (int i = 0; i < known.columns().size(); i++) {
        if (known.reference().child().equalsIgnoreCase(table)
            && known.columns().get(i).equalsIgnoreCase(column)) {
          session.update(NewIds.replaced(known.set(), "v" + i, map, "1"));
        }
      }
    }
  }

  /**
   * A condition: the row of the edge's child under {@code alias}, an archived one, pointed nowhere
   * through the edge when the archive was made.
   */
  public String isKnown(Edge edge, String alias) {
    return edge.isPlain() ? has(own, edge, alias) : "0";
  }

  /**
   * A condition: the row of the edge's child under {@code alias}, which is not the tenant's,
   * pointed nowhere when the archive was made, with the same values as now.
   */
  public String wasLeftBehind(Edge edge, String alias) {
    return has(others, edge, alias);
  }

  private static String has(List<Known> all, Edge edge, String alias) {
    return all.stream()
        .filter(known -> known.is(edge))
        .map(known -> known.has(alias))
        .findFirst()
        .orElse("0");
  }

  /** How many rows dangled through an edge, where they were too many to be listed. */
  public Optional<Long> counted(Edge edge) {
    return own.stream()
        .filter(known -> !known.reference().isListed() && known.leads(edge))
        .map(known -> known.reference().rows())
        .findFirst();
  }

  /** How many references of a table dangled, where the archive says no more than that. */
  public Optional<Long> counted(String table) {
    return Optional.ofNullable(counted.get(table));
  }
}
