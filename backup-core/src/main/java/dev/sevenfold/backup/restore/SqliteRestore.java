package dev.sevenfold.backup.restore;

import dev.sevenfold.backup.engine.Workbench;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.files.FileKeys;
import dev.sevenfold.backup.files.FilePlan;
import dev.sevenfold.backup.files.FilePlanner;
import dev.sevenfold.backup.files.FileSets;
import dev.sevenfold.backup.files.KeptFiles;
import dev.sevenfold.backup.files.RenamedFiles;
import dev.sevenfold.backup.files.TenantFiles;
import dev.sevenfold.backup.journal.FileRestore;
import dev.sevenfold.backup.journal.FileStamps;
import dev.sevenfold.backup.merge.MergeChecks;
import dev.sevenfold.backup.merge.RowDiff;
import dev.sevenfold.backup.merge.RowSamples;
import dev.sevenfold.backup.engine.Change;
import dev.sevenfold.backup.engine.Engine;
import dev.sevenfold.backup.engine.Snapshot;
import dev.sevenfold.backup.engine.TenantKey;
import dev.sevenfold.backup.schema.SqliteTable;
import dev.sevenfold.backup.scratch.Session;
import dev.sevenfold.backup.scratch.SqliteDatabase;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.source.AppliedRestore;
import dev.sevenfold.backup.source.PreparedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.stage.KnownDangling;
import dev.sevenfold.backup.stage.Remap;
import dev.sevenfold.backup.stage.Stage;
import dev.sevenfold.backup.stage.StageRules;
import dev.sevenfold.backup.tenant.Ownership;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A restore into SQLite. The difference is worked out on a read snapshot; under the write lock it
 * is only made sure that the tenant's rows are still the same, and what differs is written.
 */
public final class SqliteRestore implements PreparedRestore {

  private static final Logger log = LoggerFactory.getLogger(SqliteRestore.class);

  private static final int ATTEMPTS = 4;

  private final Engine engine;
  private final SnapshotTaker taker;
  private final StagedTenant archive;
  private final TenantId target;
  private final RestoreOptions options;
  private final Path scratch;

  private Path archived;
  private Map<String, Set<String>> renamedFiles = Map.of();
  private Set<String> archivedFiles = Set.of();
  private @Nullable RestoreRound round;
  private TenantFiles.@Nullable Found found;
  private @Nullable FilePlan files;
  private @Nullable FileStamps stamps;
  private @Nullable RestorePlan plan;
  private @Nullable TenantSnapshot before;
  private Set<String> unchecked = Set.of();
  private final FileRestore laid;

  public SqliteRestore(
      Engine engine,
      SnapshotTaker taker,
      StagedTenant archive,
      TenantId target,
      RestoreOptions options,
      Path scratch) {
    this.engine = engine;
    this.taker = taker;
    this.archive = archive;
    this.archived = archive.database();
    this.options = options;
    this.target = target;
    this.scratch = scratch;
    this.laid = new FileRestore(engine, target);
  }

  /** Works out the first attempt. */
  public void prepare(Progress progress) throws SQLException {
    archived = engine.migrated(archive, scratch);
    attempt(0, progress);
  }

  private void attempt(int number, Progress progress) throws SQLException {
    try (Session session = openFor(number, engine.open())) {
      Snapshot live = engine.snapshot(session);
      // With a rollback journal writers wait for whoever reads: there, only the tenant's rows are
      // read in one transaction. What is planned is looked at again before it is executed.
      boolean oneSnapshot = !live.stopsWriters();
      if (oneSnapshot) {
        live.begin();
      }
      workOut(live, number, progress);
      if (oneSnapshot) {
        live.end();
      }
      planFiles(live, progress);
    }
  }

  /** The session has everything attached that an attempt and a new stage may need. */
  private Session openFor(int number, Session session) throws SQLException {
    try {
      RestoreRound.attach(session, scratch, stageFile(), number);
      requireSameEncoding(session);
      session.attach(Stage.ARCHIVE, archived);
      return session;
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** SQLite attaches no other, and texts of another would not be the archived ones. */
  private void requireSameEncoding(Session session) throws SQLException {
    String now = session.queryText("PRAGMA encoding");
    String then;
    try (Session staged = SqliteDatabase.scratch(archived)) {
      then = staged.queryText("PRAGMA encoding");
    }
    if (!now.equals(then)) {
      throw new RestoreRefused(
          "The archive's texts are " + then + ", and the live database's are " + now,
          List.of(),
          "Restore into a database that was made with PRAGMA encoding = '" + then + "'");
    }
  }

  private Path stageFile() {
    return scratch.resolve("stage.sqlite3");
  }

  private void workOut(Snapshot live, int number, Progress progress) throws SQLException {
    Session session = live.workbench();
    Ownership ownership = live.model().ownership();
    TenantKey key = key(live, ownership);
    Optional<TenantKey> other = otherTenant(session, ownership, key);
    Stage stage = Stage.fill(live, engine.shaping(session), other.orElse(key), progress);
    unchecked = stage.unchecked();
    // Rules and new ids change rows that break a CHECK as they always did.
    session.set("ignore_check_constraints", unchecked.isEmpty() ? 0 : 1);
    // As the archived rows name them, before rules take rows away.
    archivedFiles = TenantFiles.named(session, Workbench.STAGE, FileSets.of(ownership));
    List<String> notes = new ArrayList<>(stage.notes());
    notes.addAll(new StageRules(live, stage.tables()).apply());
    List<RowDiff> diffs = RowDiff.of(stage.tables());
    KnownDangling known = KnownDangling.of(archive.manifest());
    known.load(session);
    RenamedFiles renaming = new RenamedFiles(session, FileSets.of(ownership), stage.tables());
    boolean renames = options.collisions() == RestoreOptions.Collisions.REMAP;
    if (renames) {
      renaming.remember();
    }
    if (other.isPresent()) {
      Remap remap =
          new Remap(
              live,
              diffs.stream().map(RowDiff::table).toList(),
              known,
              number);
      remap.intoTenant(key, other.get());
      notes.addAll(remap.notes());
      FileKeys names = new FileKeys(live, FileSets.of(ownership));
      names.renew(diffs);
      notes.addAll(names.notes());
    }
    round =
        RestoreRound.work(live, number, diffs, key, archive, options, progress);
    renamedFiles = renames ? renaming.read() : Map.of();
    plan = planOf(session, notes, round);
  }

  /** The key that the rows have in the archive, where they are to become another tenant's. */
  private Optional<TenantKey> otherTenant(Session session, Ownership ownership, TenantKey key)
      throws SQLException {
    TenantId from = archive.manifest().tenant().orElseThrow();
    if (from.equals(target)) {
      return Optional.empty();
    }
    return Optional.of(
        TenantKey.find(session, Stage.ARCHIVE, ownership, from)
            .orElseGet(() -> TenantKey.of(from, key.value())));
  }

  private TenantKey key(Snapshot live, Ownership ownership) throws SQLException {
    Optional<TenantKey> found = live.key(target);
    if (found.isPresent()) {
      return found.get();
    }
    TenantKey like = Stage.archivedKey(live.workbench(), ownership, archive.manifest());
    return TenantKey.like(target, like.value());
  }

  private RestorePlan planOf(Session session, List<String> stageNotes, RestoreRound worked)
      throws SQLException {
    List<RestorePlan.TableChange> changes = new ArrayList<>();
    List<SqliteTable> written = new ArrayList<>();
    for (RowDiff diff : worked.diffs()) {
      RestorePlan.TableChange counts = diff.counts(session);
      changes.add(counts.showing(RowSamples.of(session, diff, options.rowsPerTable())));
      if (counts.inserted() + counts.updated() + counts.deleted() > 0) {
        written.add(diff.table());
      }
    }
    List<String> obstacles = new ArrayList<>(worked.checks().obstacles());
    engine
        .shaping(session)
        .lacking(written)
        .forEach(what -> obstacles.add("the connection lacks what the schema needs: " + what));
    List<String> notes = new ArrayList<>(stageNotes);
    notes.addAll(worked.notes());
    notes.addAll(worked.copied().edges().warnings());
    notes.addAll(worked.checks().notes());
    return new RestorePlan(
        target,
        changes,
        RestorePlan.FileChange.NONE,
        worked.checks().sideEffects(),
        obstacles,
        notes);
  }

  /**
   * Adds the files to the plan. They are read outside of the snapshot, which they are not part of.
   */
  private void planFiles(Snapshot live, Progress progress) throws SQLException {
    RestoreRound worked = current();
    found = TenantFiles.find(live, worked.copied(), Workbench.COPY, engine, progress);
    files =
        new FilePlanner(live, engine, worked.copied(), archive, target)
            .plan(archivedFiles, renamedFiles, found);
    stamps = FileStamps.of(files);
    found = found.and(files.unnamed());
    plan = files.addTo(plan());
    before = null;
  }

  /**
   * Keeps the files of an attempt whose safety archive is published when it is committed; tells
   * whether they are still what was planned for.
   */
  private boolean keepFiles() {
    Path folder = scratch.resolve("files-" + current().number());
    Optional<TenantFiles.Found> kept = KeptFiles.keep(found(), filePlan(), archive, folder);
    kept.ifPresent(files -> found = files);
    return kept.isPresent();
  }

  private TenantFiles.Found found() {
    if (found == null) {
      throw new IllegalStateException("The restore was not prepared");
    }
    return found;
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
    TenantSnapshot described = before;
    if (described == null) {
      described = describe();
      before = described;
    }
    return described;
  }

  private TenantSnapshot describe() {
    RestoreRound worked = current();
    try {
      return taker.describe(
          worked.copied(),
          RestoreRound.beforeFile(scratch, worked.number()),
          found(),
          Progress.none());
    } catch (SQLException e) {
      throw SqliteErrors.unavailable("Reading the copy of tenant " + target, e);
    }
  }

  @Override
  public void announceSafety(Instant capturedAt) {
    laid.announceSafety(capturedAt);
  }

  @Override
  public AppliedRestore apply(Progress progress) {
    try {
      applyOnce(progress);
    } catch (SQLException | RuntimeException e) {
      if (!laid.isCommitted()) {
        throw failure(e);
      }
      log.warn("Tenant {} is restored; an error came back all the same", target, e);
    }
    return new AppliedRestore(plan(), before(), laid.unfinished());
  }

  private RuntimeException failure(Exception e) {
    if (laid.isNotKnown()) {
      return new OperationFailed(
          "It is not known whether the restore of tenant "
              + target
              + " was committed: "
              + e.getMessage(),
          "Clear the cause; whatever is done with this tenant next looks, and completes or reverts"
              + " the restore",
          e);
    }
    return e instanceof SQLException failure
        ? SqliteErrors.unavailable("The restore of tenant " + target, failure)
        : (RuntimeException) e;
  }

  private void applyOnce(Progress progress) throws SQLException {
    for (int number = 1; number < ATTEMPTS; number++) {
      requireNoObstacles();
      // The safety archive of the first one is published by now. Of another one all is kept that it
      // needs: once the rows are committed, nothing may fail any more.
      boolean kept = number == 1 || keepFiles();
      before();
      if (kept && applied(progress)) {
        return;
      }
      // The tenant's own people are at work. Look again, outside of the lock.
      if (number + 1 < ATTEMPTS) {
        attempt(number, progress);
      }
    }
    applyWithinLock(progress);
  }

  private void requireNoObstacles() {
    if (!plan().obstacles().isEmpty()) {
      throw refused();
    }
  }

  private RestoreRefused refused() {
    return new RestoreRefused(
        "Tenant " + target + " cannot be restored",
        plan().obstacles(),
        "Nothing was changed; clear what stands in the way, or restore with new ids");
  }

  /** Whether the current attempt was applied; false if the tenant's rows have changed since. */
  private boolean applied(Progress progress) throws SQLException {
    RestoreRound worked = current();
    try (laid) {
      laid.lay(filePlan());
      return mergedAndCommitted(worked, progress);
    }
  }

  private boolean mergedAndCommitted(RestoreRound worked, Progress progress) throws SQLException {
    if (stamps == null || !stamps.areCurrent()) {
      return false;
    }
    try (Session session = engine.openDurable()) {
      RestoreRound.attach(session, scratch, stageFile(), worked.number());
      Change change = engine.change(session);
      Optional<MergeChecks> checks = lockCurrent(change, worked);
      if (checks.isEmpty() || !merge(change, checks.get(), progress)) {
        return false;
      }
      laid.commit(change);
    }
    return true;
  }

  /**
   * Takes the write lock and makes sure that the attempt still fits; empty if it does not. As long
   * as nobody else writes, all that is looked at was looked at before the lock was taken.
   */
  private Optional<MergeChecks> lockCurrent(Change change, RestoreRound worked)
      throws SQLException {
    change.begin();
    if (!isCurrent(change, worked)) {
      return Optional.empty();
    }
    MergeChecks before = checked(change, worked);
    if (change.lock()) {
      return Optional.of(before);
    }
    return isCurrent(change, worked) ? Optional.of(checked(change, worked)) : Optional.empty();
  }

  /** Whether the tenant's rows are what they were, and its files still nobody else's. */
  private boolean isCurrent(Change change, RestoreRound worked) throws SQLException {
    return !filePlan().reachesOthers(change, worked.copied()) && worked.isCurrent(change);
  }

  private MergeChecks checked(Change change, RestoreRound worked) throws SQLException {
    MergeChecks checks =
        new MergeChecks(change, worked.diffs(), worked.copied().key(), archive.manifest());
    checks.run();
    return checks;
  }

  /** Whether it was merged; false if values were taken meanwhile that others can be given for. */
  private boolean merge(Change change, MergeChecks checks, Progress progress)
      throws SQLException {
    boolean mayRemap = options.collisions() == RestoreOptions.Collisions.REMAP;
    if (mayRemap && checks.hasTakenValues()) {
      return false;
    }
    if (!checks.obstacles().isEmpty()) {
      throw new RestoreRefused(
          "Tenant " + target + " cannot be restored any more",
          checks.obstacles(),
          "Nothing was changed; look at the plan again");
    }
    checks.proveOwners(change.write(checks.writes(unchecked), progress));
    laid.mark(change);
    return true;
  }

  /** The last resort for a tenant that never rests: everything at once, under the lock. */
  private void applyWithinLock(Progress progress) throws SQLException {
    try (laid;
        Session session = openFor(ATTEMPTS, engine.openDurable())) {
      Change change = engine.change(session);
      change.lock();
      workOut(change, ATTEMPTS, progress);
      planFiles(change, progress);
      requireNoObstacles();
      if (!keepFiles()) {
        throw new SourceUnavailable(
            "The files of tenant " + target + " change all the time",
            "Nothing was changed; restore while its people are not at work");
      }
      // No other connection sees the copy before the commit.
      before =
          SnapshotTaker.describe(
              session,
              Workbench.COPY,
              current().copied(),
              RestoreRound.beforeFile(scratch, ATTEMPTS),
              found(),
              Progress.none());
      laid.lay(filePlan());
      // What was checked for the plan was checked under the lock.
      if (!merge(change, current().checks(), progress)) {
        throw refused();
      }
      laid.commit(change);
    }
  }

  private FilePlan filePlan() {
    if (files == null) {
      throw new IllegalStateException("The restore was not prepared");
    }
    return files;
  }

  @Override
  public void close() {
    // All that is held is files in the caller's scratch folder.
    if (!laid.isCommitted() && Thread.currentThread().isInterrupted()) {
      throw new OperationFailed("The restore was interrupted", "Start it again when you like");
    }
  }
}
