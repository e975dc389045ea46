package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.RestoreRefused;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes the host's triggers away while rows are restored, and puts them back in the same
 * transaction: nobody else ever sees the table without them. Restored rows are thus exactly the
 * archived ones, and nothing is counted or audited twice.
 *
 * <p>A trigger that writes to virtual tables alone stays: it keeps a search index up to date with
 * the rows, which is just what restored rows need.
 */
final class Triggers {

  private record Trigger(String name, String table, String definition) {}

  private final Session session;
  private final List<Trigger> before;
  private final List<Trigger> taken;

  private Triggers(Session session, List<Trigger> before, List<Trigger> taken) {
    this.session = session;
    this.before = before;
    this.taken = taken;
  }

  /** Takes the triggers of these tables away, inside a write transaction. */
  static Triggers takeFrom(Session session, Set<String> tables, SqliteSchema schema)
      throws SQLException {
    List<Trigger> all = read(session);
    Set<String> derived = new TreeSet<>();
    schema.derived().forEach(name -> derived.add(name.toLowerCase(Locale.ROOT)));
    List<Trigger> taken =
        all.stream()
            .filter(trigger -> tables.contains(trigger.table().toLowerCase(Locale.ROOT)))
            .filter(trigger -> !writesOnlyTo(derived, trigger))
            .toList();
    for (Trigger trigger : taken) {
      session.execute("DROP TRIGGER " + Sql.name(SnapshotTaker.LIVE, trigger.name()));
    }
    return new Triggers(session, all, taken);
  }

  private static boolean writesOnlyTo(Set<String> derived, Trigger trigger) {
    Set<String> written = SqlText.writtenTables(trigger.definition());
    return !written.isEmpty() && derived.containsAll(written);
  }

  private static List<Trigger> read(Session session) throws SQLException {
    // In the order of their making, which is the order in which SQLite fires them.
    return session.query(
        "SELECT name, tbl_name, sql FROM "
            + Sql.name(SnapshotTaker.LIVE, "sqlite_schema")
            + " WHERE type = 'trigger' ORDER BY rowid",
        row -> new Trigger(row.getString(1), row.getString(2), row.getString(3)));
  }

  /** Puts them back, and makes sure that they are what they were. */
  void putBack() throws SQLException {
    for (Trigger trigger : taken) {
      session.execute(trigger.definition());
    }
    if (!Set.copyOf(read(session)).equals(Set.copyOf(before))) {
      throw new RestoreRefused(
          "The triggers could not be put back as they were",
          before.stream().map(Trigger::name).toList(),
          "Please report this with the definitions of these triggers");
    }
  }
}
