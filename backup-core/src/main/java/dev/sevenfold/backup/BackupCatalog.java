package dev.sevenfold.backup;

import static java.util.Comparator.comparing;

import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.link.DownloadLinks;
import dev.sevenfold.backup.link.LinkKeys;
import dev.sevenfold.backup.link.LinkStore;
import dev.sevenfold.backup.report.ArchiveList;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.DrillOutcome;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.UnreadableArchive;
import dev.sevenfold.backup.report.VerifiedFile;
import dev.sevenfold.backup.retention.RetentionPlan;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.service.ArchiveCatalog;
import dev.sevenfold.backup.service.ArchiveImport;
import dev.sevenfold.backup.service.Drill;
import dev.sevenfold.backup.service.FailureMemory;
import dev.sevenfold.backup.service.Listeners;
import dev.sevenfold.backup.service.Retention;
import dev.sevenfold.backup.service.UndoPoints;
import dev.sevenfold.backup.service.Verifier;
import dev.sevenfold.backup.source.ArchiveVerifier;
import dev.sevenfold.backup.source.ImportOptions;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.sqlite.SqliteVerifier;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The archives of a store: lists them, verifies them, hands them out, pins and imports them. Needs
 * no database to be there, so that it works on a new machine; {@link BackupService} and {@link
 * SystemBackups} are catalogues that make and restore archives too.
 *
 * <pre>{@code
 * try (BackupCatalog catalog = BackupCatalog.of(store).build()) {
 *   RestorePoint newest = catalog.restorePoints(TenantId.of(42)).get(0);
 *   catalog.verify(newest.label());
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public abstract sealed class BackupCatalog implements AutoCloseable
    permits BackupService, SystemBackups, BackupCatalog.OfStore {

  private final ArchiveCatalog archives;
  private final Verifier verifier;
  private final Retention retention;
  private final UndoPoints undoPoints;
  private final FailureMemory failures;
  private final Listeners listeners;
  private final TenantLabeler labeler;
  private final Path scratch;
  private final Clock clock;

  /**
   * @param contents looks at archives that are read back
   * @param rehearsal tries what a restore of a tenant would do
   */
  BackupCatalog(ServiceBuilder<?> builder, ArchiveVerifier contents, Verifier.Rehearsal rehearsal) {
    clock = builder.clock();
    labeler = builder.labeler();
    scratch = builder.scratch();
    failures = new FailureMemory(clock);
    listeners = new Listeners(builder.listeners()).and(failures);
    archives = builder.openArchives(listeners);
    verifier = new Verifier(archives, contents, rehearsal, scratch, clock);
    retention = builder.retentionOf(archives);
    undoPoints = new UndoPoints(archives);
  }

  /** Starts a catalogue of this store, which it closes in the end. */
  public static Builder of(ArchiveStore store) {
    return new Builder(store);
  }

  /**
   * Verifies an archive file from anywhere as {@link #verify(Path)} does, for whoever has no store.
   *
   * @param contents looks at what is in it: {@link SqliteVerifier}
   * @param scratch where to unpack it
   * @throws ArchiveCorrupt if it is no archive, or not what it says
   */
  public static VerifiedFile verify(
      Path file, ArchiveVerifier contents, Path scratch, Progress progress) {
    return Verifier.verify(file, ArchiveReader.withDefaults(), contents, scratch, progress);
  }

  /**
   * The instants that a tenant can go back to, the latest first, for the host's dashboard: as they
   * were recorded, without opening any archive: one that went bad since is among them until a
   * {@link #drill} finds that out. Of a mirror, those in the replicas that answer.
   *
   * @throws StoreUnavailable if the store, or every replica of a mirror, does not answer
   */
  public List<RestorePoint> restorePoints(TenantId tenant) {
    return restorePoints(ArchiveOwner.tenant(tenant));
  }

  /** As {@link #restorePoints(TenantId)}, of any owner. */
  public List<RestorePoint> restorePoints(ArchiveOwner owner) {
    return list(owner).points();
  }

  /** As {@link #restorePoints(ArchiveOwner)}, with those that cannot be read, of one look. */
  public ArchiveList list(ArchiveOwner owner) {
    return archives.backups(canonical(owner)).sorted(RestorePoint.byInstant());
  }

  /** The id that archives are kept under; only who has the database knows other forms of it. */
  TenantId canonical(TenantId written) {
    return Objects.requireNonNull(written, "tenant");
  }

  private ArchiveOwner canonical(ArchiveOwner owner) {
    return owner.tenant().map(this::canonical).map(ArchiveOwner::tenant).orElse(owner);
  }

  /**
   * What is recorded of an archive: a restore point of any owner, or a safety archive.
   *
   * @throws ArchiveNotFound if there is no such archive
   * @throws ArchiveCorrupt if it is another owner's than its label says; or if nothing is recorded
   *     of what it is, and it cannot be read
   */
  public RestorePoint restorePoint(Label label) {
    return archives.point(label);
  }

  /**
   * Archives that are labelled as the tenant's, and neither their records nor they say so: damaged,
   * signed or encrypted with a key that is not there, or behind an error of the store; newest first
   * by their labels. They are no restore points.
   *
   * @throws StoreUnavailable if the store, or every replica of a mirror, does not answer
   */
  public List<UnreadableArchive> unreadableArchives(TenantId tenant) {
    return unreadableArchives(ArchiveOwner.tenant(tenant));
  }

  /** As {@link #unreadableArchives(TenantId)}, of any owner. */
  public List<UnreadableArchive> unreadableArchives(ArchiveOwner owner) {
    return archives.find(canonical(owner), ArchiveCatalog.Needed.ANY, label -> true).unreadable();
  }

  /**
   * A tenant as it was before each of its last restores that wrote something, undos among them; the
   * last restore first, whatever the clock said: that is the {@link #undoPoint}. An older one is
   * gone back to by restoring it. Those that cannot be read are left out.
   *
   * @throws StoreUnavailable if the store, or the first replica of a mirror, does not answer: an
   *     older one must not be taken for the last
   */
  public List<RestorePoint> safetyPoints(TenantId tenant) {
    return listSafety(tenant).points();
  }

  /** As {@link #safetyPoints}, with those that cannot be read, of one look. */
  public ArchiveList listSafety(TenantId tenant) {
    return undoPoints.list(canonical(tenant));
  }

  /**
   * What {@link BackupService#undo(TenantId)} would restore: the tenant as it was before the last
   * restore that wrote something. After an undo that is the tenant as it was before the undo. Empty
   * if there was no restore, while one is under way, and if that is not known, as the undo tells.
   */
  public Optional<RestorePoint> undoPoint(TenantId tenant) {
    return listSafety(tenant).undoPoint();
  }

  /**
   * What retention would do to a tenant's archives now, and why. Deletes nothing. Replicas of a
   * mirror that have a policy of their own are not asked.
   */
  public RetentionPlan planRetention(TenantId tenant) {
    return planRetention(ArchiveOwner.tenant(tenant));
  }

  /** As {@link #planRetention(TenantId)}, of one tenant or of the system. */
  public RetentionPlan planRetention(ArchiveOwner owner) {
    return retention.plan(canonical(owner));
  }

  /**
   * Carries out what retention would do now to the archives of a tenant or of the system, as each
   * backup does after it: for when backups have stopped, or the policy has changed.
   *
   * @return those that went
   * @throws StoreUnavailable if the store, or a replica of a mirror, does not answer; what went
   *     before is gone
   */
  public List<RestorePoint> prune(ArchiveOwner owner) {
    return retention.apply(canonical(owner));
  }

  /** The tenants that the store has archives of, whether the database has them or not. */
  public List<TenantId> archivedTenants() {
    return archives.tenants().sorted(comparing(TenantId::value)).toList();
  }

  /**
   * Deletes one archive for good, readable or not, in all replicas of a mirror; never one that is
   * held, nor the newest verified backup of its owner. Links to it lead nowhere from then on.
   *
   * @throws ArchiveNotFound if there is no such archive
   * @throws RestoreRefused if it is one of those that stay
   * @throws StoreUnavailable if the store, or a replica, does not answer: call it again
   */
  public void delete(Label label) {
    retention.delete(label);
  }

  /**
   * Reads an archive back, restores it into scratch space, compares it with what was backed up, and
   * records whether it is verified. A service also tries what a restore would do today. Where the
   * store cannot be written to, {@link BackupListener#archiveFindings} hears that.
   *
   * @throws ArchiveNotFound if there is no such archive
   * @throws ArchiveCorrupt if it is not what it says
   */
  public RestorePoint verify(Label label) {
    return verify(archives.store().stat(label), false);
  }

  private RestorePoint verify(StoredArchive archive, boolean onlyIfRecorded) {
    return verifier.verify(
        archive,
        onlyIfRecorded,
        listeners.progressOf(ArchiveOwner.of(archive.label()), Progress.none()),
        listeners.findingsOf(archive.label()));
  }

  /** As {@link #verify(Label)}, for a file that is in no store. */
  public VerifiedFile verify(Path file) {
    return verifier.verify(file, Progress.none());
  }

  /** As {@link #drill(ArchiveOwner)}, of one tenant. */
  public List<DrillOutcome> drill(TenantId tenant) {
    return drill(ArchiveOwner.tenant(tenant));
  }

  /**
   * Verifies archives of an owner anew, so that one which went bad in the store is noticed before
   * it is needed: those that are not verified, and the one whose verification is the oldest. Of
   * what undoes a tenant's restores, the one whose verification is the oldest, if that is older
   * than a day. An archive that is not what it says is recorded as not verified, and is part of the
   * result. Needs as much scratch space as one of them takes.
   *
   * @param owner {@link ArchiveOwner#anyone()} is every tenant, one after the other
   * @return what became of each of them; empty if the owner has none
   * @throws StoreUnavailable if the archives could not be listed
   */
  public List<DrillOutcome> drill(ArchiveOwner owner) {
    return new Drill(archives, listeners, clock)
        .run(canonical(owner), archive -> verify(archive, true));
  }

  /**
   * As {@link #drill(ArchiveOwner)}, of every tenant that has restore points in the store; one that
   * fails does not stop the run. Called once a day with seven restore points for each tenant, it
   * verifies every one of them once a week. See also {@link SystemBackups#drill()}.
   */
  public List<DrillOutcome> drillAll() {
    return drill(ArchiveOwner.anyone());
  }

  /** Keeps an archive outside of retention; a hold that it has, it keeps. */
  public RestorePoint pin(Label label) {
    return archives.pin(label, record -> record.withPinned(true));
  }

  /**
   * Holds an archive: it is pinned, and nothing deletes it, until it is released; {@code reason} is
   * one line of 1 to 200 characters.
   */
  public RestorePoint pin(Label label, String reason) {
    return archives.pin(label, record -> record.withHold(reason));
  }

  /** Hands an archive that is pinned, or held, back to retention. */
  public RestorePoint release(Label label) {
    return archives.pin(label, record -> record.withPinned(false));
  }

  /**
   * Brings an archive into the store that a tenant kept: it becomes a restore point labelled by
   * today's date, pinned until it is released. It must be one of ours: signed with a key of {@link
   * ServiceBuilder#signing} or {@link ServiceBuilder#recognising}, or one that the store has, or
   * had before it was deleted, a record of.
   *
   * @throws ArchiveCorrupt if the file is no archive, or not what it says
   * @throws ArchiveNotReadable if only signed archives are read, and it is not signed
   * @throws RestoreRefused if it is another tenant's, or not one of ours
   */
  public RestorePoint importArchive(TenantId tenant, Path file) {
    return importArchive(tenant, file, ImportOptions.DEFAULT);
  }

  /** As {@link #importArchive(TenantId, Path)}, going about it in another way. */
  public RestorePoint importArchive(TenantId tenant, Path file, ImportOptions options) {
    return importing().file(canonical(tenant), file, options.acceptUnsigned());
  }

  /**
   * As {@link #importArchive(TenantId, Path, ImportOptions)}, of an upload as it comes in. It is
   * read to its end into the scratch folder, and is not closed.
   *
   * <pre>{@code
   * backups.importArchive(tenant, archive, 2L << 30, ImportOptions.DEFAULT);
   * }</pre>
   *
   * @param largest how many bytes it may have; of a larger one no more is read, and it is refused
   * @throws RestoreRefused if it is larger, another tenant's, or not one of ours
   * @throws OperationFailed if it broke off, or the scratch folder has no room for it
   */
  public RestorePoint importArchive(
      TenantId tenant, InputStream upload, long largest, ImportOptions options) {
    if (largest < 1) {
      throw new IllegalArgumentException("No archive has at most " + largest + " bytes");
    }
    return importing().upload(canonical(tenant), upload, largest, options.acceptUnsigned());
  }

  private ArchiveImport importing() {
    return new ArchiveImport(archives, verifier, labeler, clock, scratch, listeners);
  }

  /**
   * Opens an archive for a download. The caller closes the stream.
   *
   * @throws ArchiveNotFound if there is no such archive
   * @throws ArchiveCorrupt if it is not the one that was recorded under this label
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
    return DownloadLinks.builder(archives, keys, store).clock(clock);
  }

  ArchiveCatalog archives() {
    return archives;
  }

  Verifier verifier() {
    return verifier;
  }

  Retention retention() {
    return retention;
  }

  UndoPoints undoPoints() {
    return undoPoints;
  }

  FailureMemory failures() {
    return failures;
  }

  Listeners listeners() {
    return listeners;
  }

  TenantLabeler labeler() {
    return labeler;
  }

  Path scratch() {
    return scratch;
  }

  Clock clock() {
    return clock;
  }

  /** Closes the store. */
  @Override
  public void close() {
    archives.store().close();
  }

  /** A catalogue of a store, and of nothing else. */
  static final class OfStore extends BackupCatalog {
    private OfStore(Builder builder) {
      super(builder, builder.verifier, (staged, scratch, progress) -> List.of());
    }
  }

  /** Collects the parts of a catalogue. Use from one thread. */
  public static final class Builder extends ServiceBuilder<Builder> {

    private ArchiveVerifier verifier = SqliteVerifier.plain();

    private Builder(ArchiveStore store) {
      super(store, RetentionPolicy.DEFAULT);
    }

    @Override
    Builder self() {
      return this;
    }

    /** What looks at archives that are read back. Default: what every SQLite can. */
    public Builder verifier(ArchiveVerifier value) {
      this.verifier = Objects.requireNonNull(value, "verifier");
      return this;
    }

    /**
     * The finished catalogue. Looks at nothing yet.
     *
     * @throws IllegalArgumentException if a replica has a policy that is not one of the store's
     */
    public BackupCatalog build() {
      return new OfStore(this);
    }
  }
}
