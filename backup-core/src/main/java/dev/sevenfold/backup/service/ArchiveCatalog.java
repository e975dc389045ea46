package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.ArchiveHead;
import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.archive.ArchiveWriter;
import dev.sevenfold.backup.archive.EntryContents;
import dev.sevenfold.backup.archive.EntryPlaces;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.link.LinkedArchive;
import dev.sevenfold.backup.link.LinkedArchives;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveRecord.Summary;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archives of a store, known by what they say of themselves: a label only finds them. Lists go
 * by their records, and open no archive that has one; whoever uses an archive is given what it says
 * itself, and only if that is what was recorded. What is found is handed on as it was found; the
 * store is asked again only where it may know more by then. Thread-safe.
 */
public final class ArchiveCatalog implements LinkedArchives {

  private static final Logger log = LoggerFactory.getLogger(ArchiveCatalog.class);

  /** Which replicas of a mirror must answer, for a list to be of use. */
  public enum Needed {
    /** Every one: to delete by the list. */
    ALL,
    /** The first one: what restores replaced is there, or nowhere. */
    FIRST,
    /** Any one: to see what can be restored. Those that do not answer are told of. */
    ANY
  }

  private final ArchiveStore store;
  private final ArchiveReader reader;
  private final ArchiveWriter writer;
  private final Consumer<StoreUnavailable> outages;
  private final ArchiveHeads heads;
  private final Sequences sequences;
  private final SilentPlaces silent = new SilentPlaces();

  /**
   * @param outages is told when a replica of a mirror does not answer and the work goes on
   */
  public ArchiveCatalog(
      ArchiveStore store,
      ArchiveReader reader,
      ArchiveWriter writer,
      Consumer<StoreUnavailable> outages) {
    this.store = store;
    this.reader = reader;
    this.writer = writer;
    this.outages = outages;
    this.heads = new ArchiveHeads(store, reader);
    this.sequences = new Sequences(store, heads::described);
  }

  public ArchiveStore store() {
    return store;
  }

  ArchiveReader reader() {
    return reader;
  }

  /** This catalogue of one replica of its store; nobody hears if that does not answer. */
  public ArchiveCatalog of(ArchiveStore replica) {
    return new ArchiveCatalog(replica, reader, writer, outage -> {});
  }

  /**
   * The number of the owner's next publication: the greatest that it has, and one. To be asked for
   * under the owner's lock.
   */
  public OptionalLong nextSequence(ArchiveOwner owner) {
    // Replicas that do not answer are told of by the work that this is for.
    return nextSequence(store.list(owner));
  }

  /** As the one above, of the list that was made under the lock. */
  public OptionalLong nextSequence(Listing ofOwner) {
    return OptionalLong.of(sequences.next(ofOwner));
  }

  /** Publishes under the first label of {@code wanted}, {@code wanted-2}, … that is free. */
  public Published publish(
      Label wanted, ArchiveManifest manifest, EntryContents contents, LongConsumer progress) {
    return publish(
        wanted,
        ArchiveRecord.of(writer.head(manifest)),
        out -> writer.write(manifest, contents, out, progress));
  }

  /** Publishes bytes that are an archive already, of which this is known. */
  Published publish(Label wanted, ArchiveRecord record, ArchiveStore.Content content) {
    Label label = wanted;
    while (true) {
      try {
        return new Published(store.publish(label, record, content), Optional.empty());
      } catch (LabelTaken e) {
        // Another backup of this second. Numbers are bounded by the label itself.
        label = label.next();
      } catch (StoreUnavailable e) {
        if (!e.published()) {
          throw e;
        }
        return new Published(store.stat(label), Optional.of(e));
      }
    }
  }

  /** Tells that the work goes on without a replica. */
  void tellOutage(StoreUnavailable outage) {
    log.warn("{}", outage.getMessage());
    outages.accept(outage);
  }

  /** What the store, or those replicas of it that have to, has of an owner. */
  public List<StoredArchive> stored(ArchiveOwner owner, Needed needed) {
    return listing(owner, needed).archives();
  }

  /** As {@link #stored}, with what the store knows beside. */
  public Listing listing(ArchiveOwner owner, Needed needed) {
    Listing listing = store.list(owner);
    if (needed == Needed.ALL) {
      return listing.withArchives(listing.complete());
    }
    if (needed == Needed.FIRST && listing.silent().stream().anyMatch(Listing.Silent::first)) {
      throw listing.silence().orElseThrow();
    }
    if (silent.note(owner, listing)) {
      listing.silence().ifPresent(this::tellOutage);
    }
    return listing;
  }

  /** The owner's archives that restores did not take, and those that cannot be read. */
  public Found backups(ArchiveOwner owner) {
    return find(owner, Needed.ANY, ArchiveCatalog::isBackup);
  }

  private static boolean isBackup(Label label) {
    return label.kind() != Label.Kind.SAFETY;
  }

  /** Those of an owner's archives that have such a label; {@code needed} is who must answer. */
  public Found find(ArchiveOwner owner, Needed needed, Predicate<Label> which) {
    return find(listing(owner, needed), which);
  }

  private Found find(Listing listing, Predicate<Label> which) {
    return found(listing.archives().stream().filter(a -> which.test(a.label())).toList())
        .with(listing.unreadable().stream().filter(u -> which.test(u.label())).toList());
  }

  /** Those of these archives, which were listed, that can be read, and those that cannot. */
  public Found found(List<StoredArchive> listed) {
    return Found.of(listed, store, this::read);
  }

  /** The tenants that there are archives of. */
  public Stream<TenantId> tenants() {
    return tenants(listing(ArchiveOwner.anyone(), Needed.ANY));
  }

  /** As the one above, of a list that was made. */
  static Stream<TenantId> tenants(Listing listing) {
    return listing.byOwner().keySet().stream().flatMap(owner -> owner.tenant().stream());
  }

  /**
   * What the verified backup of an owner that was published last says of itself. One that does not
   * say it any more is passed over: it stops no backup.
   */
  public Optional<ArchiveManifest> newestVerifiedManifest(Listing ofOwner) {
    return find(ofOwner, ArchiveCatalog::isBackup).points().stream()
        .filter(RestorePoint::verified)
        .sorted(RestorePoint.byPublication().reversed())
        .flatMap(
            point ->
                Found.attempt(
                    point.label(), store, () -> heads.read(point.label(), point.digest()), e -> {})
                    .stream())
        .map(ArchiveHead::manifest)
        .findFirst();
  }

  /** One archive of the store. */
  public RestorePoint point(Label label) {
    return read(store.stat(label));
  }

  /**
   * What an archive says of itself.
   *
   * @throws ArchiveCorrupt if it is not the one that was recorded
   */
  public ArchiveManifest manifest(StoredArchive archive) {
    ArchiveHead head = heads.read(archive.label());
    ArchiveHeads.point(ArchiveHeads.recorded(archive, head));
    return head.manifest();
  }

  private RestorePoint read(StoredArchive archive) {
    return ArchiveHeads.point(heads.described(archive));
  }

  /** Records that an archive was verified, with the sequence that it says itself. */
  RestorePoint recordVerified(RestorePoint point, Instant at) {
    // Asked anew: somebody may have pinned it while it was read.
    StoredArchive archive = heads.described(store.stat(point.label()));
    ArchiveRecord record = archive.record();
    Summary summary = ArchiveHeads.summary(archive);
    ArchiveHeads.requireDigest(point.label(), point.digest(), summary);
    if (!point.label().isByDate()) {
      // For when it cannot say it any more.
      record = record.withSequence(summary.sequence());
    }
    return read(store.record(point.label(), record.withVerifiedAt(at)));
  }

  /** Records that an archive is damaged. Where that cannot be, the damage is what counts. */
  void recordDamaged(Label label, ArchiveCorrupt damage) {
    try {
      store.record(label, store.stat(label).record().withoutVerification());
    } catch (StoreUnavailable | OperationFailed e) {
      log.warn("{} is damaged, and it could not be noted: {}", label, e.getMessage());
      damage.addSuppressed(e);
    }
  }

  /** Notes of an archive that it is kept outside of retention, or that it is handed back. */
  public RestorePoint pin(Label label, UnaryOperator<ArchiveRecord> how) {
    StoredArchive archive = heads.described(store.stat(label));
    ArchiveHeads.point(archive); // What is not what its label says is neither kept nor handed back.
    return read(store.record(label, how.apply(archive.record())));
  }

  /**
   * Reads an archive of the store into an empty folder, every byte as its manifest says. Whether
   * they are a sound database is for a verifier to say.
   */
  Staged stage(StoredArchive archive, Path folder, Progress progress) {
    return stage(archive, EntryPlaces.in(folder), progress);
  }

  /** As the one above, into several. */
  Staged stage(StoredArchive archive, EntryPlaces places, Progress progress) {
    // A system is large: how far the work is tells little without its end.
    long total =
        archive.label().tenant().isPresent()
            ? 0
            : ArchiveHeads.summary(heads.described(archive)).bytes();
    try (InputStream in = store.open(archive.label())) {
      ArchiveHead head = extract(in, places, total, progress);
      return new Staged(
          places.folder(),
          head.manifest(),
          ArchiveHeads.point(ArchiveHeads.recorded(archive, head)));
    } catch (IOException e) {
      throw ArchiveHeads.unavailable(archive.label(), e);
    }
  }

  /** Reads an archive from anywhere into an empty folder, and says what it says of itself. */
  ArchiveHead extract(InputStream in, Path folder, Progress progress) {
    return extract(in, EntryPlaces.in(folder), 0, progress);
  }

  private ArchiveHead extract(InputStream in, EntryPlaces places, long total, Progress progress) {
    return reader.extract(
        in, places, done -> progress.report("read", Progress.Unit.BYTES, done, total));
  }

  /**
   * An archive of exactly this tenant, by its identity. Those that cannot be read are left out:
   * what is linked to was read before.
   */
  @Override
  public Optional<LinkedArchive> find(TenantId tenant, Predicate<ArchiveDigest> which) {
    List<BackupException> failures = new ArrayList<>();
    for (StoredArchive archive : stored(ArchiveOwner.tenant(tenant), Needed.ANY)) {
      try {
        StoredArchive described = heads.described(archive);
        RestorePoint point = ArchiveHeads.point(described);
        if (which.test(point.digest())) {
          return Optional.of(
              new LinkedArchive(
                  archive.label(),
                  tenant,
                  point.digest(),
                  point.capturedAt(),
                  archive.sizeBytes(),
                  ArchiveHeads.summary(described).compression()));
        }
      } catch (ArchiveCorrupt | ArchiveNotFound | ArchiveNotReadable e) {
        log.debug("{} is not what a link leads to", archive.label(), Printable.failure(e));
      } catch (StoreUnavailable | OperationFailed e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.get(0); // it may have been that one
    }
    return Optional.empty();
  }

  /**
   * Opens an archive for whoever may have it, if it is the one that was recorded.
   *
   * @throws ArchiveCorrupt if it is not
   */
  public InputStream open(Label label) {
    StoredArchive archive = store.stat(label);
    if (archive.record().summary().isPresent()) {
      try {
        manifest(archive);
      } catch (ArchiveNotReadable e) {
        log.debug("{} is handed out to somebody who may have the key to it", label, e);
      }
    }
    return store.open(label);
  }

  @Override
  public InputStream open(LinkedArchive archive, long offset) {
    requireStill(archive);
    return store.open(archive.label(), offset);
  }

  @Override
  public Optional<URI> elsewhere(LinkedArchive archive, Instant expiresAt) {
    Optional<URI> address = store.presign(archive.label(), archive.fileName(), expiresAt);
    if (address.isPresent()) {
      requireStill(archive);
    }
    return address;
  }

  /** A link leads to one archive. It was found by its record, and another one may be there. */
  private void requireStill(LinkedArchive archive) {
    try {
      heads.read(archive.label(), archive.digest());
    } catch (ArchiveCorrupt | ArchiveNotReadable e) {
      log.warn("{} is not what a link leads to: {}", archive.label(), e.getMessage());
      throw new ArchiveNotFound(
          "The archive with the digest "
              + archive.digest()
              + " cannot be read as "
              + archive.label(),
          "Verify " + archive.label());
    }
  }
}
