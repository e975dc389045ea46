package dev.sevenfold.backup.engine;

import dev.sevenfold.backup.schema.Table;
import java.sql.SQLException;
import java.util.List;

/**
 * Brings archived values into today's types, defaults and checks, which only the engine can
 * evaluate. Use from one thread.
 */
public interface Shaping {

  /** What the live tables need to be written to, functions for instance, and is not at hand. */
  List<String> lacking(List<Table> tables) throws SQLException;

  /**
   * The tables that triggers of these tables write to, which do not fire while they are written.
   */
  List<String> writtenByTriggers(List<Table> tables) throws SQLException;

  /** Makes an empty table in {@link Workbench#STAGE} that takes what the live one does. */
  void create(Table table) throws SQLException;

  /**
   * Archived rows for a table of the stage. Immutable.
   *
   * @param now the table as it is live
   * @param then the table as the archive has it
   * @param columns the columns that are given values; others take their defaults
   * @param select selects the values, on the workbench
   * @param required those of the columns that take their default for a null, whatever it calls
   */
  record Archived(
      Table now, Table then, List<String> columns, String select, List<String> required) {
    public Archived {
      columns = List.copyOf(columns);
      required = List.copyOf(required);
    }

    /** Whether the rows have the shape of today already. */
    public boolean isAsItWas() {
      return now.definition().equals(then.definition());
    }
  }

  /**
   * Puts rows into the stage.
   *
   * @param unchecked whether rows are put in that break a CHECK
   * @return what the rows break
   */
  Broken put(Archived rows, boolean unchecked) throws SQLException;

  /**
   * Which rule rows have broken, so that none was put in.
   *
   * @param kind what kind of rule
   * @param what what the engine says of it; empty if all were put in
   */
  record Broken(Kind kind, String what) {

    /** Kinds of rules. */
    public enum Kind {
      NONE,
      CHECK,
      OTHER
    }
  }
}
