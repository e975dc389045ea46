package dev.sevenfold.backup.merge;

import dev.sevenfold.backup.engine.LiveRows;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.scratch.RowKeys;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Finds ids of restored rows behind which a table that numbers new rows itself would have no
 * numbers left: then no tenant could insert any more, not even after an undo; or, where the table
 * finds free numbers then, they would no more be in any order, and rows of others could not be
 * given new ids, which only an archive that was made here may bring about. Where the host's own ids
 * have gone as far, they go on.
 */
final class NumbersLeft {

  private NumbersLeft() {}

  /**
   * One sentence for each table that would have none left.
   *
   * @param outside whether the archive was sent in
   */
  static List<String> conflicts(LiveRows live, Collection<RowDiff> diffs, boolean outside)
      throws SQLException {
    List<String> conflicts = new ArrayList<>();
    for (RowDiff diff : diffs) {
      Optional<LiveRows.Numbering> numbering = live.numbering(diff.table());
      if (numbering.isPresent() && (numbering.get().stops() || outside)) {
        add(live, diff, numbering.get(), conflicts);
      }
    }
    return conflicts;
  }

  private static void add(
      LiveRows live, RowDiff diff, LiveRows.Numbering numbering, List<String> conflicts)
      throws SQLException {
    String table = diff.table().name();
    if (beyond(live, diff, numbering.column(), numbering.last()).isEmpty()) {
      return;
    }
    long most = Math.max(numbering.last(), live.highest(table, numbering.column()));
    List<String> beyond = beyond(live, diff, numbering.column(), most);
    if (!beyond.isEmpty()) {
      conflicts.add(
          """
          %s ids of table %s are so high that it, which numbers new rows itself, %s: %s = %s; the \
          highest that it takes is %s. Have an ArchiveMigration give these rows other ids\
          """
              .formatted(
                  beyond.size(),
                  table,
                  numbering.stops()
                      ? "could soon insert no row any more, of any tenant"
                      : "would soon have no numbers to go on with",
                  diff.table().key(),
                  TakenValues.firstOf(beyond),
                  most));
    }
  }

  /** The keys of restored rows that have a higher number. */
  private static List<String> beyond(LiveRows live, RowDiff diff, String column, long most)
      throws SQLException {
    List<String> key = diff.table().key();
    return live.workbench()
        .query(
            Sql.of(
                """
                SELECT s."{key}" FROM ({written}) w CROSS JOIN {staged rows}
                WHERE {column} > ?1 ORDER BY {column}
                """,
                key,
                diff.written(),
                diff.stageRows("w"),
                "s." + Sql.name(column)),
            row -> RowKeys.text(RowKeys.values(row, key.size())),
            most);
  }
}
