package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.ForgottenTenant;
import dev.sevenfold.backup.report.KeptOfTenant;
import dev.sevenfold.backup.source.TenantLock;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantKeeper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes all that is kept of a tenant, and looks once more at every place: what it says of absence
 * it has seen. Thread-safe.
 */
public record Forgetting(
    ArchiveCatalog archives,
    SafetyArchives safety,
    TenantSource source,
    FailureMemory failures,
    Path scratch) {

  private static final Logger log = LoggerFactory.getLogger(Forgetting.class);

  /** Pinned, and nothing else is known: as a record counts that cannot be read. */
  private static final ArchiveRecord UNKNOWN = ArchiveRecord.NONE.withPinned(true);

  /** What is kept of a tenant. Changes nothing. */
  public KeptOfTenant look(TenantId tenant, List<TenantKeeper> keepers) {
    List<String> silent = new ArrayList<>();
    List<String> things = new ArrayList<>();
    for (ArchiveStore place : places()) {
      things.addAll(ask(place.describe(), silent, () -> place.kept(ArchiveOwner.tenant(tenant))));
    }
    for (TenantKeeper keeper : keepers) {
      things.addAll(ask(keeper.describe(), silent, () -> keeper.kept(tenant)));
    }
    failures
        .last(Optional.of(tenant))
        .ifPresent(failure -> things.add("the last failed backup, in this process"));
    List<String> holds = ask(archives.store().describe(), silent, () -> holds(tenant));
    return new KeptOfTenant(tenant, things, silent, holds, stays(tenant, keepers));
  }

  /**
   * Removes it, under the lock of the tenant.
   *
   * @throws RestoreRefused if anything of it is held; nothing was removed
   */
  public ForgottenTenant run(TenantId tenant, List<TenantKeeper> keepers) {
    ArchiveOwner owner = ArchiveOwner.tenant(tenant);
    try (TenantLock lock = safety.lock(tenant);
        Scratch swept = Scratch.in(scratch)) { // which removes what killed processes have left
      // A hold may be known to the one replica that does not answer.
      archives.listing(owner, ArchiveCatalog.Needed.ALL);
      // Not as it is reported: who does not answer here may know of one, too.
      requireNoHold(tenant, holds(tenant));
      KeptOfTenant before = look(tenant, keepers);
      List<String> silent = new ArrayList<>();
      // Schedules first, so that nothing new is begun.
      for (TenantKeeper keeper : keepers) {
        attempt(keeper.describe(), silent, () -> keeper.forget(tenant));
      }
      attempt(archives.store().describe(), silent, () -> archives.store().forget(owner));
      failures.forget(tenant);
      lock.interrupted().filter(it -> it.tenant().equals(tenant)).ifPresent(lock::settled);
      KeptOfTenant after = look(tenant, keepers);
      silent.addAll(after.silent());
      return new ForgottenTenant(
          before.things().stream().filter(thing -> !after.things().contains(thing)).toList(),
          new KeptOfTenant(
              tenant,
              after.things(),
              silent.stream().distinct().toList(),
              after.holds(),
              after.stays()));
    }
  }

  private static void requireNoHold(TenantId tenant, List<String> holds) {
    if (!holds.isEmpty()) {
      throw new RestoreRefused(
          "Not everything of tenant %s may be deleted, and nothing was".formatted(tenant),
          holds,
          "Release what is held, once its reason is gone, and put right what is another's");
    }
  }

  private List<ArchiveStore> places() {
    return archives.store() instanceof MirroredArchiveStore mirror
        ? mirror.replicas()
        : List.of(archives.store());
  }

  private static List<String> ask(
      String place, List<String> silent, Supplier<List<String>> question) {
    List<String> answer = new ArrayList<>();
    attempt(place, silent, () -> answer.addAll(question.get()));
    return answer;
  }

  /** One place that fails keeps no other from its turn; the report says so. */
  private static void attempt(String place, List<String> silent, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      log.warn("{} does not answer for a tenant to be forgotten", place, Printable.failure(e));
      // The message of any other exception may hold a secret; the log is the host's to guard.
      String why = e instanceof BackupException known ? known.what() : e.getClass().getName();
      silent.add(place + ": " + why);
    }
  }

  /** What stands in the way: holds, and archives whose labels say another owner than they do. */
  private List<String> holds(TenantId tenant) {
    ArchiveOwner owner = ArchiveOwner.tenant(tenant);
    List<String> holds = new ArrayList<>();
    Listing listing = archives.store().list(owner);
    listing.archives().forEach(each -> hold(each.label(), each.record()).ifPresent(holds::add));
    listing.unreadable().forEach(each -> hold(each.label(), each.record()).ifPresent(holds::add));
    for (StoredArchive archive : listing.archives()) {
      ownerOf(archive)
          .filter(other -> !other.equals(owner))
          .ifPresent(other -> holds.add(archive.label() + ": it is " + whose(other)));
    }
    for (StoredArchive archive : archives.store().list(ArchiveOwner.anyone()).archives()) {
      Optional<ArchiveOwner> recorded =
          archive.record().summary().map(ArchiveRecord.Summary::owner);
      if (!owner.owns(archive.label()) && recorded.filter(owner::equals).isPresent()) {
        holds.add(archive.label() + ": it is " + whose(owner) + ", under another's label");
      }
    }
    return holds;
  }

  private static Optional<String> hold(Label label, ArchiveRecord record) {
    if (record.equals(UNKNOWN)) {
      return Optional.of(
          label
              + ": nothing is known but that it is pinned, and it may be held; release or delete it");
    }
    return record.hold().map(reason -> label + ": it is held: " + reason);
  }

  private static String whose(ArchiveOwner owner) {
    return owner.tenant().map(id -> "of tenant " + id).orElse("of the whole system");
  }

  /** What a label says nobody trusts; what is damaged is whose its label says. */
  private Optional<ArchiveOwner> ownerOf(StoredArchive archive) {
    Optional<ArchiveRecord.Summary> known = archive.record().summary();
    if (known.isPresent()) {
      return Optional.of(known.get().owner());
    }
    try (InputStream in = archives.store().open(archive.label())) {
      return Optional.of(ArchiveRecord.Summary.of(archives.reader().readHead(in)).owner());
    } catch (BackupException | IOException e) {
      log.debug("{} does not say whose it is", archive.label(), Printable.failure(e));
      return Optional.empty();
    }
  }

  private List<String> stays(TenantId tenant, List<TenantKeeper> keepers) {
    List<String> unsaid = new ArrayList<>();
    List<String> stays = new ArrayList<>();
    stays.addAll(
        ask(
            source.describe(),
            unsaid,
            () ->
                source.missing(tenant).isPresent()
                    ? List.of()
                    : List.of(
                        "the rows and files of the tenant in %s: the application deletes those"
                            .formatted(source.describe()))));
    stays.addAll(ask(archives.store().describe(), unsaid, this::systemBackups));
    keepers.forEach(
        keeper -> stays.addAll(ask(keeper.describe(), unsaid, () -> keeper.stays(tenant))));
    stays.addAll(unsaid);
    stays.add("copies that were downloaded, mailed, or kept elsewhere");
    return stays;
  }

  private List<String> systemBackups() {
    List<StoredArchive> all = archives.store().list(ArchiveOwner.system()).archives();
    if (all.isEmpty()) {
      return List.of();
    }
    long pinned = all.stream().filter(archive -> archive.record().pinned()).count();
    Instant last =
        all.stream().map(each -> each.label().stampedAt()).max(Instant::compareTo).orElseThrow();
    return List.of(
        ("%d backups of the whole system, the last of %s, with the tenant's rows as of then: retention"
                + " ends them as newer ones come, at no date that is known now%s")
            .formatted(
                all.size(), last, pinned == 0 ? "" : "; " + pinned + " are pinned, and end never"));
  }
}
