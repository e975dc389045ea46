package dev.sevenfold.backup.rows;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import dev.sevenfold.backup.scratch.Session;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Follows rows to rows, through one table or several that lead to each other in a ring, to the end
 * of every chain in one statement: step by step, a chain takes as many passes as it has rows. Use
 * from one thread, once.
 */
public final class Chains {

  /** SQLite takes 500 selects in a row; what has more is followed step by step. */
  private static final int MOST_TERMS = 400;

  /**
   * Rows of a table under an alias: {@code from} is what stands for it behind a {@code FROM}.
   *
   * @param place tells them from those of other tables, or of the same one elsewhere
   */
  public record Rows(String place, Table table, String from) {}

  private record Start(String place, String select) {}

  private record Hop(Rows from, String fromAlias, Rows to, String toAlias, String leads) {}

  private final Session session;
  private final String scratch;
  private final List<Start> starts = new ArrayList<>();
  private final List<Hop> hops = new ArrayList<>();
  private final Map<String, Integer> numbers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, Table> tables = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * Nothing to follow yet.
   *
   * @param scratch the table that takes what is found, as SQL names it; made anew
   */
  public Chains(Session session, String scratch) {
    this.session = session;
    this.scratch = scratch;
  }

  /** Begins at the rows of a place whose keys {@code select} has. */
  public void startAt(String place, Table table, String select) {
    add(place, table);
    starts.add(new Start(place, select));
  }

  /** Leads from rows to others, on a condition over both aliases. */
  public void lead(Rows from, String fromAlias, Rows to, String toAlias, String leads) {
    add(from.place(), from.table());
    add(to.place(), to.table());
    hops.add(new Hop(from, fromAlias, to, toAlias, leads));
  }

  private void add(String place, Table table) {
    numbers.putIfAbsent(place, numbers.size());
    tables.putIfAbsent(place, table);
  }

  /** The places that were named. */
  public Set<String> places() {
    return Collections.unmodifiableSet(numbers.keySet());
  }

  /**
   * Whether there is something to follow, and not more than one statement takes. Where no index can
   * find what a row leads to, as between columns of different affinities, each row would have a
   * whole table looked at: then a pass over all rows for each step takes less.
   */
  public boolean canFollow() throws SQLException {
    if (hops.isEmpty() || starts.size() + hops.size() >= MOST_TERMS) {
      return false;
    }
    for (Hop hop : hops) {
      if (isScanned(hop)) {
        return false;
      }
    }
    return true;
  }

  private boolean isScanned(Hop hop) throws SQLException {
    String plan = "EXPLAIN QUERY PLAN " + down(nobody() + step(hop));
    String scan = "SCAN " + hop.toAlias();
    return session.query(plan, row -> row.getString("detail")).stream()
        .anyMatch(detail -> detail.equals(scan) || detail.startsWith(scan + ' '));
  }

  /** Follows all that was told, once. */
  public void follow() throws SQLException {
    session.make(scratch, Sql.of("(w, \"{keys}\")", keys()));
    StringBuilder terms = new StringBuilder(nobody());
    for (Start start : starts) {
      terms.append(
          Sql.of(
              " UNION ALL SELECT {number}, s.*{nothing} FROM ({select}) s",
              number(start.place()),
              nothing(table(start.place())),
              start.select()));
    }
    hops.forEach(hop -> terms.append(step(hop)));
    session.update("INSERT INTO " + scratch + ' ' + down(terms.toString()));
  }

  private String down(String terms) {
    return Sql.of(
        """
        WITH RECURSIVE down (w, "{keys}") AS ({terms})
        SELECT * FROM down WHERE w IS NOT NULL
        """,
        keys(),
        terms);
  }

  /** The first select has rows tell apart to the letter, whatever their table makes equal. */
  private String nobody() {
    return "SELECT NULL" + ", NULL COLLATE BINARY".repeat(width());
  }

  private String step(Hop hop) {
    return Sql.of(
        """
         UNION SELECT {number}, {key}{nothing} FROM down d
          CROSS JOIN {from} ON d.w = {from number} AND {found} CROSS JOIN {to} ON {leads}
        """,
        number(hop.to().place()),
        Sql.columns(hop.toAlias(), hop.to().table().key()),
        nothing(hop.to().table()),
        hop.from().from(),
        number(hop.from().place()),
        Sql.equal(
            hop.fromAlias(),
            hop.from().table().key(),
            "d",
            OwnedRows.keyColumns(hop.from().table())),
        hop.to().from(),
        hop.leads());
  }

  private int width() {
    return tables.values().stream().mapToInt(table -> table.key().size()).max().orElse(0);
  }

  private List<String> keys() {
    return IntStream.range(0, width()).mapToObj(i -> "k" + i).toList();
  }

  private int number(String place) {
    return Objects.requireNonNull(numbers.get(place), place);
  }

  private Table table(String place) {
    return Objects.requireNonNull(tables.get(place), place);
  }

  private String nothing(Table table) {
    return ", NULL".repeat(width() - table.key().size());
  }

  /** Selects the keys of a place that were found, those begun with among them. */
  public String found(String place) {
    return Sql.of(
        "SELECT \"{keys}\" FROM {scratch} WHERE w = {number}",
        OwnedRows.keyColumns(table(place)),
        scratch,
        number(place));
  }

  /**
   * All that a table leads to and that leads back to it, itself among them; empty if nothing does.
   *
   * @param next what each leads to
   */
  public static Set<String> ring(String start, Map<String, ? extends Collection<String>> next) {
    Map<String, Collection<String>> before = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    next.forEach(
        (from, all) ->
            all.forEach(to -> before.computeIfAbsent(to, name -> new ArrayList<>()).add(from)));
    Set<String> ring = reached(start, next);
    ring.retainAll(reached(start, before));
    return ring;
  }

  private static Set<String> reached(String start, Map<String, ? extends Collection<String>> next) {
    Set<String> reached = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Deque<String> due = new ArrayDeque<>(List.of(start));
    while (!due.isEmpty()) {
      Collection<String> led = next.get(due.removeFirst());
      for (String to : led == null ? List.<String>of() : led) {
        if (reached.add(to)) {
          due.add(to);
        }
      }
    }
    return reached;
  }
}
