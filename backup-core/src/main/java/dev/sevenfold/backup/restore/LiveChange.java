package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.engine.Change;
import dev.sevenfold.backup.engine.Writes;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.journal.RestoreCommit;
import dev.sevenfold.backup.merge.MergeChecks;
import dev.sevenfold.backup.merge.RowDiff;
import dev.sevenfold.backup.rows.Copied;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.source.Progress;
import java.sql.SQLException;
import java.util.Optional;

/**
 * All that is done under the write lock: to make sure that a plan still fits, to write what
 * differs, to mark it and to commit it. Use from one thread.
 */
final class LiveChange implements RestoreCommit.Writing {

  private final Change change;
  private final Planned plan;
  private final Optional<MergeChecks> checked;
  private final Progress progress;

  private LiveChange(
      Change change, Planned plan, Optional<MergeChecks> checked, Progress progress) {
    this.change = change;
    this.plan = plan;
    this.checked = checked;
    this.progress = progress;
  }

  /** Takes the lock when it is about to write. */
  static LiveChange of(Planned plan, Progress progress) throws SQLException {
    Session session = plan.prepared().engine().openDurable();
    try {
      plan.prepared().attach(session, plan.number());
      Change change = plan.prepared().engine().change(session);
      return new LiveChange(change, plan, Optional.empty(), progress);
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** A plan that was made by a session that has the lock. */
  static LiveChange locked(Change change, Planned plan, MergeChecks checks, Progress progress) {
    return new LiveChange(change, plan, Optional.of(checks), progress);
  }

  /** False also if values were taken meanwhile that others can be given for. */
  @Override
  public boolean write() throws SQLException {
    Optional<MergeChecks> checks = checked.isPresent() ? checked : lockCurrent();
    if (checks.isEmpty() || (plan.prepared().mayRemap() && checks.get().hasTakenValues())) {
      return false;
    }
    if (!checks.get().conflicts().isEmpty()) {
      throw new RestoreRefused(
          "Tenant " + plan.prepared().target() + " cannot be restored any more",
          checks.get().conflicts(),
          "Nothing was changed; look at the plan again");
    }
    Writes writes = checks.get().writes(plan.rows().unchecked());
    checks.get().proveOwners(change.write(writes, progress));
    return true;
  }

  @Override
  public Change change() {
    return change;
  }

  @Override
  public void close() throws SQLException {
    change.workbench().close();
  }

  /**
   * Takes the write lock and makes sure that the plan still fits; empty if it does not. As long as
   * nobody else writes, all that is looked at was looked at before the lock was taken.
   */
  private Optional<MergeChecks> lockCurrent() throws SQLException {
    if (!plan.stamps().areCurrent()) {
      return Optional.empty();
    }
    change.begin();
    if (!isCurrent()) {
      return Optional.empty();
    }
    MergeChecks before = check();
    if (change.lock(before.writes(plan.rows().unchecked()))) {
      return Optional.of(before);
    }
    return isCurrent() ? Optional.of(check()) : Optional.empty();
  }

  private MergeChecks check() throws SQLException {
    Copied copied = plan.rows().copied();
    MergeChecks checks = plan.prepared().checks(change, plan.rows().diffs(), copied.key());
    checks.run();
    return checks;
  }

  /** Whether the tenant's rows are what they were, and its files still nobody else's. */
  private boolean isCurrent() throws SQLException {
    Copied copied = plan.rows().copied();
    return !plan.files().reachesOthers(change, copied)
        && change.current(copied.copy(), plan.rows().diffs().stream().map(RowDiff::table).toList());
  }
}
