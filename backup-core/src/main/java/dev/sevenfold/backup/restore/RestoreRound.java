package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.merge.LeftBehind;
import dev.sevenfold.backup.merge.MergeChecks;
import dev.sevenfold.backup.merge.ReplacedValues;
import dev.sevenfold.backup.merge.RowDiff;
import dev.sevenfold.backup.rows.Copied;
import dev.sevenfold.backup.engine.Change;
import dev.sevenfold.backup.engine.Snapshot;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.schema.SqliteTable;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.stage.KnownDangling;
import dev.sevenfold.backup.stage.Remap;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * One attempt at a restore: the tenant's rows as they are, the difference to the stage, and what
 * stands in the way, all as of one snapshot.
 *
 * @param number which attempt this is
 * @param copied the tenant's rows as they are
 * @param diffs what differs, one for each staged table
 * @param checks what others have to do with it
 * @param notes what was given new ids
 */
record RestoreRound(
    int number,
    Copied copied,
    List<RowDiff> diffs,
    MergeChecks checks,
    List<String> notes) {

  static Path beforeFile(Path scratch, int number) {
    return scratch.resolve("before-" + number + ".sqlite3");
  }

  private static Path planFile(Path scratch, int number) {
    return scratch.resolve("plan-" + number + ".sqlite3");
  }

  /** Attaches the scratch databases of this attempt; before any transaction. */
  static void attach(Session session, Path scratch, Path stage, int number) throws SQLException {
    session.attach(Workbench.COPY, beforeFile(scratch, number));
    session.attach(Workbench.STAGE, stage);
    session.attach(Workbench.PLAN, planFile(scratch, number));
    session.attachTemporary(Workbench.WORK);
  }

  /**
   * Works the attempt out, inside a transaction if one is under way; else the tenant's rows are
   * read in one.
   */
  static RestoreRound work(
      Snapshot live,
      int number,
      List<RowDiff> diffs,
      TenantKey key,
      StagedTenant archive,
      RestoreOptions options,
      Progress progress)
      throws SQLException {
    Session session = live.workbench();
    boolean ownTransaction = !session.isInTransaction();
    if (ownTransaction) {
      live.begin();
    }
    List<SqliteTable> returning = diffs.stream().map(RowDiff::table).toList();
    Copied copied = SnapshotTaker.copy(live, key, returning, progress);
    if (ownTransaction) {
      live.end();
    }
    live.verify(copied.copy(), returning);
    List<String> notes = new ArrayList<>();
    copied.copy().abandoned()
        .forEach(
            (table, count) ->
                notes.add(
                    count
                        + " rows of table "
                        + table
                        + " had lost the reference to their owner, and are taken back"));
    if (options.collisions() == RestoreOptions.Collisions.REMAP) {
      KnownDangling known = KnownDangling.of(archive.manifest());
      Remap remap =
          new Remap(live, returning, known, number);
      remap.awayFromTakenIds();
      notes.addAll(remap.notes());
      notes.addAll(new ReplacedValues(live, diffs).apply());
    }
    for (RowDiff diff : diffs) {
      diff.compute(session);
    }
    MergeChecks checks =
        new MergeChecks(live, diffs, key, archive.manifest());
    checks.run();
    copied = copied.leaving(LeftBehind.find(live, diffs));
    return new RestoreRound(number, copied, diffs, checks, notes);
  }

  /** Whether the tenant's rows are still those that this attempt was worked out for. */
  boolean isCurrent(Change change) throws SQLException {
    return change.current(copied.copy(), diffs.stream().map(RowDiff::table).toList());
  }
}
