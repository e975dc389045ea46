package dev.sevenfold.backup.journal;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.Session;
import java.sql.SQLException;
import java.util.UUID;

/**
 * A table that is there from the commit of a restore's rows until its files are in their places.
 * The transaction that writes the rows makes it, so it says to whoever comes next whether they are
 * committed. Immutable.
 *
 * @param table its name, which no other restore has
 */
public record Marker(String table) {

  private static final String PREFIX = "sevenfold_restore_";
  private static final int SHOWN = PREFIX.length() + 12;

  /** One that was never used. */
  static Marker fresh() {
    return new Marker(PREFIX + UUID.randomUUID().toString().replace("-", ""));
  }

  /** Whether a table is the marker of some restore, whosoever's. */
  public static boolean isMarker(String table) {
    return table.startsWith(PREFIX);
  }

  /** What is enough of the name to tell it from others. */
  String shown() {
    return table.substring(0, SHOWN);
  }

  /** Makes it, inside the transaction that writes the rows. */
  public void make(Session session) throws SQLException {
    session.execute("CREATE TABLE " + Sql.name(Workbench.LIVE, table) + " (done)");
  }

  boolean isThere(Session session) throws SQLException {
    String tables = Sql.name(Workbench.LIVE, "sqlite_schema");
    return session.queryLong("SELECT count(*) FROM " + tables + " WHERE name = ?", table) != 0;
  }

  /** Removes it, where it is still there. */
  public void drop(Session session) throws SQLException {
    session.execute("DROP TABLE IF EXISTS " + Sql.name(Workbench.LIVE, table));
  }
}
