package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.engine.Change;
import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.files.TenantFiles;
import dev.sevenfold.backup.journal.RestoreCommit;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.source.AnnouncedRestore;
import dev.sevenfold.backup.source.AppliedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.TenantSnapshot;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A restore of which a journal tells whoever comes after a kill. The difference was worked out on a
 * snapshot; under the write lock it is only made sure that the tenant's rows are still the same,
 * and what differs is written.
 *
 * @param planned the first look at the tenant
 * @param before what its safety archive is made of
 */
record Announced(Planned planned, TenantSnapshot before, RestoreCommit commit)
    implements AnnouncedRestore {

  /** How often the tenant is looked at, until the look is taken under the lock. */
  private static final int LOOKS = 3;

  @Override
  public AppliedRestore apply(Progress progress) {
    Prepared prepared = planned.prepared();
    try {
      Optional<Applied> done = apply(planned, before, progress);
      for (int number = 1; done.isEmpty() && number < LOOKS; number++) {
        // The tenant's own people are at work. Look again, outside of the lock.
        Planned again = prepared.plan(number, progress);
        again.requireExecutable();
        // The safety archive of the first one is published by now. Of another one all is kept that
        // it needs: once the rows are committed, nothing may fail any more.
        Optional<TenantFiles.Found> kept = again.kept();
        if (kept.isPresent()) {
          done = apply(again, again.before(kept.get()), progress);
        }
      }
      return done.isPresent() ? done.get() : applyWithinLock(prepared, progress);
    } catch (SQLException e) {
      throw SqliteErrors.unavailable("The restore of tenant " + prepared.target(), e);
    }
  }

  /** Empty if the tenant's rows have changed since the plan was made. */
  private Optional<Applied> apply(Planned plan, TenantSnapshot replaced, Progress progress)
      throws SQLException {
    return commit
        .commit(plan.files(), () -> LiveChange.of(plan, progress))
        .map(committed -> new Applied(plan.plan(), before, replaced, committed));
  }

  /** The last resort for a tenant that never rests: everything at once, under the lock. */
  private Applied applyWithinLock(Prepared prepared, Progress progress) throws SQLException {
    // Closed by the change too: a commit that fails is asked about when its connection is gone.
    try (Session session = prepared.open(LOOKS, prepared.engine().openDurable())) {
      Change change = prepared.engine().change(session);
      change.lockAll();
      Planning planning = new Planning(prepared, change, LOOKS, progress);
      Planning.Rows rows = planning.rows();
      Planned last = planning.files(rows);
      last.requireExecutable(session);
      TenantFiles.Found kept = last.kept().orElseThrow(() -> filesChange(prepared));
      // No other connection sees the copy before the commit.
      TenantSnapshot replaced =
          SnapshotTaker.describe(
              session,
              Workbench.COPY,
              last.rows().copied(),
              prepared.beforeFile(LOOKS),
              kept.and(last.written(session)),
              Progress.none());
      return commit
          .commit(last.files(), () -> LiveChange.locked(change, last, rows.checks(), progress))
          .map(committed -> new Applied(last.plan(), before, replaced, committed))
          .orElseThrow(last::refused);
    }
  }

  private static SourceUnavailable filesChange(Prepared prepared) {
    return new SourceUnavailable(
        "The files of tenant " + prepared.target() + " change all the time",
        "Nothing was changed; restore while its people are not at work");
  }
}
