package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.ArchiveHead;
import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.archive.ArchiveWriter;
import dev.sevenfold.backup.archive.EntryContents;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.link.LinkedArchive;
import dev.sevenfold.backup.report.PublicationOrder;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.SystemPoint;
import dev.sevenfold.backup.report.UnreadableArchive;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.Marks;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archives of a store, known by what they say of themselves: a label only finds them.
 * Thread-safe.
 */
public final class Archives {

  private static final Logger log = LoggerFactory.getLogger(Archives.class);

  /** Which replicas of a mirror must answer, for a list to be of use. */
  public enum Needed {
    /** Every one: to delete by the list. */
    ALL,
    /** The first one: what restores replaced is there, or nowhere. */
    FIRST,
    /** Any one: to see what can be restored. Those that do not answer are told of. */
    ANY
  }

  private static final DateTimeFormatter TIME_OF_DAY =
      DateTimeFormatter.ofPattern("HHmmss").withZone(ZoneOffset.UTC);

  private final ArchiveStore store;
  private final ArchiveReader reader;
  private final ArchiveWriter writer;
  private final KnownHeads known = new KnownHeads();
  private final Sequences sequences;

  private final Consumer<StoreUnavailable> outages;

  /** The replicas that did not answer when they were asked last. */
  private volatile Set<String> silent = Set.of();

  public Archives(ArchiveStore store, ArchiveReader reader, ArchiveWriter writer) {
    this(store, reader, writer, outage -> {});
  }

  /**
   * @param outages is told when a replica of a mirror does not answer and the work goes on
   */
  public Archives(
      ArchiveStore store,
      ArchiveReader reader,
      ArchiveWriter writer,
      Consumer<StoreUnavailable> outages) {
    this.store = store;
    this.reader = reader;
    this.writer = writer;
    this.outages = outages;
    this.sequences = new Sequences(store, this::head);
  }

  public ArchiveStore store() {
    return store;
  }

  /**
   * The number of the owner's next publication: the greatest that it has, and one. To be asked for
   * under the owner's lock.
   */
  public OptionalLong nextSequence(ArchiveOwner owner) {
    // Replicas that do not answer are told of by the work that this is for.
    return OptionalLong.of(sequences.next(store.list(owner)));
  }

  /** The marks of an archive with the number that it says itself, for when it cannot any more. */
  public Marks numbered(StoredArchive archive) {
    return archive.label().isByDate()
        ? archive.marks()
        : archive.marks().withSequence(head(archive).sequence());
  }

  /** Takes the proof of an archive away. Where that cannot be noted, the damage is what counts. */
  public void markDamaged(Label label, ArchiveCorrupt damage) {
    try {
      store.mark(label, store.stat(label).marks().withoutProof());
    } catch (StoreUnavailable | OperationFailed e) {
      log.warn("{} is damaged, and it could not be noted: {}", label, e.getMessage());
      damage.addSuppressed(e);
    }
  }

  /** Publishes under the first label of {@code wanted}, {@code wanted-2}, … that is free. */
  public Published publish(
      Label wanted, ArchiveManifest manifest, EntryContents contents, LongConsumer progress) {
    return publish(wanted, out -> writer.write(manifest, contents, out, progress));
  }

  /** Publishes bytes that are an archive already. */
  public Published publish(Label wanted, ArchiveStore.Content content) {
    Label label = wanted;
    while (true) {
      try {
        store.publish(label, content);
        // Retention may have let one of this second go, and its label with it.
        known.forget(label);
        return new Published(label, Optional.empty());
      } catch (LabelTaken e) {
        // Another backup of this second. Numbers are bounded by the label itself.
        label = label.next();
      } catch (StoreUnavailable e) {
        if (!e.published()) {
          throw e;
        }
        known.forget(label);
        return new Published(label, Optional.of(e));
      }
    }
  }

  /** Tells that the work goes on without a replica. */
  void tellOutage(StoreUnavailable outage) {
    log.warn("{}", outage.getMessage());
    outages.accept(outage);
  }

  /** What the store, or those replicas of it that have to, has of an owner. */
  List<StoredArchive> stored(ArchiveOwner owner, Needed needed) {
    return listing(owner, needed).archives();
  }

  private Listing listing(ArchiveOwner owner, Needed needed) {
    Listing listing = store.list(owner);
    if (needed == Needed.ALL) {
      known.retain(owner, listing.complete());
      return listing;
    }
    if (needed == Needed.FIRST && listing.silent().stream().anyMatch(Listing.Silent::first)) {
      throw listing.silence().orElseThrow();
    }
    Set<String> now =
        listing.silent().stream().map(Listing.Silent::replica).collect(Collectors.toSet());
    // Once for each outage, not with every list.
    if (!silent.containsAll(now)) {
      listing.silence().ifPresent(this::tellOutage);
    }
    silent = now;
    known.retain(owner, listing.archives());
    return listing;
  }

  /** The replicas that did not answer when they were asked last, as they describe themselves. */
  public Set<String> silentPlaces() {
    return silent;
  }

  /**
   * A label by date may be used again on the same day, and nobody knows whether a replica that does
   * not answer has it. Then the time of day makes it one of its kind.
   */
  Label unmistakable(Label byDate, Instant now) {
    if (store.list(ArchiveOwner.of(byDate)).silent().isEmpty()) {
      return byDate;
    }
    int time = Integer.parseInt(TIME_OF_DAY.format(now));
    return Label.parse(byDate + "-" + Math.max(time, 2));
  }

  /**
   * The tenant's restore points, newest first by the instants that people see. Archives that cannot
   * be read are left out.
   */
  public List<RestorePoint> list(ArchiveOwner owner, Label.Kind kind) {
    return list(owner, kind, Needed.ANY);
  }

  /** As the other one; {@code needed} says which replicas of a mirror must answer. */
  public List<RestorePoint> list(ArchiveOwner owner, Label.Kind kind, Needed needed) {
    return find(owner, kind, needed).points().stream()
        .sorted(
            Comparator.comparing(RestorePoint::capturedAt)
                .thenComparing(RestorePoint::label)
                .reversed())
        .toList();
  }

  /** As the other one, with those that cannot be read; in no order. */
  public Found<RestorePoint> find(ArchiveOwner owner, Label.Kind kind, Needed needed) {
    return found(owner, needed, label -> label.kind() == kind, this::read);
  }

  private <P> Found<P> found(
      ArchiveOwner owner, Needed needed, Predicate<Label> which, Function<StoredArchive, P> read) {
    Listing listing = listing(owner, needed);
    return Found.of(
            listing.archives().stream().filter(a -> which.test(a.label())).toList(), store, read)
        .with(listing.unreadable().stream().filter(u -> which.test(u.label())).toList());
  }

  /** Every archive of a tenant in the store, by tenant. */
  public Map<TenantId, List<StoredArchive>> byTenant() {
    Map<TenantId, List<StoredArchive>> archives = new HashMap<>();
    for (StoredArchive archive : stored(ArchiveOwner.anyone(), Needed.ANY)) {
      archive
          .label()
          .tenant()
          .ifPresent(
              tenant -> archives.computeIfAbsent(tenant, any -> new ArrayList<>()).add(archive));
    }
    return archives;
  }

  /** Every archive of one tenant in the store. */
  public List<StoredArchive> of(TenantId tenant) {
    return stored(ArchiveOwner.tenant(tenant), Needed.ANY);
  }

  /**
   * The proven restore point among these that was captured last, and not in the future: what a
   * clock that was ahead has made is as new as it is, and nobody knows how new. Whoever asks how
   * old the newest backup is, is told of the one before it, and not that all is well for years.
   */
  public Optional<RestorePoint> newestProven(List<StoredArchive> candidates, Instant now) {
    List<StoredArchive> proven =
        candidates.stream()
            .filter(archive -> archive.label().kind() == Label.Kind.TENANT)
            .filter(archive -> archive.marks().proven())
            .toList();
    return Found.of(proven, store, this::read).points().stream()
        .filter(point -> !point.capturedAt().isAfter(now))
        .max(Comparator.comparing(RestorePoint::capturedAt).thenComparing(RestorePoint::label));
  }

  /** What the proven restore point of a tenant that was published last says of itself. */
  public Optional<ArchiveManifest> newestProvenManifest(TenantId tenant) {
    return find(ArchiveOwner.tenant(tenant), Label.Kind.TENANT, Needed.ANY).points().stream()
        .filter(RestorePoint::proven)
        .max(PublicationOrder.OF_TENANT)
        .map(point -> readHead(point.label()).manifest());
  }

  /** What the proven backup of the system that was published last says of itself. */
  public Optional<ArchiveManifest> newestProvenSystemManifest() {
    return listSystem(Needed.ANY).stream()
        .filter(SystemPoint::proven)
        .max(PublicationOrder.OF_SYSTEM)
        .map(point -> readHead(point.label()).manifest());
  }

  /** Archives that are labelled as the owner's, and do not say that they are; newest first. */
  public List<UnreadableArchive> unreadable(ArchiveOwner owner) {
    return found(owner, Needed.ANY, label -> true, this::point).unreadable();
  }

  /**
   * An archive of exactly this tenant, by its identity. Those that cannot be read are left out:
   * what is linked to was read before.
   */
  public Optional<LinkedArchive> findLinked(TenantId tenant, Predicate<ArchiveDigest> which) {
    List<BackupException> failures = new ArrayList<>();
    for (StoredArchive archive : stored(ArchiveOwner.tenant(tenant), Needed.ANY)) {
      try {
        LinkedArchive linked = linked(archive);
        if (which.test(linked.digest())) {
          return Optional.of(linked);
        }
      } catch (ArchiveCorrupt | ArchiveNotFound | ArchiveNotReadable e) {
        log.debug("{} is not what a link leads to", archive.label(), e);
      } catch (StoreUnavailable | OperationFailed e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.get(0); // it may have been that one
    }
    return Optional.empty();
  }

  private LinkedArchive linked(StoredArchive archive) {
    RestorePoint point = read(archive);
    return new LinkedArchive(
        point.label(),
        point.tenant(),
        point.digest(),
        point.capturedAt(),
        point.sizeBytes(),
        head(archive).compression());
  }

  public RestorePoint find(Label label) {
    return read(store.stat(label));
  }

  /** Says whose it is, whatever kind it is of. */
  private Object point(StoredArchive archive) {
    return archive.label().kind() == Label.Kind.SYSTEM
        ? systemPoint(archive, head(archive))
        : read(archive);
  }

  private RestorePoint read(StoredArchive archive) {
    return point(archive, head(archive));
  }

  /** The head of an archive, read once as long as it is known. */
  private KnownHead head(StoredArchive archive) {
    return known.of(archive, label -> KnownHead.of(readHead(label)));
  }

  private ArchiveHead readHead(Label label) {
    try (InputStream in = store.open(label)) {
      return reader.readHead(in);
    } catch (IOException e) {
      throw unavailable(label, e);
    }
  }

  private static StoreUnavailable unavailable(Label label, IOException e) {
    return new StoreUnavailable(
        "The archive " + label + " could not be read: " + e.getMessage(), "Try again", e);
  }

  private static RestorePoint point(StoredArchive archive, KnownHead head) {
    if (!head.tenant().equals(archive.label().tenant()) || head.tenant().isEmpty()) {
      throw new ArchiveCorrupt(
          "The archive labelled "
              + archive.label()
              + " is of tenant "
              + head.tenant().map(Object::toString).orElse("nobody"),
          "Somebody renamed it; take it in again under its own tenant");
    }
    requireRecorded(archive, head);
    return new RestorePoint(
        archive.label(),
        head.tenant().get(),
        head.capturedAt(),
        archive.sizeBytes(),
        archive.marks().proven(),
        archive.marks().pinned(),
        head.digest(),
        head.lack(),
        Sequences.of(archive, head));
  }

  /** What was proven and has another number now is another archive, copied over it. */
  private static void requireRecorded(StoredArchive archive, KnownHead head) {
    OptionalLong noted = archive.marks().sequence();
    boolean isKnown = archive.marks().proven() && noted.isPresent();
    if (isKnown && !archive.label().isByDate() && !noted.equals(head.sequence())) {
      throw new ArchiveCorrupt(
          "The archive labelled "
              + archive.label()
              + " is not the one that was proven: its record has the number "
              + noted.getAsLong()
              + ", and it says "
              + (head.sequence().isPresent() ? head.sequence().getAsLong() : "none"),
          "Somebody put another archive in its place; bring the right one back from a copy");
    }
  }

  /**
   * Reads an archive of the store into an empty folder, every byte as its manifest says. Whether
   * they are a sound database is for the source to say.
   */
  StagedTenant stage(Label label, Path folder, Progress progress) {
    RestorePoint point = find(label);
    try (InputStream in = store.open(label)) {
      StagedTenant staged = stage(in, folder, progress);
      if (!staged.manifest().tenant().equals(Optional.of(point.tenant()))) {
        throw new StoreUnavailable(
            "The archive " + label + " changed while it was read", "Try again");
      }
      return staged;
    } catch (IOException e) {
      throw unavailable(label, e);
    }
  }

  /** Reads an archive from anywhere, as {@link #stage(Label, Path, Progress)} does. */
  StagedTenant stage(InputStream in, Path folder, Progress progress) {
    ArchiveManifest manifest =
        reader
            .extract(in, folder, done -> progress.report("read", Progress.Unit.BYTES, done, 0))
            .manifest();
    if (manifest.kind() != ArchiveManifest.Kind.TENANT) {
      throw new ArchiveCorrupt(
          "This is an archive of the whole system, not of one tenant",
          "Extract the tenant from it first");
    }
    return new StagedTenant(folder, manifest);
  }

  /** Opens an archive of the store for a download. */
  public InputStream open(Label label) {
    return store.open(label);
  }

  /**
   * The backups of the whole system, newest first by the instants that people see. Archives that
   * cannot be read are left out.
   */
  public List<SystemPoint> listSystem(Needed needed) {
    return findSystem(needed).points().stream()
        .sorted(
            Comparator.comparing(SystemPoint::capturedAt)
                .thenComparing(SystemPoint::label)
                .reversed())
        .toList();
  }

  /** As the other one, with those that cannot be read; in no order. */
  public Found<SystemPoint> findSystem(Needed needed) {
    return found(
        ArchiveOwner.system(),
        needed,
        label -> true,
        archive -> systemPoint(archive, head(archive)));
  }

  public SystemPoint findSystem(Label label) {
    StoredArchive archive = store.stat(label);
    return systemPoint(archive, head(archive));
  }

  /** What a backup of the whole system says of itself. */
  public ArchiveManifest systemManifest(Label label) {
    findSystem(label);
    return readHead(label).manifest();
  }

  private static SystemPoint systemPoint(StoredArchive archive, KnownHead head) {
    if (head.kind() != ArchiveManifest.Kind.SYSTEM) {
      throw new ArchiveCorrupt(
          "The archive labelled " + archive.label() + " is not of a system",
          "Name a label that begins with system_");
    }
    requireRecorded(archive, head);
    return new SystemPoint(
        archive.label(),
        head.capturedAt(),
        archive.sizeBytes(),
        archive.marks().proven(),
        archive.marks().pinned(),
        head.digest(),
        head.lack(),
        Sequences.of(archive, head));
  }

  /** Reads a backup of the system from anywhere, as the one below does. */
  public StagedSystem stageSystem(InputStream in, Path folder, Progress progress) {
    ArchiveManifest manifest =
        reader
            .extract(in, folder, done -> progress.report("read", Progress.Unit.BYTES, done, 0))
            .manifest();
    if (manifest.kind() != ArchiveManifest.Kind.SYSTEM) {
      throw new ArchiveCorrupt(
          "This is an archive of one tenant, not of the whole system", "Verify it as such");
    }
    return new StagedSystem(folder, manifest);
  }

  /** Reads a backup of the system into an empty folder and verifies every byte of it. */
  public StagedSystem stageSystem(Label label, Path folder, Progress progress) {
    long total = systemManifest(label).bytes();
    try (InputStream in = store.open(label)) {
      ArchiveManifest manifest =
          reader
              .extract(
                  in, folder, done -> progress.report("read", Progress.Unit.BYTES, done, total))
              .manifest();
      return new StagedSystem(folder, manifest);
    } catch (IOException e) {
      throw unavailable(label, e);
    }
  }
}
