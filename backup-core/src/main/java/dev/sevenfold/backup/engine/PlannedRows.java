package dev.sevenfold.backup.engine;

import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.Table;
import java.util.List;

/**
 * What a plan says of one table: sets of keys in {@link Workbench#PLAN}.
 *
 * <p>The columns {@code b0, b1, …} are a row's key before, which is also its key in the live table;
 * {@code s0, s1, …} its key in the stage.
 */
public interface PlannedRows {

  Table table();

  /** What tells the sets of this table from others in the plan. */
  int number();

  /** Rows that are only in the stage: {@code s0, …}. */
  default String inserts() {
    return Sql.name(Workbench.PLAN, "insert_" + number());
  }

  /** Rows that are in both with different values: {@code b0, …, s0, …, hard}. */
  default String updates() {
    return Sql.name(Workbench.PLAN, "update_" + number());
  }

  /** Rows that are only there before: {@code b0, …}. */
  default String deletes() {
    return Sql.name(Workbench.PLAN, "delete_" + number());
  }

  /** Rows that are only there before, and stay because others own them too: {@code b0, …}. */
  default String kept() {
    return Sql.name(Workbench.PLAN, "kept_" + number());
  }

  /** Live rows that are left as they are, whatever the archive has: {@code b0, …}. */
  default String aside() {
    return Sql.name(Workbench.PLAN, "aside_" + number());
  }

  /** Row ids that inserted rows get back, of a table without a key of its own: {@code k}. */
  default String givenBack() {
    return Sql.name(Workbench.PLAN, "given_" + number());
  }

  /** {@code before.table b ON …}: the row before of each key of a set. */
  default String beforeRows(String set) {
    return Sql.name(Workbench.COPY, table().name())
        + " b ON "
        + Sql.equal("b", table().key(), set, beforeKey());
  }

  /** {@code stage.table s ON …}: the staged row of each key of a set. */
  default String stageRows(String set) {
    return Sql.name(Workbench.STAGE, table().name())
        + " s ON "
        + Sql.equal("s", table().key(), set, stageKey());
  }

  /** Selects the stage's keys of all rows that are inserted or updated. */
  default String written() {
    String keys = "SELECT " + Sql.columns(stageKey()) + " FROM ";
    return keys + inserts() + " UNION ALL " + keys + updates();
  }

  /** The names of a key before in the sets. */
  default List<String> beforeKey() {
    return table().numberedKey("b");
  }

  /** The names of a staged key in the sets. */
  default List<String> stageKey() {
    return table().numberedKey("s");
  }
}
