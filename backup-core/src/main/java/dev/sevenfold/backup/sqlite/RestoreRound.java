package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.tenant.Ownership;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One attempt at a restore: the tenant's rows as they are, the difference to the stage, and what
 * stands in the way, all as of one snapshot.
 *
 * @param number which attempt this is
 * @param schemaVersion changes with every change of the live schema
 * @param copied the tenant's rows as they are
 * @param diffs what differs, one for each staged table
 * @param checks what others have to do with it
 * @param notes what was given new ids
 */
record RestoreRound(
    int number,
    long schemaVersion,
    SnapshotTaker.Copied copied,
    List<RowDiff> diffs,
    MergeChecks checks,
    List<String> notes) {

  static final String SCHEMA_VERSION = "PRAGMA " + SnapshotTaker.LIVE + ".schema_version";

  static Path beforeFile(Path scratch, int number) {
    return scratch.resolve("before-" + number + ".sqlite3");
  }

  private static Path planFile(Path scratch, int number) {
    return scratch.resolve("plan-" + number + ".sqlite3");
  }

  /** Attaches the scratch databases of this attempt; before any transaction. */
  static void attach(Session session, Path scratch, Path stage, int number) throws SQLException {
    session.attach(RowDiff.BEFORE, beforeFile(scratch, number));
    session.attach(RowDiff.STAGE, stage);
    session.attach(RowDiff.PLAN, planFile(scratch, number));
    session.attachTemporary(SnapshotTaker.WORK);
  }

  /**
   * Works the attempt out, inside a transaction if one is under way; else the tenant's rows are
   * read in one.
   */
  static RestoreRound work(
      Session session,
      int number,
      long schemaVersion,
      Ownership ownership,
      SqliteSchema schema,
      List<RowDiff> diffs,
      TenantKey key,
      StagedTenant archive,
      RestoreOptions options,
      Instant now,
      Progress progress)
      throws SQLException {
    long ignored = session.queryLong("PRAGMA ignore_check_constraints");
    session.set("ignore_check_constraints", 1);
    boolean ownTransaction = !session.isInTransaction();
    if (ownTransaction) {
      session.begin();
    }
    OwnedRows rows =
        OwnedRows.findForRestore(
            session,
            SnapshotTaker.LIVE,
            SnapshotTaker.WORK,
            ownership,
            schema,
            key,
            diffs.stream().map(RowDiff::table).toList());
    SnapshotTaker.Copied copied =
        SnapshotTaker.copy(session, schema, ownership, rows, key, now, progress);
    if (ownTransaction) {
      session.commit();
    }
    session.set("ignore_check_constraints", ignored);
    List<String> notes = new ArrayList<>();
    rows.abandoned()
        .forEach(
            (table, count) ->
                notes.add(
                    count
                        + " rows of table "
                        + table
                        + " had lost the reference to their owner, and are taken back"));
    if (options.collisions() == RestoreOptions.Collisions.REMAP) {
      Remap remap = new Remap(session, ownership, schema, diffs, number);
      remap.awayFromTakenIds();
      notes.addAll(remap.notes());
      notes.addAll(new ReplacedValues(session, ownership, schema, diffs).apply());
    }
    for (RowDiff diff : diffs) {
      diff.compute(session);
    }
    new ForeignRows(session, ownership, schema, diffs).require(key);
    MergeChecks checks =
        new MergeChecks(session, ownership, schema, diffs, key.tenant(), archive.manifest());
    checks.run();
    return new RestoreRound(number, schemaVersion, copied, diffs, checks, notes);
  }

  /** Whether the tenant's rows are still those that this attempt was worked out for. */
  boolean isCurrent(Session session) throws SQLException {
    if (session.queryLong(SCHEMA_VERSION) != schemaVersion) {
      return false;
    }
    OwnedRows rows =
        OwnedRows.findForRestore(
            session,
            SnapshotTaker.LIVE,
            SnapshotTaker.WORK,
            copied.ownership(),
            copied.schema(),
            copied.key(),
            diffs.stream().map(RowDiff::table).toList());
    for (RowDiff diff : diffs) {
      SqliteTable table = diff.table();
      String before = Sql.name(RowDiff.BEFORE, table.name());
      long then = session.queryLong("SELECT count(*) FROM " + before);
      if (rows.count(table.name()) != then || then != equalRows(session, rows, table, before)) {
        return false;
      }
    }
    return true;
  }

  private static long equalRows(Session session, OwnedRows rows, SqliteTable table, String before)
      throws SQLException {
    return session.queryLong(
        "SELECT count(*) FROM "
            + rows.ownedRowsOf(table, "o", "m")
            + " CROSS JOIN "
            + before
            + " b ON "
            + RowMatch.isSameKey(table, "b", "m")
            + " WHERE "
            + RowMatch.isExact(table, "b", "m"));
  }
}
