package dev.sevenfold.backup;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.BackupOutcome;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.ForgottenTenant;
import dev.sevenfold.backup.report.KeptOfTenant;
import dev.sevenfold.backup.report.RestoreGuard;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.report.SystemBackupReport;
import dev.sevenfold.backup.report.TenantHistory;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.service.Forgetting;
import dev.sevenfold.backup.service.SafetyArchives;
import dev.sevenfold.backup.service.Scratch;
import dev.sevenfold.backup.service.StagedHistory;
import dev.sevenfold.backup.service.SystemExtraction;
import dev.sevenfold.backup.service.TenantBackups;
import dev.sevenfold.backup.service.TenantPublisher;
import dev.sevenfold.backup.source.ArchiveVerifier;
import dev.sevenfold.backup.source.BackupOptions;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.sqlite.SqliteVerifier;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.OwnershipCheck;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantKeeper;
import java.nio.file.Path;
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
public final class BackupService extends BackupCatalog {

  private final TenantSource source;
  private final TenantPublisher publisher;
  private final SafetyArchives safety;
  private final TenantBackups backups;
  private final Restorer restorer;
  private final Optional<SystemBackups> system;

  private BackupService(Builder builder) {
    super(builder, builder.verifier(), builder.source::rehearse);
    source = builder.source;
    source.databaseFile().ifPresent(archives().store()::noteUseBeside);
    publisher = new TenantPublisher(archives(), retention(), verifier(), labeler(), listeners());
    safety =
        new SafetyArchives(archives(), undoPoints(), verifier(), publisher, listeners(), source);
    backups =
        new TenantBackups(
            archives(), publisher, safety, retention(), listeners(), labeler(), scratch(), clock());
    system = builder.system.map(parts -> parts.listener(failures()).build());
    restorer = new Restorer(source, safety, retention(), listeners(), builder.guard, scratch());
  }

  /** Starts a service that backs up {@code source} into {@code store}, and closes both at last. */
  public static Builder builder(TenantSource source, ArchiveStore store) {
    return new Builder(source, store);
  }

  /** Every tenant that there is, in the order of their keys. */
  public List<TenantId> tenants() {
    return source.tenants();
  }

  /**
   * The one id of a tenant, whatever form of it somebody wrote down: where the keys of tenants are
   * blobs, upper-case hexadecimal, as SQL's {@code hex()} prints it, is accepted in every call, and
   * locks, archives, labels and reports have it in lower case. Anything else is returned as it is.
   *
   * @throws BackupRefused if a table is claimed by nobody
   * @throws SourceUnavailable if the database could not be read
   */
  @Override
  public TenantId canonical(TenantId written) {
    return source.canonical(super.canonical(written));
  }

  /**
   * What to say of a tenant that is not there and that the store has no archive of: with the ids
   * that are nearest, so that it is for whoever operates the host, and not for a tenant's eyes.
   * Empty if there is such a tenant, or if some of the store does not answer and may have archives
   * of it. {@link #preview}, {@link #restore} in place and {@link #undo} are refused in these
   * words.
   *
   * @throws BackupRefused if a table is claimed by nobody
   * @throws SourceUnavailable if the database could not be read
   * @throws StoreUnavailable if there is no such tenant, and the store does not answer
   */
  public Optional<BackupRefused> missing(TenantId tenant) {
    TenantId id = canonical(tenant);
    return source
        .missing(id)
        .filter(refused -> hasNothing(archives().store().list(ArchiveOwner.tenant(id))))
        .map(
            refused ->
                new BackupRefused(
                    refused.what() + ", and the store has no archive of it",
                    List.of(),
                    refused.advice()));
  }

  private static boolean hasNothing(Listing listing) {
    return listing.archives().isEmpty()
        && listing.unreadable().isEmpty()
        && listing.silence().isEmpty();
  }

  private TenantId requireSomething(TenantId tenant) {
    Optional<BackupRefused> missing = missing(tenant);
    if (missing.isPresent()) {
      throw new RestoreRefused(missing.get().what(), List.of(), missing.get().advice());
    }
    return canonical(tenant);
  }

  /**
   * How many tenants have no key, or an empty one. No id names them, so nothing of them is ever
   * backed up; a host that has any should hear of it.
   */
  public long unnamedTenants() {
    return source.unnamedTenants();
  }

  /**
   * How each table of the database is owned, and what the rows say of that, for people to read.
   * Reads all rows, several times; listeners hear how far it is.
   *
   * @throws BackupRefused if a table is claimed by nobody
   */
  public String explain() {
    return source.explain(listeners().progressOf(ArchiveOwner.system(), Progress.none()));
  }

  /**
   * Counts whose each row of each owned table is, now, for all tenants in one pass over each table.
   * What is found stops no backup but those of tenants whom a row leads to in doubt; backups and
   * {@link BackupHealth} tell of it until the next check.
   *
   * @throws BackupRefused if a table is claimed by nobody
   * @throws SourceUnavailable if the database could not be read
   */
  public OwnershipCheck checkOwnership(Progress progress) {
    return source.check(progress);
  }

  /**
   * What was found last of whose each row is, by {@link #checkOwnership} or by a backup, in
   * whatever process; empty if nothing is known. Looks at no row.
   */
  public Optional<OwnershipCheck.Figure> lastOwnershipCheck() {
    return source.lastCheck();
  }

  /**
   * Backs up one tenant, verifies the archive by reading it back from the store, and prunes older
   * ones by the retention policy.
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
    return backups.one(source, canonical(tenant), options, progress);
  }

  /**
   * Backs up every tenant, one after the other. One tenant's failure is part of the result, and the
   * run goes on.
   *
   * @throws SourceUnavailable if the tenants could not be listed
   * @throws BackupRefused if a table is claimed by nobody; or if there is no tenant, while the
   *     store has archives of some, or not all of it answers
   */
  public List<BackupOutcome> backupAll() {
    return backupAll(BackupOptions.DEFAULT);
  }

  /** As {@link #backupAll()}, going about it in another way. */
  public List<BackupOutcome> backupAll(BackupOptions options) {
    return backups.all(source, options);
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
    TenantId id = target(tenant, options);
    return staged(id, label, staged -> restorer.preview(staged, id, options)).of(label);
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
    TenantId id = target(tenant, options);
    return staged(id, label, staged -> restorer.restore(staged, id, options, progress));
  }

  /**
   * Does what a {@link #preview} showed, and nothing else.
   *
   * @throws RestoreRefused if anything else would be written by now, with what differs; or as
   *     {@link #restore(TenantId, Label)} is refused
   * @throws IllegalArgumentException if the plan is that of a restore
   */
  public RestoreReport restore(RestorePlan shown) {
    return restore(shown.target(), shown.requireArchive(), shown.exactly());
  }

  /** With new ids a restore may be what makes the tenant. */
  private TenantId target(TenantId tenant, RestoreOptions options) {
    return options.collisions() == RestoreOptions.Collisions.REMAP
        ? canonical(tenant)
        : requireSomething(tenant);
  }

  /**
   * Takes back the last restore of a tenant that wrote something, or the last undo: an undo is a
   * restore too, so a second one is the restore again. What wrote nothing does not count, and what
   * was killed does if it was done. Of a part, what it wrote is taken back, and later work stays.
   *
   * <p>Which one was the last is known by the order in which their safety archives were published,
   * whatever a clock says. One further back is gone back to by restoring its safety archive: see
   * {@link #safetyPoints(TenantId)}.
   *
   * @throws RestoreRefused if there is no restore to take back, or if it is not known what the last
   *     one is taken back with: the safety archive of it is not verified or is not what it says, or
   *     one cannot be read that may be of it. It is named, and nothing was changed
   */
  public RestoreReport undo(TenantId tenant) {
    return undo(tenant, RestoreOptions.DEFAULT);
  }

  /**
   * As {@link #undo(TenantId)}, going about it in another way: with new ids, where others have
   * taken those of the rows that come back.
   */
  public RestoreReport undo(TenantId tenant, RestoreOptions options) {
    return undoLast(requireSomething(tenant), options);
  }

  private RestoreReport undoLast(TenantId tenant, RestoreOptions options) {
    safety.lockSettled(tenant).close();
    try (Scratch folder = Scratch.in(scratch())) {
      StagedTenant staged = undoPoints().newest(tenant, label -> stage(tenant, label, folder));
      return restorer.restore(staged, tenant, options.takingBack());
    }
  }

  private <T> T staged(TenantId tenant, Label label, Function<StagedTenant, T> use) {
    try (Scratch folder = Scratch.in(scratch())) {
      return use.apply(stage(tenant, label, folder));
    }
  }

  private StagedTenant stage(TenantId tenant, Label label, Scratch folder) {
    return verifier()
        .stageTenant(label, folder.newFolder("archive"), listeners().progressOf(tenant));
  }

  Optional<SystemBackups> optionalSystem() {
    return system;
  }

  /** Restores tenants that were staged from elsewhere than the store. */
  public Restorer restorer() {
    return restorer;
  }

  /**
   * Backs up the whole system, verifies the archive, and prunes older ones.
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
    return new SystemExtraction(source, safety, publisher, verifier(), listeners(), scratch())
        .run(label, canonical(tenant), database, trees);
  }

  /** What is in a tenant's restore points, to be looked into; reads none of them yet. */
  public TenantHistory history(TenantId tenant) {
    TenantId id = requireSomething(tenant);
    return StagedHistory.open(
        source, verifier(), scratch(), id, list(ArchiveOwner.tenant(id)), listSafety(id));
  }

  /**
   * What is kept of a tenant: all that the store has, and what {@code keepers} have, the scheduler,
   * the mailer, links. Changes nothing, and does not fail where a place does not answer.
   */
  public KeptOfTenant kept(TenantId tenant, TenantKeeper... keepers) {
    return forgetting().look(canonical(tenant), List.of(keepers));
  }

  /**
   * Removes all that {@link #kept} has of a tenant, under its lock, and looks at each place again.
   *
   * @throws RestoreRefused if an archive is held ({@link #pin(Label, String)}); nothing was removed
   * @throws StoreUnavailable if the store, or a replica, does not answer, and may know of a hold
   */
  public ForgottenTenant forget(TenantId tenant, TenantKeeper... keepers) {
    return forgetting().run(canonical(tenant), List.of(keepers));
  }

  private Forgetting forgetting() {
    return new Forgetting(archives(), safety, source, failures(), scratch());
  }

  /** Closes the source and the store. */
  @Override
  public void close() {
    try (ArchiveStore store = archives().store()) {
      system.ifPresent(SystemBackups::close);
      source.close();
    }
  }

  /** Collects the parts of a service. Use from one thread. */
  public static final class Builder extends ServiceBuilder<Builder> {

    private final TenantSource source;
    private Optional<SystemBackups.Builder> system = Optional.empty();
    private RestoreGuard guard = RestoreGuard.NONE;

    private Builder(TenantSource source, ArchiveStore store) {
      super(store, RetentionPolicy.DEFAULT);
      this.source = Objects.requireNonNull(source, "source");
    }

    @Override
    Builder self() {
      return this;
    }

    private ArchiveVerifier verifier() {
      ArchiveVerifier ofSystem =
          system.map(SystemBackups.Builder::verifier).orElseGet(SqliteVerifier::plain);
      return ArchiveVerifier.of(source, ofSystem::verify);
    }

    /** Backs up the whole system too; made by {@link SystemBackups#builder}. */
    public Builder system(SystemBackups.Builder value) {
      this.system = Optional.of(value);
      return this;
    }

    /** Has a say before a tenant is restored. Default: everything may be. */
    public Builder guard(RestoreGuard value) {
      this.guard = Objects.requireNonNull(value, "guard");
      return this;
    }

    /**
     * The finished service, after it has tidied up behind restores that were killed, as far as that
     * was possible: a tenant with which it was not fails, all others do not.
     *
     * @throws SourceUnavailable if the database cannot be opened
     * @throws IllegalArgumentException if a replica has a policy that is not one of the store's
     */
    public BackupService build() {
      BackupService service = new BackupService(this);
      service.safety.recoverAll();
      return service;
    }
  }
}
