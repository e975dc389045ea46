package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.schema.Schema;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Takes the host's triggers away while rows are restored, and puts them back in the same
 * transaction: nobody else ever sees the table without them. Restored rows are thus exactly the
 * archived ones, and nothing is counted or audited twice.
 *
 * <p>What a trigger writes to virtual tables stays: it keeps a search index up to date with the
 * rows, which is just what restored rows need.
 */
final class Triggers {

  private record Trigger(String name, String table, String definition) {

    String dropped() {
      return "DROP TRIGGER " + Sql.name(Session.MAIN, name);
    }
  }

  private final Session session;
  private final List<Trigger> before;
  private final List<Trigger> touched;

  private Triggers(Session session, List<Trigger> before, List<Trigger> touched) {
    this.session = session;
    this.before = before;
    this.touched = touched;
  }

  /** Takes the triggers of these tables away, inside a write transaction. */
  static Triggers takeFrom(Session session, Set<String> tables, Schema schema) throws SQLException {
    Set<String> derived = new TreeSet<>();
    schema.derived().forEach(name -> derived.add(name.toLowerCase(Locale.ROOT)));
    Set<String> touched = new TreeSet<>();
    List<Trigger> all = read(session);
    for (Trigger trigger : all) {
      String table = trigger.table().toLowerCase(Locale.ROOT);
      if (tables.contains(table)) {
        TriggerText text = TriggerText.of(trigger.definition());
        if (!text.writesOnlyTo(derived)) {
          session.execute(trigger.dropped());
          Optional<String> rest = text.writingTo(derived);
          if (rest.isPresent()) {
            session.execute(rest.get());
          }
          touched.add(table);
        }
      }
    }
    // Made anew, a trigger fires in another order, unless all of its table are.
    return new Triggers(
        session,
        all,
        all.stream().filter(t -> touched.contains(t.table().toLowerCase(Locale.ROOT))).toList());
  }

  private static List<Trigger> read(Session session) throws SQLException {
    // In the order of their making, which is the order in which SQLite fires them.
    return session.query(
        "SELECT name, tbl_name, sql FROM "
            + Sql.name(Session.MAIN, "sqlite_schema")
            + " WHERE type = 'trigger' ORDER BY rowid",
        row -> new Trigger(row.getString(1), row.getString(2), row.getString(3)));
  }

  /** Puts them back, and makes sure that they are what they were. */
  void putBack() throws SQLException {
    for (Trigger changed : read(session)) {
      if (touched.stream().anyMatch(trigger -> trigger.name().equals(changed.name()))) {
        session.execute(changed.dropped());
      }
    }
    for (Trigger trigger : touched) {
      session.execute(trigger.definition());
    }
    if (!byTable(read(session)).equals(byTable(before))) {
      throw new RestoreRefused(
          "The triggers could not be put back as they were",
          before.stream().map(Trigger::name).toList(),
          "Please report this with the definitions of these triggers");
    }
  }

  private static Map<String, List<Trigger>> byTable(List<Trigger> triggers) {
    return triggers.stream()
        .collect(Collectors.groupingBy(Trigger::table, TreeMap::new, Collectors.toList()));
  }
}
