package dev.sevenfold.backup;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.DrillOutcome;
import dev.sevenfold.backup.report.PublicationOrder;
import dev.sevenfold.backup.report.SystemBackupReport;
import dev.sevenfold.backup.report.SystemPoint;
import dev.sevenfold.backup.report.UnreadableArchive;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.service.Archives;
import dev.sevenfold.backup.service.Drill;
import dev.sevenfold.backup.service.Found;
import dev.sevenfold.backup.service.LibraryVersion;
import dev.sevenfold.backup.service.Listeners;
import dev.sevenfold.backup.service.Published;
import dev.sevenfold.backup.service.Retention;
import dev.sevenfold.backup.service.Scratch;
import dev.sevenfold.backup.service.Unmounted;
import dev.sevenfold.backup.service.Unproven;
import dev.sevenfold.backup.source.BackupOptions;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoredSystem;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.SystemLock;
import dev.sevenfold.backup.source.SystemProof;
import dev.sevenfold.backup.source.SystemRestore;
import dev.sevenfold.backup.source.SystemSnapshot;
import dev.sevenfold.backup.source.SystemSource;
import dev.sevenfold.backup.source.SystemTarget;
import dev.sevenfold.backup.source.SystemVerifier;
import dev.sevenfold.backup.sqlite.SqliteVerifier;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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
public final class SystemBackups implements AutoCloseable {

  private final Archives archives;
  private final Optional<SystemSource> source;
  private final SystemVerifier verifier;
  private final Retention<SystemPoint> retention;
  private final TenantLabeler labeler;
  private final Listeners listeners;
  private final Path scratch;
  private final List<OwnPlace> own;
  private final Clock clock;

  private SystemBackups(Builder builder) {
    listeners = new Listeners(builder.listeners());
    archives = builder.openArchives(listeners);
    source = builder.source;
    verifier = builder.verifier();
    scratch = builder.scratch();
    own = builder.ownPlaces();
    clock = builder.clock();
    labeler = builder.labeler();
    retention = builder.retentionOf(archives, new Retention.SystemPoints());
  }

  /** Starts with the place where the archives are. It is closed in the end. */
  public static Builder builder(ArchiveStore store) {
    return new Builder(store);
  }

  /**
   * Backs up the system while it goes on, proves the archive by reading it back from the store, and
   * lets older ones go by the retention policy.
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
      SystemBackupReport report = backup(from, options, listeners.progressOfSystem(progress));
      listeners.tell(listener -> listener.systemBackupCompleted(report));
      return report;
    } catch (BackupException e) {
      listeners.tell(listener -> listener.systemBackupFailed(e));
      throw e;
    }
  }

  private SystemBackupReport backup(SystemSource from, BackupOptions options, Progress progress) {
    long start = System.nanoTime();
    try (Scratch folder = Scratch.in(scratch)) {
      Path into = folder.newFolder("snapshot");
      SystemSnapshot snapshot;
      List<String> warnings;
      ArchiveManifest manifest;
      Published published;
      try (SystemLock lock = from.lock()) {
        // Before the snapshot: of two that nothing keeps apart, the one that begins later does not
        // get the lower number.
        OptionalLong sequence = archives.nextSequence(ArchiveOwner.system());
        snapshot = from.snapshot(into, own, progress);
        Optional<ArchiveManifest> previous = archives.newestProvenSystemManifest();
        warnings =
            new ArrayList<>(
                Unmounted.require("The system", Unmounted.of(snapshot, previous), options));
        warnings.addAll(snapshot.warnings());
        manifest =
            snapshot
                .lacking(Unmounted.remnants(snapshot, previous))
                .manifest(Purpose.BACKUP, LibraryVersion.VALUE)
                .numbered(sequence);
        long bytes = manifest.bytes();
        published =
            archives.publish(
                labeler.system(snapshot.capturedAt()),
                manifest,
                snapshot::open,
                done -> progress.report("archive", Progress.Unit.BYTES, done, bytes));
      }
      SystemPoint point =
          published.proven(label -> prove(label, progress, found -> warnings.addAll(found)));
      return new SystemBackupReport(
          point,
          manifest.entries().size(),
          manifest.bytes(),
          warnings,
          retention.apply(ArchiveOwner.system()),
          Duration.ofNanos(System.nanoTime() - start));
    }
  }

  /**
   * The backups of the system, the latest first. Of a mirror, those in the places that answer;
   * {@link BackupListener#placeUnavailable} hears of the others.
   *
   * @throws StoreUnavailable if the store, or every place of a mirror, does not answer
   */
  public List<SystemPoint> points() {
    return archives.listSystem(Archives.Needed.ANY);
  }

  /**
   * The proven backup that was published last, whatever the clock said at the time. One that cannot
   * be read is passed over, with a warning: see {@link #unreadableArchives()}.
   *
   * @throws RestoreRefused if there is none
   */
  public SystemPoint latest() {
    Found<SystemPoint> found = archives.findSystem(Archives.Needed.ANY);
    return found.points().stream()
        .filter(SystemPoint::proven)
        .max(PublicationOrder.OF_SYSTEM)
        .orElseThrow(
            () ->
                new RestoreRefused(
                    "There is no proven backup of the system in " + archives.store().describe(),
                    found.unreadable().stream()
                        .map(archive -> archive.label() + " cannot be read: " + archive.reason())
                        .toList(),
                    "Verify one of the backups that there are, or look into another store"));
  }

  /**
   * What a backup of the system says of itself.
   *
   * @throws ArchiveNotFound if there is no such archive
   * @throws ArchiveCorrupt if it cannot be read, or is not of a system
   */
  public SystemPoint point(Label label) {
    return archives.findSystem(label);
  }

  /**
   * Archives that are labelled as the system's and do not say that they are: damaged, signed or
   * encrypted with a key that is not there, or behind an error of the store; newest first by their
   * labels. {@link UnreadableArchive#mayBeNewerThan(SystemPoint)} tells which of them {@link
   * #latest()} has passed over.
   *
   * @throws StoreUnavailable if the store, or every place of a mirror, does not answer
   */
  public List<UnreadableArchive> unreadableArchives() {
    return archives.unreadable(ArchiveOwner.system());
  }

  /**
   * Reads a backup of the system back, checks every database in it, and marks it as proven or not.
   *
   * @throws ArchiveNotFound if there is no such archive
   * @throws ArchiveCorrupt if it is not what it says
   */
  public SystemPoint verify(Label label) {
    return prove(
        label,
        listeners.progressOfSystem(Progress.none()),
        findings -> listeners.archiveFindings(label, findings));
  }

  /**
   * As {@link #verify(Label)}, for a file that is in no store.
   *
   * @return what was found in it
   */
  public SystemProof verify(Path file) {
    Progress progress = listeners.progressOfSystem(Progress.none());
    try (Scratch folder = Scratch.in(scratch);
        InputStream in = Files.newInputStream(file)) {
      return verifier
          .verify(archives.stageSystem(in, folder.newFolder("archive"), progress), progress)
          .require();
    } catch (IOException e) {
      throw new OperationFailed(
          "The file " + file + " could not be read: " + e.getMessage(), "Check the path", e);
    }
  }

  private SystemPoint prove(Label label, Progress progress, Consumer<List<String>> findings) {
    Unproven.requireKnown(label, () -> check(label, progress, findings));
    archives
        .store()
        .mark(label, archives.numbered(archives.store().stat(label)).withProvenAt(clock.instant()));
    return archives.findSystem(label);
  }

  private void check(Label label, Progress progress, Consumer<List<String>> findings) {
    try (Scratch folder = Scratch.in(scratch)) {
      StagedSystem staged = archives.stageSystem(label, folder.newFolder("proof"), progress);
      SystemProof proof = verifier.verify(staged, progress).require();
      if (!proof.findings().isEmpty()) {
        findings.accept(proof.findings());
      }
    } catch (ArchiveCorrupt e) {
      archives.markDamaged(label, e);
      throw e;
    }
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
    Progress progress = listeners.progressOfSystem(Progress.none());
    for (String what : target.recover()) {
      listeners.tell(listener -> listener.recovered(what));
    }
    try (SystemRestore restore = target.prepare(archives.systemManifest(label), own)) {
      if (!restore.plan().obstacles().isEmpty()) {
        throw new RestoreRefused(
            "The system cannot be restored into " + target.describe(),
            restore.plan().obstacles(),
            "Nothing was changed; clear what stands in the way, then try again");
      }
      archives.stageSystem(label, restore.folder(), progress);
      return restore.apply(progress);
    }
  }

  Archives archives() {
    return archives;
  }

  /**
   * Proves backups of the system anew, so that one which went bad in the store is noticed before it
   * is needed: those that are not proven, and the one whose proof is the oldest. Needs as much
   * scratch space as one of them takes. One that is not what it says is marked as not proven, and
   * is part of the result.
   *
   * @return what became of each of them; empty if there are none
   * @throws StoreUnavailable if the archives could not be listed
   */
  public List<DrillOutcome<SystemPoint>> drill() {
    return new Drill(archives, listeners, clock).run(ArchiveOwner.system(), this::verify);
  }

  /** Lets the store, and the source if there is one, go. */
  @Override
  public void close() {
    try (ArchiveStore store = archives.store()) {
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
    private Optional<SystemVerifier> verifier = Optional.empty();

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
    public Builder verifier(SystemVerifier value) {
      this.verifier = Optional.of(value);
      return this;
    }

    private SystemVerifier verifier() {
      return verifier.or(() -> source).orElseGet(SqliteVerifier::plain);
    }

    /**
     * The finished object. Looks at nothing yet.
     *
     * @throws IllegalArgumentException if a place has a policy that is not one of the store's
     */
    public SystemBackups build() {
      return new SystemBackups(this);
    }
  }
}
