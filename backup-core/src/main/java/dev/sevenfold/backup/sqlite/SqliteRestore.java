package dev.sevenfold.backup.sqlite;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.AppliedRestore;
import dev.sevenfold.backup.source.PreparedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A restore into SQLite. The difference is worked out on a read snapshot; under the write lock it
 * is only made sure that the tenant's rows are still the same, and what differs is written.
 */
final class SqliteRestore implements PreparedRestore {

  private static final int ATTEMPTS = 4;

  private final SqliteDatabase database;
  private final SnapshotTaker taker;
  private final StagedTenant archive;
  private final TenantId target;
  private final Path scratch;

  private @Nullable Stage stage;
  private long stagedFor = -1;
  private @Nullable RestoreRound round;
  private @Nullable FilePlan files;
  private @Nullable RestorePlan plan;
  private @Nullable TenantSnapshot before;

  SqliteRestore(
      SqliteDatabase database,
      SnapshotTaker taker,
      StagedTenant archive,
      TenantId target,
      Path scratch) {
    this.database = database;
    this.taker = taker;
    this.archive = archive;
    this.target = target;
    this.scratch = scratch;
  }

  /** Works out the first attempt. */
  void prepare(Progress progress) throws SQLException {
    attempt(0, progress);
  }

  private void attempt(int number, Progress progress) throws SQLException {
    try (Session session = openFor(number)) {
      session.begin();
      workOut(session, number, progress);
      session.commit();
    }
    finish(progress);
  }

  /** The session has everything attached that an attempt and a new stage may need. */
  private Session openFor(int number) throws SQLException {
    Session session = database.open();
    try {
      RestoreRound.attach(session, scratch, stageFile(), number);
      session.attach(Stage.ARCHIVE, archive.database());
      return session;
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private Path stageFile() {
    return scratch.resolve("stage.sqlite3");
  }

  private void workOut(Session session, int number, Progress progress) throws SQLException {
    SqliteSchema schema = SchemaReader.read(session, SnapshotTaker.LIVE);
    Ownership ownership = database.resolve(schema);
    TenantKey key = key(session, ownership);
    long version = session.queryLong("PRAGMA schema_version");
    Stage filled = stage;
    if (filled == null || stagedFor != version) {
      filled = Stage.fill(session, ownership, schema, progress);
      stage = filled;
      stagedFor = version;
    }
    round =
        RestoreRound.work(
            session,
            number,
            ownership,
            schema,
            filled.tables(),
            key,
            archive,
            taker.now(),
            progress);
    plan = planOf(session, filled, round);
  }

  private TenantKey key(Session session, Ownership ownership) throws SQLException {
    var live = TenantKey.find(session, SnapshotTaker.LIVE, ownership, target);
    if (live.isPresent()) {
      return live.get();
    }
    TenantId archived = archive.manifest().tenant().orElseThrow();
    return TenantKey.find(session, Stage.ARCHIVE, ownership, archived)
        .map(like -> TenantKey.of(target, like.value()))
        .orElseThrow(
            () ->
                new RestoreRefused(
                    "The archive has no row of tenant "
                        + archived
                        + " in table "
                        + ownership.root().name(),
                    List.of(),
                    "Restore another archive"));
  }

  private RestorePlan planOf(Session session, Stage filled, RestoreRound worked)
      throws SQLException {
    List<RestorePlan.TableChange> changes = new ArrayList<>();
    for (RowDiff diff : worked.diffs()) {
      changes.add(diff.counts(session));
    }
    List<String> notes = new ArrayList<>(filled.notes());
    notes.addAll(worked.copied().edges().warnings());
    notes.addAll(worked.checks().notes());
    return new RestorePlan(
        target,
        changes,
        RestorePlan.FileChange.NONE,
        worked.checks().sideEffects(),
        worked.checks().obstacles(),
        notes);
  }

  /** What needs no snapshot: the files. */
  private void finish(Progress progress) throws SQLException {
    RestoreRound worked = current();
    before =
        taker.describe(
            worked.copied(), RestoreRound.beforeFile(scratch, worked.number()), progress);
    files =
        FilePlan.of(
            database,
            worked.copied(),
            RestoreRound.beforeFile(scratch, worked.number()),
            archive,
            before);
    plan = files.addTo(plan());
  }

  private RestoreRound current() {
    if (round == null) {
      throw new IllegalStateException("The restore was not prepared");
    }
    return round;
  }

  @Override
  public RestorePlan plan() {
    if (plan == null) {
      throw new IllegalStateException("The restore was not prepared");
    }
    return plan;
  }

  @Override
  public TenantSnapshot before() {
    if (before == null) {
      throw new IllegalStateException("The restore was not prepared");
    }
    return before;
  }

  @Override
  public AppliedRestore apply(Progress progress) {
    try {
      for (int number = 1; number < ATTEMPTS; number++) {
        requireNoObstacles();
        if (applied(progress)) {
          return new AppliedRestore(plan(), before());
        }
        // The tenant's own people are at work. Look again, outside of the lock.
        attempt(number, progress);
      }
      requireNoObstacles();
      applyWithinLock(progress);
      return new AppliedRestore(plan(), before());
    } catch (SQLException e) {
      throw SqliteErrors.unavailable("The restore of tenant " + target, e);
    }
  }

  private void requireNoObstacles() {
    if (!plan().obstacles().isEmpty()) {
      throw new RestoreRefused(
          "Tenant " + target + " cannot be restored",
          plan().obstacles(),
          "Nothing was changed; clear what stands in the way, or restore with new ids");
    }
  }

  /** Whether the current attempt was applied; false if the tenant's rows have changed since. */
  private boolean applied(Progress progress) throws SQLException {
    RestoreRound worked = current();
    try (FileJournal journal = journal();
        Session session = database.open()) {
      RestoreRound.attach(session, scratch, stageFile(), worked.number());
      long version = session.queryLong("PRAGMA data_version");
      session.begin();
      if (!worked.isCurrent(session)) {
        return false;
      }
      session.commit();
      session.beginImmediate();
      boolean nobodyWrote = session.queryLong("PRAGMA data_version") == version;
      if (!nobodyWrote && !worked.isCurrent(session)) {
        return false;
      }
      merge(session, worked, journal, progress);
      session.commit();
      journal.complete(session);
    }
    return true;
  }

  private void merge(Session session, RestoreRound worked, FileJournal journal, Progress progress)
      throws SQLException {
    MergeChecks checks =
        new MergeChecks(
            session,
            worked.copied().ownership(),
            worked.copied().schema(),
            worked.diffs(),
            archive.manifest());
    checks.run();
    if (!checks.obstacles().isEmpty()) {
      throw new RestoreRefused(
          "Tenant " + target + " cannot be restored any more",
          checks.obstacles(),
          "Nothing was changed; look at the plan again");
    }
    new Merge(session, worked.copied().schema(), worked.diffs(), checks).apply(progress);
    journal.mark(session);
  }

  /** The last resort for a tenant that never rests: everything at once, under the lock. */
  private void applyWithinLock(Progress progress) throws SQLException {
    try (Session session = openFor(ATTEMPTS)) {
      session.beginImmediate();
      workOut(session, ATTEMPTS, progress);
      requireNoObstacles();
      finish(progress);
      try (FileJournal journal = journal()) {
        merge(session, current(), journal, progress);
        session.commit();
        journal.complete(session);
      }
    }
  }

  private FileJournal journal() {
    if (files == null) {
      throw new IllegalStateException("The restore was not prepared");
    }
    return FileJournal.write(database, target, files);
  }

  @Override
  public void close() {
    // All that is held is files in the caller's scratch folder.
    if (Thread.currentThread().isInterrupted()) {
      throw new OperationFailed("The restore was interrupted", "Start it again when you like");
    }
  }
}
