package dev.sevenfold.backup;

import dev.sevenfold.backup.archive.ArchiveLimits;
import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.archive.ArchiveWriter;
import dev.sevenfold.backup.archive.Compression;
import dev.sevenfold.backup.archive.SigningKeys;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.service.ArchiveCatalog;
import dev.sevenfold.backup.service.Listeners;
import dev.sevenfold.backup.service.Retention;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What backups of tenants and backups of the system are both set up with: where the archives are,
 * how they are named, written and read, and which of them stay. Use from one thread.
 *
 * @param <B> the builder, for its calls to be chained
 */
public abstract sealed class ServiceBuilder<B extends ServiceBuilder<B>>
    permits BackupCatalog.Builder, BackupService.Builder, SystemBackups.Builder {

  private final ArchiveStore store;
  private final List<BackupListener> listeners = new ArrayList<>();
  private RetentionPolicy retention;
  private final Map<ArchiveStore, RetentionPolicy> replicaRetention = new LinkedHashMap<>();
  private TenantLabeler labeler = TenantLabeler.utc();
  private Clock clock = Clock.systemUTC();
  private Compression compression = Compression.GZIP;
  private ArchiveLimits limits = ArchiveLimits.DEFAULT;
  private Optional<SigningKeys> keys = Optional.empty();
  private boolean signedOnly;
  private Path scratch = Path.of(System.getProperty("java.io.tmpdir"));

  ServiceBuilder(ArchiveStore store, RetentionPolicy retention) {
    this.store = Objects.requireNonNull(store, "store");
    this.retention = retention;
  }

  abstract B self();

  /**
   * Which archives stay. Default for a tenant: the last 7. Default for the system: the last 7, and
   * the last of each of 7 days, 4 weeks and 12 months, in UTC.
   */
  public B retention(RetentionPolicy policy) {
    this.retention = Objects.requireNonNull(policy, "policy");
    return self();
  }

  /**
   * Which archives stay in one replica of a mirror; the others follow the policy of the store.
   *
   * @param replica one of the mirror's {@code replicas()}
   */
  public B retention(ArchiveStore replica, RetentionPolicy policy) {
    replicaRetention.put(
        Objects.requireNonNull(replica, "replica"), Objects.requireNonNull(policy, "policy"));
    return self();
  }

  /** What names archives. Default: {@link TenantLabeler#utc()}. */
  public B labeler(TenantLabeler value) {
    this.labeler = Objects.requireNonNull(value, "labeler");
    return self();
  }

  /** What tells the time. Default: the system's clock. */
  public B clock(Clock value) {
    this.clock = Objects.requireNonNull(value, "clock");
    return self();
  }

  /** How archives are compressed. Default: gzip, which everybody can read. */
  public B compression(Compression value) {
    this.compression = Objects.requireNonNull(value, "compression");
    return self();
  }

  /** How large an archive may be that is read. */
  public B limits(ArchiveLimits value) {
    this.limits = Objects.requireNonNull(value, "limits");
    return self();
  }

  /** Signs archives, and refuses those that nobody with these keys has signed. Default: neither. */
  public B signing(SigningKeys value) {
    this.keys = Optional.of(value);
    this.signedOnly = true;
    return self();
  }

  /**
   * Signs archives, and recognises by that those which come back from outside; whatever the store
   * has is read, signed with these keys, with others, or not at all. For keys that came after the
   * archives, and where archives of others are restored too. Takes the place of {@link #signing}.
   */
  public B recognising(SigningKeys value) {
    this.keys = Optional.of(value);
    this.signedOnly = false;
    return self();
  }

  /** Where to unpack and compare. Default: the system's temporary folder. */
  public B scratch(Path folder) {
    this.scratch = Objects.requireNonNull(folder, "folder");
    return self();
  }

  /** Tells {@code listener} what happens. May be called for several. */
  public B listener(BackupListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return self();
  }

  /** Opens the archives; the listeners hear of replicas of a mirror that do not answer. */
  ArchiveCatalog openArchives(Listeners told) {
    ArchiveReader reader = ArchiveReader.withDefaults().limitedTo(limits);
    ArchiveWriter writer = ArchiveWriter.withDefaults().compressing(compression);
    return new ArchiveCatalog(
        store,
        keys.map(signedOnly ? reader::requiring : reader::recognising).orElse(reader),
        keys.map(writer::signing).orElse(writer),
        outage -> told.tell(listener -> listener.replicaUnavailable(outage)));
  }

  /**
   * What prunes archives that are not to stay.
   *
   * @throws IllegalArgumentException if a replica has a policy that is not one of the store's
   */
  Retention retentionOf(ArchiveCatalog archives) {
    return Retention.of(archives, retention, replicaRetention, clock);
  }

  TenantLabeler labeler() {
    return labeler;
  }

  Clock clock() {
    return clock;
  }

  List<BackupListener> listeners() {
    return List.copyOf(listeners);
  }

  List<OwnPlace> storePlaces() {
    return store.ownPlaces();
  }

  Path scratch() {
    return scratch;
  }
}
