package dev.sevenfold.backup;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.DrillOutcome;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.SystemBackupReport;
import dev.sevenfold.backup.report.UnreadableArchive;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.service.ArchiveCatalog;
import dev.sevenfold.backup.service.Found;
import dev.sevenfold.backup.service.LibraryVersion;
import dev.sevenfold.backup.service.LiveContents;
import dev.sevenfold.backup.service.Published;
import dev.sevenfold.backup.service.Scratch;
import dev.sevenfold.backup.service.Unmounted;
import dev.sevenfold.backup.service.Verifier;
import dev.sevenfold.backup.source.ArchiveVerifier;
import dev.sevenfold.backup.source.BackupOptions;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoredSystem;
import dev.sevenfold.backup.source.SystemRestore;
import dev.sevenfold.backup.source.SystemSnapshot;
import dev.sevenfold.backup.source.SystemSource;
import dev.sevenfold.backup.source.SystemTarget;
import dev.sevenfold.backup.sqlite.SqliteVerifier;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Backs up a whole system, and puts it back: on a bare machine, or over what is left of it. Needs
 * no database to be there, so that it works on the worst day.
 *
 * <pre>{@code
 * SystemBackups nightly = SystemBackups.builder(store).source(system).build();
 * nightly.backup();
 *
 * // on a new machine
 * SystemBackups backups = SystemBackups.builder(store).build();
 * backups.restore(backups.latest().label(), SqliteSystemTarget.builder(folder).build());
 * }</pre>
 *
 * <p>Thread-safe. Of two backups at the same time, one waits until the other is published.
 */
public final class SystemBackups extends BackupCatalog {

  private static final ArchiveOwner SYSTEM = ArchiveOwner.system();

  private final Optional<SystemSource> source;
  private final List<OwnPlace> own;

  private SystemBackups(Builder builder) {
    super(builder, builder.verifier(), (staged, scratch, progress) -> List.of());
    source = builder.source;
    source.flatMap(SystemSource::databaseFile).ifPresent(archives().store()::noteUseBeside);
    own = builder.ownPlaces();
  }

  /** Starts with the place where the archives are. It is closed in the end. */
  public static Builder builder(ArchiveStore store) {
    return new Builder(store);
  }

  /**
   * Backs up the system while it goes on, verifies the archive by reading it back from the store,
   * and prunes older ones by the retention policy.
   *
   * @throws BackupRefused if something cannot be backed up, or a disk seems not to be mounted;
   *     nothing was written
   * @throws StoreUnavailable if the store failed; nothing is listed that is not whole
   * @throws ArchiveCorrupt if the store did not give back what it was given; retention was not
   *     applied
   * @throws IllegalStateException if this was built without a source
   */
  public SystemBackupReport backup() {
    return backup(Progress.none());
  }

  /** As {@link #backup()}, also telling {@code progress} how far it is. */
  public SystemBackupReport backup(Progress progress) {
    return backup(BackupOptions.DEFAULT, progress);
  }

  /** As {@link #backup(Progress)}, going about it in another way. */
  public SystemBackupReport backup(BackupOptions options, Progress progress) {
    Objects.requireNonNull(options, "options");
    SystemSource from =
        source.orElseThrow(
            () -> new IllegalStateException("There is no source to back up; name one to builder"));
    try {
      SystemBackupReport report = backup(from, options, listeners().progressOf(SYSTEM, progress));
      listeners().tell(listener -> listener.systemBackupCompleted(report));
      return report;
    } catch (BackupException e) {
      listeners().tell(listener -> listener.systemBackupFailed(e));
      throw e;
    }
  }

  private SystemBackupReport backup(SystemSource from, BackupOptions options, Progress progress) {
    long start = System.nanoTime();
    List<String> warnings = new ArrayList<>();
    try (Scratch folder = Scratch.in(scratch())) {
      LiveContents contents;
      Published published;
      try (SystemSource.Lock lock = from.lock()) {
        contents = contents(from, folder, options, progress, warnings::addAll);
        Label wanted = labeler().system(contents.manifest().capturedAt());
        published = contents.publish(archives(), retention(), wanted, progress);
      }
      warnings.addAll(contents.findings());
      RestorePoint point =
          published.verified(archive -> verifier().verify(archive, progress, warnings::addAll));
      List<RestorePoint> deleted = retention().applyAfter(point, warnings::add);
      return new SystemBackupReport(
          point,
          contents.manifest().entries().size(),
          contents.manifest().bytes(),
          warnings,
          deleted,
          Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private LiveContents contents(
      SystemSource from,
      Scratch folder,
      BackupOptions options,
      Progress progress,
      Consumer<List<String>> warnings) {
    // Before the snapshot: of two that nothing keeps apart, the one that begins later does not get
    // the lower number.
    Listing before = archives().listing(SYSTEM, ArchiveCatalog.Needed.ANY);
    OptionalLong sequence = archives().nextSequence(before);
    Path into = folder.newFolder("snapshot");
    SystemSnapshot snapshot = from.snapshot(into, own, progress);
    Optional<ArchiveManifest> previous = archives().newestVerifiedManifest(before);
    warnings.accept(Unmounted.require("The system", Unmounted.of(snapshot, previous), options));
    warnings.accept(snapshot.warnings());
    ArchiveManifest manifest =
        snapshot
            .lacking(Unmounted.remnants(snapshot, previous))
            .manifest(Purpose.BACKUP, LibraryVersion.VALUE)
            .numbered(sequence);
    return new LiveContents(manifest, snapshot::open, into.resolve("live"));
  }

  /**
   * The backups of the system, the latest first, as {@link #restorePoints} says.
   *
   * @throws StoreUnavailable if the store, or every replica of a mirror, does not answer
   */
  public List<RestorePoint> points() {
    return restorePoints(SYSTEM);
  }

  /**
   * The verified backup that was published last, whatever the clock said at the time. One that
   * cannot be read is passed over, with a warning: see {@link #unreadableArchives()}.
   *
   * @throws RestoreRefused if there is none
   */
  public RestorePoint latest() {
    Found found = archives().backups(SYSTEM);
    return found.points().stream()
        .filter(RestorePoint::verified)
        .max(RestorePoint.byPublication())
        .orElseThrow(
            () ->
                new RestoreRefused(
                    "There is no verified backup of the system in " + archives().store().describe(),
                    found.unreadable().stream()
                        .map(archive -> archive.label() + " cannot be read: " + archive.reason())
                        .toList(),
                    "Verify one of the backups that there are, or look into another store"));
  }

  /**
   * As {@link #unreadableArchives(ArchiveOwner)}, of the system. {@link
   * UnreadableArchive#mayBeNewerThan} tells which of them {@link #latest()} has passed over.
   */
  public List<UnreadableArchive> unreadableArchives() {
    return unreadableArchives(SYSTEM);
  }

  /** As {@link #drill(ArchiveOwner)}, of the system. */
  public List<DrillOutcome> drill() {
    return drill(SYSTEM);
  }

  /**
   * Puts the system back, all of it or nothing. The system must not be running.
   *
   * @throws ArchiveNotFound if there is no such archive
   * @throws ArchiveCorrupt if it is not what it says; nothing was changed
   * @throws RestoreRefused if something stands in the way, or a check of the host failed; what was
   *     there is there
   */
  public RestoredSystem restore(Label label, SystemTarget target) {
    Objects.requireNonNull(target, "target");
    Progress progress = listeners().progressOf(SYSTEM, Progress.none());
    for (String what : target.recover()) {
      listeners().tell(listener -> listener.recovered(what));
    }
    Verifier.requireOfSystem(label);
    StoredArchive archive = archives().store().stat(label);
    try (SystemRestore restore = target.prepare(archives().manifest(archive), own)) {
      if (!restore.plan().conflicts().isEmpty()) {
        throw new RestoreRefused(
            "The system cannot be restored into " + target.describe(),
            restore.plan().conflicts(),
            "Nothing was changed; clear what stands in the way, then try again");
      }
      verifier().stageSystem(archive, restore.places(), progress);
      return restore.apply(progress);
    }
  }

  /** Closes the store, and the source if there is one. */
  @Override
  public void close() {
    try (ArchiveStore store = archives().store()) {
      source.ifPresent(SystemSource::close);
    }
  }

  /** Collects the parts. Use from one thread. */
  public static final class Builder extends ServiceBuilder<Builder> {

    private static final RetentionPolicy DEFAULT_RETENTION =
        // The last ones too: a backup at noon must not push out the one of the night before it.
        RetentionPolicy.keepLast(7)
            .or(RetentionPolicy.daily(7, ZoneOffset.UTC))
            .or(RetentionPolicy.weekly(4, ZoneOffset.UTC))
            .or(RetentionPolicy.monthly(12, ZoneOffset.UTC));

    private Optional<SystemSource> source = Optional.empty();
    private final List<OwnPlace> own = new ArrayList<>();
    private Optional<ArchiveVerifier> verifier = Optional.empty();

    private Builder(ArchiveStore store) {
      super(store, DEFAULT_RETENTION);
    }

    @Override
    Builder self() {
      return this;
    }

    /** What is backed up. Default: nothing, which is enough to restore. */
    public Builder source(SystemSource value) {
      this.source = Optional.of(value);
      return this;
    }

    /**
     * A place of the host's that belongs to backups too: a file of signing keys, the databases of
     * schedules and links, an outbox. Where it lies below a tree, backups leave it out and say so,
     * and a restore leaves it where it is. May be called for several. The store and its keys, and
     * the scratch folder, are known without.
     */
    public Builder own(OwnPlace place) {
      own.add(Objects.requireNonNull(place, "place"));
      return this;
    }

    private List<OwnPlace> ownPlaces() {
      List<OwnPlace> all = new ArrayList<>(storePlaces());
      all.add(Scratch.place(scratch()));
      all.addAll(own);
      return List.copyOf(all);
    }

    /**
     * What looks at archives that are read back. Default: the source, or without one what every
     * SQLite can.
     */
    public Builder verifier(ArchiveVerifier value) {
      this.verifier = Optional.of(value);
      return this;
    }

    ArchiveVerifier verifier() {
      return verifier.orElseGet(
          () -> {
            SqliteVerifier plain = SqliteVerifier.plain();
            return source.map(from -> ArchiveVerifier.of(plain::verify, from)).orElse(plain);
          });
    }

    /**
     * The finished object. Looks at nothing yet.
     *
     * @throws IllegalArgumentException if a replica has a policy that is not one of the store's
     */
    public SystemBackups build() {
      return new SystemBackups(this);
    }
  }
}
