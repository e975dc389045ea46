package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.journal.Marker;
import dev.sevenfold.backup.journal.RestoreCommit;
import dev.sevenfold.backup.merge.Merge;
import dev.sevenfold.backup.merge.MergeChecks;
import dev.sevenfold.backup.merge.RowDiff;
import dev.sevenfold.backup.rows.Copied;
import dev.sevenfold.backup.rows.OwnedRows;
import dev.sevenfold.backup.rows.RowMatch;
import dev.sevenfold.backup.schema.Sql;
import dev.sevenfold.backup.schema.SqliteSchema;
import dev.sevenfold.backup.schema.SqliteTable;
import dev.sevenfold.backup.scratch.SchemaReader;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.Ownership;
import java.sql.SQLException;
import java.util.Optional;

/**
 * All that is done under the write lock: to make sure that a plan still fits, to write what
 * differs, to mark it and to commit it. Use from one thread.
 */
final class LiveChange implements RestoreCommit.Change {

  private final Session session;
  private final Planned plan;
  private final Optional<MergeChecks> checked;
  private final Progress progress;

  private LiveChange(
      Session session, Planned plan, Optional<MergeChecks> checked, Progress progress) {
    this.session = session;
    this.plan = plan;
    this.checked = checked;
    this.progress = progress;
  }

  /** Takes the lock when it is about to write. */
  static LiveChange of(Planned plan, Progress progress) throws SQLException {
    Session session = plan.prepared().database().openDurable();
    try {
      plan.prepared().attach(session, plan.number());
      return new LiveChange(session, plan, Optional.empty(), progress);
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** A plan that was made by a session that has the lock. */
  static LiveChange locked(Session session, Planned plan, MergeChecks checks, Progress progress) {
    return new LiveChange(session, plan, Optional.of(checks), progress);
  }

  /** False also if values were taken meanwhile that others can be given for. */
  @Override
  public boolean write() throws SQLException {
    Optional<MergeChecks> checks = checked.isPresent() ? checked : lockCurrent();
    if (checks.isEmpty() || (plan.prepared().mayRemap() && checks.get().hasTakenValues())) {
      return false;
    }
    if (!checks.get().obstacles().isEmpty()) {
      throw new RestoreRefused(
          "Tenant " + plan.prepared().target() + " cannot be restored any more",
          checks.get().obstacles(),
          "Nothing was changed; look at the plan again");
    }
    RowPlan rows = plan.rows();
    new Merge(session, rows.copied().schema(), rows.diffs(), checks.get(), rows.unchecked())
        .apply(progress);
    return true;
  }

  @Override
  public void mark(Marker marker) throws SQLException {
    marker.make(session);
  }

  @Override
  public void commit() throws SQLException {
    session.commit();
  }

  @Override
  public void unmark(Marker marker) throws SQLException {
    marker.drop(session);
  }

  @Override
  public void close() throws SQLException {
    session.close();
  }

  /**
   * Takes the write lock and makes sure that the plan still fits; empty if it does not. As long as
   * nobody else writes, all that is looked at was looked at before the lock was taken.
   */
  private Optional<MergeChecks> lockCurrent() throws SQLException {
    if (!plan.stamps().areCurrent()) {
      return Optional.empty();
    }
    session.begin();
    if (!isCurrent()) {
      return Optional.empty();
    }
    MergeChecks before = check();
    if (session.tryLock()) {
      return Optional.of(before);
    }
    session.rollback();
    session.beginImmediate();
    return isCurrent() ? Optional.of(check()) : Optional.empty();
  }

  private MergeChecks check() throws SQLException {
    Copied copied = plan.rows().copied();
    MergeChecks checks =
        new MergeChecks(
            session,
            copied.ownership(),
            copied.schema(),
            plan.rows().diffs(),
            copied.key(),
            plan.prepared().archive().manifest());
    checks.run();
    return checks;
  }

  /** Whether the tenant's rows are what they were, and its files still nobody else's. */
  private boolean isCurrent() throws SQLException {
    Copied copied = plan.rows().copied();
    if (plan.files().reachesOthers(session, copied)) {
      return false;
    }
    long schemaVersion = session.queryLong(Planning.SCHEMA_VERSION);
    if (schemaVersion != plan.rows().schemaVersion() && !hasSameSchema()) {
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
            plan.rows().diffs().stream().map(RowDiff::table).toList());
    for (RowDiff diff : plan.rows().diffs()) {
      SqliteTable table = diff.table();
      String before = Sql.name(Workbench.COPY, table.name());
      long then = session.queryLong("SELECT count(*) FROM " + before);
      if (rows.count(table.name()) != then || then != equalRows(rows, table, before)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether all that the plan depends on has the definition that it had. A VACUUM has SQLite say
   * that the schema changed too, and so has a table of somebody else.
   */
  private boolean hasSameSchema() throws SQLException {
    SqliteSchema then = plan.rows().copied().schema();
    SqliteSchema now = SchemaReader.read(session, Workbench.LIVE);
    if (!now.derived().equals(then.derived())) {
      return false;
    }
    for (SqliteTable table : then.tables()) {
      if (!Marker.isMarker(table.name()) && !now.find(table.name()).equals(Optional.of(table))) {
        return false;
      }
    }
    return now.tables().stream()
            .filter(table -> then.find(table.name()).isEmpty())
            .flatMap(table -> table.foreignKeys().stream())
            .noneMatch(key -> then.find(key.parent()).isPresent())
        && ownsTheSame(plan.rows().copied().ownership(), plan.prepared().database().resolve(now));
  }

  private static boolean ownsTheSame(Ownership then, Ownership now) {
    return now.root().equals(then.root())
        && now.keyColumn().equals(then.keyColumn())
        && now.owned().equals(then.owned())
        && now.references().equals(then.references());
  }

  private long equalRows(OwnedRows rows, SqliteTable table, String before) throws SQLException {
    return session.queryLong(
        """
        SELECT count(*) FROM %s CROSS JOIN %s b ON %s WHERE %s
        """
            .formatted(
                rows.ownedRowsOf(table, "o", "m"),
                before,
                RowMatch.isSameKey(table, "b", "m"),
                RowMatch.isExact(table, "b", "m")));
  }
}
