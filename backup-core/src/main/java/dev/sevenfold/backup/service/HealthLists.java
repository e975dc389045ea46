package dev.sevenfold.backup.service;

import dev.sevenfold.backup.report.BackupStatus.Failure;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the stores have, of one look at each, and what did not answer. Immutable. */
public final class HealthLists {

  private static final Listing NOTHING = Listing.of(List.of());

  private final Listing all;
  private final Map<ArchiveOwner, List<StoredArchive>> archives;
  private final Listing system;

  private HealthLists(Listing all, Optional<ArchiveCatalog> elsewhere) {
    this.all = all;
    archives = all.byOwner();
    system =
        elsewhere
            .map(catalog -> list(catalog, ArchiveOwner.system()))
            .orElseGet(() -> of(ArchiveOwner.system()));
  }

  /**
   * Asks the stores.
   *
   * @param tenants where archives of tenants are; empty if nothing is known of tenants
   * @param system where those of the system are, which may be the same store; empty for nowhere
   */
  public static HealthLists of(Optional<ArchiveCatalog> tenants, Optional<ArchiveCatalog> system) {
    Listing all = tenants.map(catalog -> list(catalog, ArchiveOwner.anyone())).orElse(NOTHING);
    Optional<ArchiveStore> listed = tenants.map(ArchiveCatalog::store);
    return new HealthLists(
        all, system.filter(catalog -> listed.filter(catalog.store()::equals).isEmpty()));
  }

  /** What a store knows of one owner. */
  public static Listing list(ArchiveCatalog catalog, ArchiveOwner owner) {
    return catalog.listing(owner, ArchiveCatalog.Needed.ANY);
  }

  /** What is known of a tenant. */
  public Listing of(TenantId tenant) {
    return of(ArchiveOwner.tenant(tenant));
  }

  private Listing of(ArchiveOwner owner) {
    return all.withArchives(archives.getOrDefault(owner, List.of()));
  }

  /** What is known of the system. */
  public Listing ofSystem() {
    return system;
  }

  /** What did not answer, by name. */
  public List<String> silent() {
    return Stream.of(all, system)
        .flatMap(listing -> listing.silent().stream().map(Listing.Silent::replica))
        .distinct()
        .sorted()
        .toList();
  }

  /** Why nothing is known of an owner's archives; empty if it has some, or surely has none. */
  public static Optional<Failure> silence(ArchiveOwner owner, Listing listing, Instant now) {
    return listing.silent().stream()
        .filter(each -> listing.archives().isEmpty() && each.mayHave(owner))
        .findFirst()
        .map(each -> new Failure(now, each.why().what(), each.why().advice()));
  }
}
