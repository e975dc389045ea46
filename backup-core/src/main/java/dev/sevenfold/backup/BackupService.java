package dev.sevenfold.backup;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.link.DownloadLinks;
import dev.sevenfold.backup.link.LinkKeys;
import dev.sevenfold.backup.link.LinkStore;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.BackupOutcome;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.DrillOutcome;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.report.SystemBackupReport;
import dev.sevenfold.backup.report.UnreadableArchive;
import dev.sevenfold.backup.report.VerifiedFile;
import dev.sevenfold.backup.retention.RetentionPlan;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.service.ArchiveProof;
import dev.sevenfold.backup.service.Archives;
import dev.sevenfold.backup.service.Drill;
import dev.sevenfold.backup.service.FailureMemory;
import dev.sevenfold.backup.service.Listeners;
import dev.sevenfold.backup.service.Retention;
import dev.sevenfold.backup.service.RetentionJob;
import dev.sevenfold.backup.service.SafetyArchives;
import dev.sevenfold.backup.service.Scratch;
import dev.sevenfold.backup.service.TakeIn;
import dev.sevenfold.backup.service.TenantPublisher;
import dev.sevenfold.backup.service.Unmounted;
import dev.sevenfold.backup.source.BackupOptions;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Backs up single tenants out of a shared database, and puts them back. An object in the host:
 * there is no server to run.
 *
 * <pre>{@code
 * BackupService backups =
 *     BackupService.builder(
 *             SqliteTenantSource.builder(Path.of("storage/production.sqlite3"), model).build(),
 *             DirectoryArchiveStore.at(Path.of("/srv/backups")))
 *         .build();
 *
 * BackupReport report = backups.backup(TenantId.of(42));
 * backups.restore(TenantId.of(42), report.restorePoint().label());
 * }</pre>
 *
 * <p>Thread-safe. Work on one tenant is serialised with all other work on it, also by other
 * processes; several tenants may be worked on at the same time.
 *
 * <p>When a service is built, it completes or reverts what restores left behind that were killed,
 * and tells the listeners; so does every work on a tenant, before it begins.
 */
public final class BackupService implements AutoCloseable {

  private final TenantSource source;
  private final Archives archives;
  private final ArchiveProof proof;
  private final TenantPublisher publisher;
  private final SafetyArchives safety;
  private final RetentionJob<RestorePoint> plans;
  private final Retention<RestorePoint> retention;
  private final Restorer restorer;
  private final Drill drill;
  private final TenantLabeler labeler;
  private final FailureMemory failures;
  private final Listeners listeners;
  private final Path scratch;
  private final Clock clock;
  private final Optional<SystemBackups> system;

  private BackupService(Builder builder) {
    source = builder.source;
    labeler = builder.labeler();
    scratch = builder.scratch();
    clock = builder.clock();
    failures = new FailureMemory(clock);
    listeners = new Listeners(builder.listeners()).and(failures);
    archives = builder.openArchives(listeners);
    proof = new ArchiveProof(archives, source, scratch, clock);
    publisher = new TenantPublisher(archives, proof, labeler);
    safety = new SafetyArchives(archives, proof, publisher, listeners, source);
    Retention.TenantPoints points = new Retention.TenantPoints();
    plans = new RetentionJob<>(archives, builder.retentionPolicy(), points, clock);
    retention = builder.retentionOf(archives, points);
    system = builder.system.map(parts -> parts.listener(failures).build());
    drill = new Drill(archives, listeners, clock);
    restorer = new Restorer(source, safety, retention, listeners, scratch);
  }

  /**
   * Starts a service that backs up {@code source} into {@code store}. It closes both in the end.
   */
  public static Builder builder(TenantSource source, ArchiveStore store) {
    return new Builder(source, store);
  }

  /** Every tenant that there is, in the order of their keys. */
  public List<TenantId> tenants() {
    return source.tenants();
  }

  /**
   * How many tenants have no key, or an empty one. No id names them, so nothing of them is ever
   * backed up; a host that has any should hear of it.
   */
  public long unnamedTenants() {
    return source.unnamedTenants();
  }

  /**
   * How each table of the database is owned, for people to read.
   *
   * @throws BackupRefused if a table is claimed by nobody
   */
  public String explain() {
    return source.explain();
  }

  /**
   * Backs up one tenant, proves the archive by reading it back from the store, and lets older ones
   * go by the retention policy.
   *
   * @throws BackupRefused if the tenant does not exist, a table is claimed by nobody, a row leads
   *     to two tenants, a damaged index gives other rows than the tenant's, or a disk with files
   *     seems not to be mounted; nothing was written
   * @throws SourceUnavailable if the database could not be read
   * @throws StoreUnavailable if the store failed; nothing is listed that is not whole
   * @throws ArchiveCorrupt if the store did not give back what it was given; retention was not
   *     applied
   */
  public BackupReport backup(TenantId tenant) {
    return backup(tenant, Progress.none());
  }

  /** As {@link #backup(TenantId)}, also telling {@code progress} how far it is. */
  public BackupReport backup(TenantId tenant, Progress progress) {
    return backup(tenant, BackupOptions.DEFAULT, progress);
  }

  /** As {@link #backup(TenantId, Progress)}, going about it in another way. */
  public BackupReport backup(TenantId tenant, BackupOptions options, Progress progress) {
    return backup(source, tenant, options, progress);
  }

  private BackupReport backup(
      TenantSource from, TenantId tenant, BackupOptions options, Progress progress) {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(options, "options");
    listeners.tell(listener -> listener.backupStarted(tenant));
    try {
      requireLabel(tenant);
      BackupReport report =
          backupLocked(from, tenant, options, listeners.progressOf(tenant, progress));
      listeners.tell(listener -> listener.backupCompleted(report));
      return report;
    } catch (BackupException e) {
      listeners.tell(listener -> listener.backupFailed(tenant, e));
      throw e;
    }
  }

  /** An id that is too long for a label is refused like everything else, and a run goes on. */
  private void requireLabel(TenantId tenant) {
    try {
      labeler.backup(tenant, clock.instant());
    } catch (IllegalArgumentException e) {
      throw new BackupRefused(
          "Tenant " + tenant + " cannot be named in a label",
          List.of(String.valueOf(e.getMessage())),
          "Use a shorter tenant id");
    }
  }

  private BackupReport backupLocked(
      TenantSource from, TenantId tenant, BackupOptions options, Progress progress) {
    long start = System.nanoTime();
    try (TenantLock lock = safety.lock(tenant);
        Scratch folder = Scratch.in(scratch)) {
      TenantSnapshot snapshot = from.extract(tenant, folder.newFolder("extract"), progress);
      List<String> warnings = new ArrayList<>(requireMounted(snapshot, options));
      warnings.addAll(snapshot.warnings());
      RestorePoint point = publisher.publish(snapshot, progress, warnings::addAll);
      List<RestorePoint> deleted = retention.apply(ArchiveOwner.tenant(tenant));
      return new BackupReport(
          point,
          snapshot.tables().stream().mapToLong(table -> table.rows()).sum(),
          snapshot.files().size(),
          warnings,
          deleted,
          Duration.ofNanos(System.nanoTime() - start),
          snapshot.completenessCheckedAt());
    }
  }

  private List<String> requireMounted(TenantSnapshot snapshot, BackupOptions options) {
    if (snapshot.missing().isEmpty()) {
      return List.of();
    }
    return Unmounted.require(
        "Tenant " + snapshot.tenant(),
        Unmounted.of(snapshot, archives.newestProvenManifest(snapshot.tenant())),
        options);
  }

  /**
   * Backs up every tenant, one after the other. One tenant's failure is part of the result, and the
   * run goes on.
   *
   * @throws SourceUnavailable if the tenants could not be listed
   * @throws BackupRefused if a table is claimed by nobody; or if there is no tenant, while the
   *     store has archives of some
   */
  public List<BackupOutcome> backupAll() {
    return backupAll(BackupOptions.DEFAULT);
  }

  /** As {@link #backupAll()}, going about it in another way. */
  public List<BackupOutcome> backupAll(BackupOptions options) {
    Objects.requireNonNull(options, "options");
    List<BackupOutcome> outcomes = new ArrayList<>();
    TenantSource from = source.forRun();
    List<TenantId> tenants = from.tenants();
    if (tenants.isEmpty()) {
      requireNoArchives(options);
    }
    for (TenantId tenant : tenants) {
      try {
        outcomes.add(
            BackupOutcome.completed(tenant, backup(from, tenant, options, Progress.none())));
      } catch (BackupException e) {
        outcomes.add(BackupOutcome.failed(tenant, e));
      }
    }
    return outcomes;
  }

  /** A database without tenants is another one than that which the archives are of. */
  private void requireNoArchives(BackupOptions options) {
    int archived = archives.byTenant().size();
    if (archived > 0) {
      Unmounted.require(
          "The database",
          List.of("it has no tenant, and the store has archives of " + archived),
          options);
    }
  }

  /**
   * The instants that a tenant can go back to, the latest first, for the host's dashboard. Of a
   * mirror, those in the places that answer; {@link BackupListener#placeUnavailable} hears of the
   * others.
   *
   * @throws StoreUnavailable if the store, or every place of a mirror, does not answer
   */
  public List<RestorePoint> restorePoints(TenantId tenant) {
    return archives.list(ArchiveOwner.tenant(tenant), Label.Kind.TENANT);
  }

  /**
   * Archives that are labelled as the tenant's and do not say that they are: damaged, signed or
   * encrypted with a key that is not there, or behind an error of the store; newest first by their
   * labels. They are no restore points; whoever looks after the store should know.
   */
  public List<UnreadableArchive> unreadableArchives(TenantId tenant) {
    return archives.unreadable(ArchiveOwner.tenant(tenant));
  }

  /**
   * A tenant as it was before each of its last restores that wrote something, undos among them; the
   * last restore first, whatever the clock said. The first one is the {@link #undoPoint}; an older
   * one is gone back to by restoring it, which can be undone as any other restore. Those that
   * cannot be read are left out: see {@link #unreadableArchives}.
   *
   * @throws StoreUnavailable if the store, or the first place of a mirror, does not answer: an
   *     older one must not be taken for the last
   */
  public List<RestorePoint> safetyPoints(TenantId tenant) {
    return safety.list(tenant);
  }

  /**
   * What {@link #undo(TenantId)} would restore: the tenant as it was before the last restore that
   * wrote something. After an undo that is the tenant as it was before the undo. Empty if there was
   * no restore, while one is under way, and if that is not known, as {@link #undo(TenantId)} tells.
   */
  public Optional<RestorePoint> undoPoint(TenantId tenant) {
    return safety.undoPoint(tenant);
  }

  /**
   * What retention would do to a tenant's archives now, and why. Deletes nothing. Places of a
   * mirror that have a policy of their own are not asked.
   */
  public RetentionPlan planRetention(TenantId tenant) {
    return plans.plan(ArchiveOwner.tenant(tenant));
  }

  /**
   * What {@link #restore(TenantId, Label)} would change, table by table. Changes nothing.
   *
   * @throws ArchiveNotFound if there is no such archive
   * @throws RestoreRefused if the archive is another tenant's, or the schemas cannot be reconciled
   */
  public RestorePlan preview(TenantId tenant, Label label) {
    return preview(tenant, label, RestoreOptions.DEFAULT);
  }

  /** As {@link #preview(TenantId, Label)}, going about it in another way. */
  public RestorePlan preview(TenantId tenant, Label label, RestoreOptions options) {
    return staged(tenant, label, staged -> restorer.preview(staged, tenant, options));
  }

  /**
   * Puts a tenant back, in place, to one of its restore points, and takes a safety archive first.
   * All other tenants go on undisturbed. If the tenant is as the archive has it already, nothing is
   * written, no safety archive is kept, and {@link #undo(TenantId)} takes back what it did before.
   *
   * @throws ArchiveNotFound if there is no such archive
   * @throws ArchiveCorrupt if it is not what it says
   * @throws RestoreRefused if it is another tenant's, or something stands in the way
   */
  public RestoreReport restore(TenantId tenant, Label label) {
    return restore(tenant, label, RestoreOptions.DEFAULT);
  }

  /** As {@link #restore(TenantId, Label)}, going about it in another way. */
  public RestoreReport restore(TenantId tenant, Label label, RestoreOptions options) {
    return restore(tenant, label, options, Progress.none());
  }

  /** As {@link #restore(TenantId, Label)}, also telling {@code progress} how far it is. */
  public RestoreReport restore(
      TenantId tenant, Label label, RestoreOptions options, Progress progress) {
    return staged(tenant, label, staged -> restorer.restore(staged, tenant, options, progress));
  }

  /**
   * Takes back the last restore of a tenant that wrote something, or the last undo: an undo is a
   * restore too, so a second one is the restore again. What wrote nothing is not taken back, and
   * does not count. A restore that was killed counts if it was done, and does not if it was not.
   *
   * <p>Which one was the last is known by the order in which their safety archives were published,
   * whatever a clock says. One further back is gone back to by restoring its safety archive: see
   * {@link #safetyPoints(TenantId)}.
   *
   * @throws RestoreRefused if there is no restore to take back, or if it is not known what the last
   *     one is taken back with: the safety archive of it is not proven, or one cannot be read that
   *     may be of it. It is named
   * @throws ArchiveCorrupt if the safety archive is not what it says
   */
  public RestoreReport undo(TenantId tenant) {
    return undo(tenant, RestoreOptions.DEFAULT);
  }

  /**
   * As {@link #undo(TenantId)}, going about it in another way: with new ids, where others have
   * taken those of the rows that come back.
   */
  public RestoreReport undo(TenantId tenant, RestoreOptions options) {
    safety.lockSettled(tenant).close();
    Label last = safety.requireUndoPoint(tenant).label();
    try {
      return restore(tenant, last, options);
    } catch (ArchiveCorrupt e) {
      throw new ArchiveCorrupt(
          "The last restore of tenant "
              + tenant
              + " is taken back with "
              + last
              + ", and that is damaged: "
              + e.what(),
          "Nothing was changed; an earlier safety archive can be restored by its label",
          e);
    }
  }

  private <T> T staged(TenantId tenant, Label label, Function<StagedTenant, T> use) {
    Objects.requireNonNull(tenant, "tenant");
    try (Scratch folder = Scratch.in(scratch)) {
      return use.apply(
          proof.stage(label, folder.newFolder("archive"), listeners.progressOf(tenant)));
    }
  }

  Clock clock() {
    return clock;
  }

  Archives archives() {
    return archives;
  }

  Listeners listeners() {
    return listeners;
  }

  FailureMemory failures() {
    return failures;
  }

  Optional<SystemBackups> optionalSystem() {
    return system;
  }

  /** Restores tenants that were staged from elsewhere than the store. */
  public Restorer restorer() {
    return restorer;
  }

  /**
   * Takes in an archive that a tenant kept: it becomes a restore point labelled by today's date,
   * pinned until it is released.
   *
   * @throws ArchiveCorrupt if the file is no archive, or not what it says
   * @throws RestoreRefused if it is another tenant's
   */
  public RestorePoint takeIn(TenantId tenant, Path file) {
    Objects.requireNonNull(tenant, "tenant");
    return new TakeIn(archives, proof, labeler, clock, scratch, listeners)
        .takeIn(tenant, file, listeners.progressOf(tenant));
  }

  /**
   * Backs up the whole system, proves the archive, and lets older ones go.
   *
   * @throws IllegalStateException if this service was built without a system
   */
  public SystemBackupReport backupSystem() {
    return backupSystem(Progress.none());
  }

  /** As {@link #backupSystem()}, also telling {@code progress} how far it is. */
  public SystemBackupReport backupSystem(Progress progress) {
    return backupSystem(BackupOptions.DEFAULT, progress);
  }

  /** As {@link #backupSystem(Progress)}, going about it in another way. */
  public SystemBackupReport backupSystem(BackupOptions options, Progress progress) {
    SystemBackups all = system();
    // Or it would have the rows of a tenant's restore that was killed, and not its files.
    safety.recoverAll();
    return all.backup(options, progress);
  }

  /**
   * The backups of the whole system, and their restore.
   *
   * @throws IllegalStateException if this service was built without a system
   */
  public SystemBackups system() {
    return system.orElseThrow(
        () -> new IllegalStateException("There is no system to back up; name one to builder"));
  }

  /**
   * Makes a restore point of one tenant as of a backup of the whole system, for when its own are
   * gone. It is pinned until it is released.
   *
   * @param label a backup of the system
   * @param database what the system calls the database that tenants share
   * @param trees where the system's file trees are, by their names, so that the tenant's files are
   *     found in them
   * @throws ArchiveNotFound if there is no such archive
   * @throws BackupRefused if the tenant was not there, or the system has no such database
   */
  public RestorePoint extractTenant(
      Label label, TenantId tenant, String database, Map<String, Path> trees) {
    Progress progress = listeners.progressOf(tenant);
    try (TenantLock lock = safety.lock(tenant);
        Scratch folder = Scratch.in(scratch);
        TenantSource then =
            source.inSystem(
                archives.stageSystem(label, folder.newFolder("system"), progress),
                database,
                trees)) {
      TenantSnapshot snapshot = then.extract(tenant, folder.newFolder("extract"), progress);
      List<String> findings = new ArrayList<>();
      Label made = publisher.publish(snapshot, progress, findings::addAll).label();
      if (!findings.isEmpty()) {
        listeners.archiveFindings(made, findings);
      }
      return pin(made);
    }
  }

  /**
   * Reads an archive back, restores it into scratch space, compares it with what was backed up, and
   * marks it as proven or not.
   *
   * @throws ArchiveNotFound if there is no such archive
   * @throws ArchiveCorrupt if it is not what it says
   */
  public RestorePoint verify(Label label) {
    if (label.tenant().isEmpty()) {
      // Refused, and not marked as not proven: it may be sound, as what it is.
      return archives.find(label);
    }
    return proof.prove(
        label,
        listeners.progressOf(label.tenant().get()),
        findings -> listeners.archiveFindings(label, findings));
  }

  /**
   * As {@link #verify(Label)}, for a file that is in no store.
   *
   * @return what the archive says of itself
   */
  public VerifiedFile verify(Path file) {
    return proof.prove(file, scratch);
  }

  /**
   * Proves restore points of a tenant anew, so that an archive which went bad in the store is
   * noticed before it is needed: those that are not proven, and the one whose proof is the oldest.
   * Of what undoes its restores, the one whose proof is the oldest, if that is older than a day. An
   * archive that is not what it says is marked as not proven, and is part of the result.
   *
   * @return what became of each of them; empty if the tenant has no restore points
   * @throws StoreUnavailable if the archives could not be listed
   */
  public List<DrillOutcome<RestorePoint>> drill(TenantId tenant) {
    return drill.run(ArchiveOwner.tenant(tenant), this::verify);
  }

  /**
   * As {@link #drill(TenantId)}, of every tenant that has restore points in the store, one after
   * the other. For a schedule: called once a day with seven restore points for each tenant, it
   * proves every one of them once a week. One that fails does not stop the run. Backups of the
   * system: {@link SystemBackups#drill}.
   *
   * @throws StoreUnavailable if the archives could not be listed
   */
  public List<DrillOutcome<RestorePoint>> drillAll() {
    return drill.run(ArchiveOwner.anyone(), this::verify);
  }

  /**
   * What an archive of a tenant says of itself: a restore point, or a safety archive.
   *
   * @throws ArchiveNotFound if there is no such archive
   * @throws ArchiveCorrupt if it cannot be read, or is another tenant's than its label says
   */
  public RestorePoint restorePoint(Label label) {
    return archives.find(label);
  }

  /** Keeps an archive outside of retention. */
  public RestorePoint pin(Label label) {
    return setPinned(label, true);
  }

  /** Hands a pinned archive back to retention. */
  public RestorePoint release(Label label) {
    return setPinned(label, false);
  }

  private RestorePoint setPinned(Label label, boolean pinned) {
    archives.find(label);
    archives.store().mark(label, archives.store().stat(label).marks().withPinned(pinned));
    return archives.find(label);
  }

  /**
   * Opens an archive for a download. The caller closes the stream.
   *
   * @throws ArchiveNotFound if there is no such archive
   */
  public InputStream open(Label label) {
    return archives.open(label);
  }

  /**
   * Starts links that tenants download their archives by, without a login.
   *
   * @param keys what signs them
   * @param store remembers revocations and counts; the host keeps it
   */
  public DownloadLinks.Builder links(LinkKeys keys, LinkStore store) {
    return DownloadLinks.builder(new StoreLinks(archives), keys, store).clock(clock);
  }

  /** Lets the source and the store go. */
  @Override
  public void close() {
    try (ArchiveStore store = archives.store()) {
      system.ifPresent(SystemBackups::close);
      source.close();
    }
  }

  /** Collects the parts of a service. Use from one thread. */
  public static final class Builder extends ServiceBuilder<Builder> {

    private final TenantSource source;
    private Optional<SystemBackups.Builder> system = Optional.empty();

    private Builder(TenantSource source, ArchiveStore store) {
      super(store, RetentionPolicy.keepLast(7));
      this.source = Objects.requireNonNull(source, "source");
    }

    @Override
    Builder self() {
      return this;
    }

    /** Backs up the whole system too; made by {@link SystemBackups#builder}. */
    public Builder system(SystemBackups.Builder value) {
      this.system = Optional.of(value);
      return this;
    }

    /**
     * The finished service, after it has tidied up behind restores that were killed, as far as that
     * was possible: a tenant with which it was not fails, all others do not.
     *
     * @throws SourceUnavailable if the database cannot be opened
     * @throws IllegalArgumentException if a place has a policy that is not one of the store's
     */
    public BackupService build() {
      BackupService service = new BackupService(this);
      service.safety.recoverAll();
      return service;
    }
  }
}
