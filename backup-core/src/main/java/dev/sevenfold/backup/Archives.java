package dev.sevenfold.backup;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.ArchiveHead;
import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.archive.ArchiveWriter;
import dev.sevenfold.backup.archive.EntryContents;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.link.LinkedArchive;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.StagedSystem;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.store.ArchiveCopy;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.store.ReachableArchives;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archives of a store, known by what they say of themselves: a label only finds them.
 * Thread-safe.
 */
final class Archives {

  private static final Logger log = LoggerFactory.getLogger(BackupService.class);

  /**
   * Heads of archives that were read before. An archive never changes, so neither does its head.
   */
  private record Known(Label label, long sizeBytes) {}

  /** Which places of a mirror must answer, for a list to be of use. */
  enum Needed {
    /** Every one: to delete by the list. */
    ALL,
    /** The first one: what restores replaced is there, or nowhere. */
    FIRST,
    /** Any one: to see what can be restored. Those that do not answer are told of. */
    ANY
  }

  private static final int MOST_KNOWN = 100_000;

  private static final DateTimeFormatter TIME_OF_DAY =
      DateTimeFormatter.ofPattern("HHmmss").withZone(ZoneOffset.UTC);

  private final ArchiveStore store;
  private final ArchiveReader reader;
  private final ArchiveWriter writer;
  private final Map<Known, ArchiveHead> known = new ConcurrentHashMap<>();

  private final Consumer<StoreUnavailable> outages;

  /** The places that did not answer when they were asked last. */
  private volatile Set<String> silent = Set.of();

  Archives(ArchiveStore store, ArchiveReader reader, ArchiveWriter writer) {
    this(store, reader, writer, outage -> {});
  }

  /**
   * @param outages is told when a place of a mirror does not answer and the work goes on
   */
  Archives(
      ArchiveStore store,
      ArchiveReader reader,
      ArchiveWriter writer,
      Consumer<StoreUnavailable> outages) {
    this.store = store;
    this.reader = reader;
    this.writer = writer;
    this.outages = outages;
  }

  ArchiveStore store() {
    return store;
  }

  /** Publishes under the first label of {@code wanted}, {@code wanted-2}, … that is free. */
  Published publish(
      Label wanted, ArchiveManifest manifest, EntryContents contents, LongConsumer progress) {
    return publish(wanted, out -> writer.write(manifest, contents, out, progress));
  }

  /** Publishes bytes that are an archive already. */
  Published publish(Label wanted, ArchiveStore.Content content) {
    Label label = wanted;
    while (true) {
      try {
        store.publish(label, content);
        return new Published(label, Optional.empty());
      } catch (LabelTaken e) {
        // Another backup of this second. Numbers are bounded by the label itself.
        label = label.next();
      } catch (StoreUnavailable e) {
        if (!isKept(label)) {
          throw e;
        }
        return new Published(label, Optional.of(e));
      }
    }
  }

  /** Whether a mirror that failed to publish has the archive in its first place. */
  private boolean isKept(Label label) {
    if (!(store instanceof MirroredArchiveStore mirror)) {
      return false;
    }
    try {
      return mirror.places().get(0).stat(label).label().equals(label);
    } catch (ArchiveNotFound | StoreUnavailable e) {
      log.debug("{} is not kept in the first place", label, e);
      return false;
    }
  }

  /** Tells that the work goes on without a place. */
  void tellOutage(StoreUnavailable outage) {
    log.warn("{}", outage.getMessage());
    outages.accept(outage);
  }

  /** What the store, or those places of it that have to, has of an owner. */
  List<StoredArchive> stored(ArchiveOwner owner, Needed needed) {
    if (needed == Needed.ALL || !(store instanceof MirroredArchiveStore mirror)) {
      return store.list(owner);
    }
    ReachableArchives reachable = mirror.listReachable(owner);
    if (needed == Needed.FIRST && reachable.silentPlaces().contains(mirror.places().get(0))) {
      throw reachable.silence().orElseThrow();
    }
    Set<String> now =
        reachable.silentPlaces().stream().map(ArchiveStore::describe).collect(Collectors.toSet());
    // Once for each outage, not with every list.
    if (!silent.containsAll(now)) {
      reachable.silence().ifPresent(this::tellOutage);
    }
    silent = now;
    return reachable.archives();
  }

  /** The places that did not answer when they were asked last, as they describe themselves. */
  Set<String> silentPlaces() {
    return silent;
  }

  /**
   * A label by date may be used again on the same day, and nobody knows whether a place that does
   * not answer has it. Then the time of day makes it one of its kind.
   */
  Label unmistakable(Label byDate, Instant now) {
    if (!(store instanceof MirroredArchiveStore mirror)
        || mirror.copies(byDate).stream()
            .noneMatch(copy -> copy.state() == ArchiveCopy.State.UNREACHABLE)) {
      return byDate;
    }
    int time = Integer.parseInt(TIME_OF_DAY.format(now));
    return Label.parse(byDate + "-" + Math.max(time, 2));
  }

  /** The tenant's restore points, newest first. Archives that cannot be read are left out. */
  List<RestorePoint> list(ArchiveOwner owner, Label.Kind kind) {
    return list(owner, kind, Needed.ANY);
  }

  /** As the other one; {@code needed} says which places of a mirror must answer. */
  List<RestorePoint> list(ArchiveOwner owner, Label.Kind kind, Needed needed) {
    List<RestorePoint> points = new ArrayList<>();
    for (StoredArchive archive : stored(owner, needed)) {
      if (archive.label().kind() == kind) {
        tryRead(archive).ifPresent(points::add);
      }
    }
    points.sort(
        Comparator.comparing(RestorePoint::capturedAt)
            .thenComparing(RestorePoint::label)
            .reversed());
    return points;
  }

  /** Every archive of a tenant in the store, by tenant. */
  Map<TenantId, List<StoredArchive>> byTenant() {
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
  List<StoredArchive> of(TenantId tenant) {
    return stored(ArchiveOwner.tenant(tenant), Needed.ANY);
  }

  /** The proven restore point among these that was captured last, and not in the future. */
  Optional<RestorePoint> newestProven(List<StoredArchive> candidates, Instant now) {
    return candidates.stream()
        .filter(archive -> archive.label().kind() == Label.Kind.TENANT)
        .filter(archive -> archive.marks().proven())
        .flatMap(archive -> tryRead(archive).stream())
        .filter(point -> !point.capturedAt().isAfter(now))
        .max(Comparator.comparing(RestorePoint::capturedAt).thenComparing(RestorePoint::label));
  }

  /** Archives that are labelled as the owner's, and do not say whose they are; newest first. */
  List<UnreadableArchive> unreadable(ArchiveOwner owner) {
    List<UnreadableArchive> unreadable = new ArrayList<>();
    for (StoredArchive archive : stored(owner, Needed.ANY)) {
      try {
        head(archive);
      } catch (ArchiveCorrupt | ArchiveNotReadable e) {
        unreadable.add(
            new UnreadableArchive(
                archive.label(), archive.sizeBytes(), archive.marks().pinned(), e.what()));
      }
    }
    unreadable.sort(Comparator.comparing(UnreadableArchive::label).reversed());
    return unreadable;
  }

  private Optional<RestorePoint> tryRead(StoredArchive archive) {
    try {
      return Optional.of(read(archive));
    } catch (ArchiveCorrupt | ArchiveNotReadable e) {
      log.warn("The archive {} is left out of the list: {}", archive.label(), e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * An archive of exactly this tenant, by its identity. Those that cannot be read are left out:
   * what is linked to was read before.
   */
  Optional<LinkedArchive> findLinked(TenantId tenant, Predicate<ArchiveDigest> which) {
    for (StoredArchive archive : stored(ArchiveOwner.tenant(tenant), Needed.ANY)) {
      Optional<LinkedArchive> linked =
          tryRead(archive)
              .filter(point -> which.test(point.digest()))
              .map(
                  point ->
                      new LinkedArchive(
                          point.label(),
                          point.tenant(),
                          point.digest(),
                          point.capturedAt(),
                          point.sizeBytes(),
                          head(archive).compression()));
      if (linked.isPresent()) {
        return linked;
      }
    }
    return Optional.empty();
  }

  RestorePoint find(Label label) {
    return read(store.stat(label));
  }

  private RestorePoint read(StoredArchive archive) {
    return point(archive, head(archive));
  }

  /** The head of an archive, read once as long as it is known. */
  private ArchiveHead head(StoredArchive archive) {
    Known key = new Known(archive.label(), archive.sizeBytes());
    ArchiveHead head = known.get(key);
    if (head == null) {
      head = readHead(archive.label());
      if (known.size() >= MOST_KNOWN) {
        known.clear();
      }
      // Labels by date may be used again on the same day, after a deletion elsewhere.
      if (!archive.marks().pinned()) {
        known.put(key, head);
      }
    }
    return head;
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

  private static RestorePoint point(StoredArchive archive, ArchiveHead head) {
    if (!head.manifest().tenant().equals(archive.label().tenant())
        || head.manifest().tenant().isEmpty()) {
      throw new ArchiveCorrupt(
          "The archive labelled "
              + archive.label()
              + " is of tenant "
              + head.manifest().tenant().map(Object::toString).orElse("nobody"),
          "Somebody renamed it; take it in again under its own tenant");
    }
    return new RestorePoint(
        archive.label(),
        head.manifest().tenant().get(),
        head.manifest().capturedAt(),
        archive.sizeBytes(),
        archive.marks().proven(),
        archive.marks().pinned(),
        head.digest());
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
  InputStream open(Label label) {
    return store.open(label);
  }

  /** The backups of the whole system, newest first. Archives that cannot be read are left out. */
  List<SystemPoint> listSystem(Needed needed) {
    List<SystemPoint> points = new ArrayList<>();
    for (StoredArchive archive : stored(ArchiveOwner.system(), needed)) {
      try {
        points.add(systemPoint(archive, head(archive)));
      } catch (ArchiveCorrupt | ArchiveNotReadable e) {
        log.warn("The archive {} is left out of the list: {}", archive.label(), e.getMessage());
      }
    }
    points.sort(
        Comparator.comparing(SystemPoint::capturedAt).thenComparing(SystemPoint::label).reversed());
    return points;
  }

  SystemPoint findSystem(Label label) {
    StoredArchive archive = store.stat(label);
    return systemPoint(archive, head(archive));
  }

  /** What a backup of the whole system says of itself. */
  ArchiveManifest systemManifest(Label label) {
    findSystem(label);
    return head(store.stat(label)).manifest();
  }

  private static SystemPoint systemPoint(StoredArchive archive, ArchiveHead head) {
    if (head.manifest().kind() != ArchiveManifest.Kind.SYSTEM) {
      throw new ArchiveCorrupt(
          "The archive labelled " + archive.label() + " is not of a system",
          "Name a label that begins with system_");
    }
    return new SystemPoint(
        archive.label(),
        head.manifest().capturedAt(),
        archive.sizeBytes(),
        archive.marks().proven(),
        archive.marks().pinned(),
        head.digest());
  }

  /** Reads a backup of the system from anywhere, as the one below does. */
  StagedSystem stageSystem(InputStream in, Path folder, Progress progress) {
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
  StagedSystem stageSystem(Label label, Path folder, Progress progress) {
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
