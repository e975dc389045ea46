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

  /** Whether there is something to follow, and not more than one statement takes. */
  public boolean canFollow() {
    return !hops.isEmpty() && starts.size() + hops.size() < MOST_TERMS;
  }

  /** Follows all that was told, once. */
  public void follow() throws SQLException {
    int width = tables.values().stream().mapToInt(table -> table.key().size()).max().orElse(0);
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      keys.add("k" + i);
    }
    session.make(scratch, Sql.of("(w, \"{keys}\")", keys));
    // The first select has rows tell apart to the letter, whatever their table makes equal.
    StringBuilder terms =
        new StringBuilder("SELECT NULL" + ", NULL COLLATE BINARY".repeat(keys.size()));
    for (Start start : starts) {
      Table table = table(start.place());
      terms.append(
          Sql.of(
              " UNION ALL SELECT {number}, s.*{nothing} FROM ({select}) s",
              number(start.place()),
              nothing(width, table),
              start.select()));
    }
    for (Hop hop : hops) {
      terms.append(
          Sql.of(
              """
               UNION SELECT {number}, {key}{nothing} FROM down d
                CROSS JOIN {from} ON d.w = {from number} AND {found} CROSS JOIN {to} ON {leads}
              """,
              number(hop.to().place()),
              Sql.columns(hop.toAlias(), hop.to().table().key()),
              nothing(width, hop.to().table()),
              hop.from().from(),
              number(hop.from().place()),
              Sql.equal(
                  hop.fromAlias(),
                  hop.from().table().key(),
                  "d",
                  OwnedRows.keyColumns(hop.from().table())),
              hop.to().from(),
              hop.leads()));
    }
    session.update(
        Sql.of(
            """
            INSERT INTO {scratch} WITH RECURSIVE down (w, "{keys}") AS ({terms})
            SELECT * FROM down WHERE w IS NOT NULL
            """,
            scratch,
            keys,
            terms));
  }

  private int number(String place) {
    return Objects.requireNonNull(numbers.get(place), place);
  }

  private Table table(String place) {
    return Objects.requireNonNull(tables.get(place), place);
  }

  private static String nothing(int width, Table table) {
    return ", NULL".repeat(width - table.key().size());
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
