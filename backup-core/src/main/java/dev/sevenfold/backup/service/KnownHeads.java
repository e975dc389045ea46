package dev.sevenfold.backup.service;

import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The heads of archives that were read before: an archive never changes, so neither does its head.
 * Those go that the store does not list any more, and if there are too many, those of the owner
 * that was the first to have any. Thread-safe.
 */
final class KnownHeads {

  /** Some 25 MB; a host of 1,000 tenants has 10,000 to 40,000 archives. */
  private static final int MOST = 50_000;

  private record Known(long sizeBytes, KnownHead head) {

    /**
     * Whether it is not of another archive that had the label before, by this process or another.
     */
    private boolean isOf(StoredArchive archive) {
      OptionalLong noted = archive.record().sequence();
      return sizeBytes == archive.sizeBytes()
          && (noted.isEmpty() || archive.label().isByDate() || noted.equals(head.sequence()));
    }
  }

  // By owner, the system as nobody: a list of one tenant looks at that tenant's alone.
  private final Map<Optional<TenantId>, Map<Label, Known>> byOwner = new LinkedHashMap<>();
  private int size;

  /** The head of an archive, by {@code read} if it is not known. */
  KnownHead of(StoredArchive archive, Function<Label, KnownHead> read) {
    Optional<KnownHead> before = find(archive);
    if (before.isPresent()) {
      return before.get();
    }
    KnownHead head = read.apply(archive.label());
    put(archive, head);
    return head;
  }

  /** Keeps what was just read. */
  void put(StoredArchive archive, KnownHead head) {
    // Labels by date may be used again on the same day, after a deletion elsewhere.
    if (!archive.record().pinned()) {
      keep(archive, head);
    }
  }

  private synchronized Optional<KnownHead> find(StoredArchive archive) {
    return Optional.ofNullable(
            byOwner.getOrDefault(archive.label().tenant(), Map.of()).get(archive.label()))
        .filter(known -> known.isOf(archive))
        .map(Known::head);
  }

  /** Forgets an archive: its label is given to another one. */
  synchronized void forget(Label label) {
    Map<Label, Known> ofOwner = byOwner.getOrDefault(label.tenant(), Map.of());
    if (ofOwner.containsKey(label)) {
      ofOwner.remove(label);
      size--;
    }
  }

  private synchronized void keep(StoredArchive archive, KnownHead head) {
    if (size >= MOST) {
      forget(byOwner.keySet().iterator().next());
    }
    Map<Label, Known> ofOwner =
        byOwner.computeIfAbsent(archive.label().tenant(), any -> new HashMap<>());
    if (ofOwner.put(archive.label(), new Known(archive.sizeBytes(), head)) == null) {
      size++;
    }
  }

  private void forget(Optional<TenantId> owner) {
    Map<Label, Known> gone = byOwner.remove(owner);
    size -= gone == null ? 0 : gone.size();
  }

  /** Forgets what the owner has no more, now that this is all it has. */
  synchronized void retain(ArchiveOwner owner, List<StoredArchive> listed) {
    Set<Label> there = listed.stream().map(StoredArchive::label).collect(Collectors.toSet());
    List<Optional<TenantId>> owners =
        owner instanceof ArchiveOwner.OfTenant tenant
            ? List.of(Optional.of(tenant.id()))
            : List.copyOf(byOwner.keySet());
    for (Optional<TenantId> each : owners) {
      Map<Label, Known> ofOwner = byOwner.getOrDefault(each, Map.of());
      int before = ofOwner.size();
      ofOwner.keySet().removeIf(label -> owner.owns(label) && !there.contains(label));
      size -= before - ofOwner.size();
      if (ofOwner.isEmpty()) {
        byOwner.remove(each);
      }
    }
  }

  /** How many are known. */
  synchronized int size() {
    return size;
  }
}
