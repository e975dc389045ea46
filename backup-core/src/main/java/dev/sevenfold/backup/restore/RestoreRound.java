package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.journal.FileJournal;
import dev.sevenfold.backup.merge.LeftBehind;
import dev.sevenfold.backup.merge.MergeChecks;
import dev.sevenfold.backup.merge.ReplacedValues;
import dev.sevenfold.backup.merge.RowDiff;
import dev.sevenfold.backup.rows.Copied;
import dev.sevenfold.backup.rows.CopyCheck;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.rows.RowMatch;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.SqliteSchema;
import dev.sevenfold.backup.schema.SqliteTable;
import dev.sevenfold.backup.scratch.SchemaReader;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteDatabase;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.stage.KnownDangling;
import dev.sevenfold.backup.stage.Remap;
import dev.sevenfold.backup.tenant.Ownership;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    Copied copied,
    List<RowDiff> diffs,
    MergeChecks checks,
    List<String> notes) {

  static final String SCHEMA_VERSION = "PRAGMA " + Workbench.LIVE + ".schema_version";

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
    List<SqliteTable> returning = diffs.stream().map(RowDiff::table).toList();
    OwnedRows rows =
        OwnedRows.findForRestore(
            session, Workbench.LIVE, Workbench.WORK, ownership, schema, key, returning);
    Copied copied =
        SnapshotTaker.copy(session, schema, ownership, rows, key, now, returning, progress);
    if (ownTransaction) {
      session.commit();
    }
    CopyCheck.require(session, ownership, schema, key, returning);
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
      KnownDangling known = KnownDangling.of(archive.manifest());
      Remap remap =
          new Remap(
              session,
              ownership,
              schema,
              diffs.stream().map(RowDiff::table).toList(),
              known,
              number);
      remap.awayFromTakenIds();
      notes.addAll(remap.notes());
      notes.addAll(new ReplacedValues(session, ownership, schema, diffs).apply());
    }
    for (RowDiff diff : diffs) {
      diff.compute(session);
    }
    MergeChecks checks =
        new MergeChecks(session, ownership, schema, diffs, key, archive.manifest());
    checks.run();
    copied = copied.leaving(LeftBehind.find(session, ownership, schema, diffs));
    return new RestoreRound(number, schemaVersion, copied, diffs, checks, notes);
  }

  /** Whether the tenant's rows are still those that this attempt was worked out for. */
  boolean isCurrent(Session session, SqliteDatabase database) throws SQLException {
    if (session.queryLong(SCHEMA_VERSION) != schemaVersion && !hasSameSchema(session, database)) {
      return false;
    }
    OwnedRows rows =
        OwnedRows.findForRestore(
            session,
            Workbench.LIVE,
            Workbench.WORK,
            copied.ownership(),
            copied.schema(),
            copied.key(),
            diffs.stream().map(RowDiff::table).toList());
    for (RowDiff diff : diffs) {
      SqliteTable table = diff.table();
      String before = Sql.name(Workbench.COPY, table.name());
      long then = session.queryLong("SELECT count(*) FROM " + before);
      if (rows.count(table.name()) != then || then != equalRows(session, rows, table, before)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether all that the attempt depends on has the definition that it had. A VACUUM has SQLite say
   * that the schema changed too, and so has a table of somebody else.
   */
  private boolean hasSameSchema(Session session, SqliteDatabase database) throws SQLException {
    SqliteSchema then = copied.schema();
    SqliteSchema now = SchemaReader.read(session, Workbench.LIVE);
    if (!now.derived().equals(then.derived())) {
      return false;
    }
    for (SqliteTable table : then.tables()) {
      if (!FileJournal.isMarker(table.name())
          && !now.find(table.name()).equals(Optional.of(table))) {
        return false;
      }
    }
    return now.tables().stream()
            .filter(table -> then.find(table.name()).isEmpty())
            .flatMap(table -> table.foreignKeys().stream())
            .noneMatch(key -> then.find(key.parent()).isPresent())
        && ownsTheSame(copied.ownership(), database.resolve(now));
  }

  private static boolean ownsTheSame(Ownership then, Ownership now) {
    return now.root().equals(then.root())
        && now.keyColumn().equals(then.keyColumn())
        && now.owned().equals(then.owned())
        && now.references().equals(then.references());
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
