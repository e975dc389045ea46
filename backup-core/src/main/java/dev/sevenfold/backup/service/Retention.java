package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.Printable;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.UnreadableArchive;
import dev.sevenfold.backup.retention.RetainableArchive;
import dev.sevenfold.backup.retention.RetentionPlan;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prunes archives that no policy keeps: by one policy for a store, or by one for each replica of a
 * mirror, seven archives here, thirty there. Each replica is decided on by what it has itself, so
 * the newest verified archive of each replica stays in it. Thread-safe.
 */
public final class Retention {

  private static final Logger log = LoggerFactory.getLogger(Retention.class);

  /** Where one policy decides. */
  private record Part(ArchiveCatalog archives, RetentionPolicy policy) {}

  /** What a part has, of one list: all that is decided goes by that. */
  private record Look(Part part, Found found) {

    Stream<Label> labels() {
      return Stream.concat(
          found.points().stream().map(RestorePoint::label),
          found.unreadable().stream().map(UnreadableArchive::label));
    }

    Stream<Label> pinned() {
      return Stream.concat(
          found.points().stream().filter(RestorePoint::pinned).map(RestorePoint::label),
          found.unreadable().stream()
              .filter(UnreadableArchive::pinned)
              .map(UnreadableArchive::label));
    }
  }

  private final Part whole;
  private final List<Part> parts;
  private final Clock clock;

  private Retention(Part whole, List<Part> parts, Clock clock) {
    this.whole = whole;
    this.parts = List.copyOf(parts);
    this.clock = clock;
  }

  /**
   * Retention for the store of {@code archives}.
   *
   * @param own the policies of those replicas that do not follow {@code policy}
   * @throws IllegalArgumentException if {@code own} names a store that is not a replica of a mirror
   */
  public static Retention of(
      ArchiveCatalog archives,
      RetentionPolicy policy,
      Map<ArchiveStore, RetentionPolicy> own,
      Clock clock) {
    Part whole = new Part(archives, policy);
    if (own.isEmpty()) {
      return new Retention(whole, List.of(whole), clock);
    }
    if (!(archives.store() instanceof MirroredArchiveStore mirror)) {
      throw new IllegalArgumentException(
          "There is a retention policy for a replica, and %s is no mirror"
              .formatted(archives.store().describe()));
    }
    for (ArchiveStore store : own.keySet()) {
      if (mirror.replicas().stream().noneMatch(replica -> replica == store)) {
        throw new IllegalArgumentException(
            "There is a retention policy for %s, which is not a replica of %s"
                .formatted(store.describe(), mirror.describe()));
      }
    }
    return new Retention(
        whole,
        mirror.replicas().stream()
            .map(replica -> new Part(archives.of(replica), own.getOrDefault(replica, policy)))
            .toList(),
        clock);
  }

  /** What would be pruned, and why; replicas that have a policy of their own are not asked. */
  public RetentionPlan plan(ArchiveOwner owner) {
    List<RestorePoint> points = look(whole, owner).found().points();
    return plan(whole, points.stream().map(Retention::retainable).toList(), Set.of());
  }

  private RetentionPlan plan(Part part, List<RetainableArchive> archives, Set<Label> pinned) {
    return part.policy()
        .plan(
            archives.stream()
                .map(archive -> pinned.contains(archive.label()) ? archive.asPinned() : archive)
                .toList(),
            clock.instant());
  }

  private static RetainableArchive retainable(RestorePoint point) {
    return new RetainableArchive(
        point.label(),
        point.tenant(),
        point.capturedAt(),
        point.isSafety() ? Purpose.SAFETY : Purpose.BACKUP,
        point.verified(),
        point.pinned(),
        point.lack(),
        point.sequence());
  }

  /**
   * Deletes what is not kept of one owner, replica by replica; one that fails keeps no other from
   * its turn. What any replica says is pinned stays in all: one may have missed the pin while it
   * did not answer. So while one does not answer, nothing is deleted anywhere.
   *
   * @return those that are nowhere any more
   * @throws StoreUnavailable if a replica did not answer
   */
  public List<RestorePoint> apply(ArchiveOwner owner) {
    if (parts.size() == 1) {
      return prune(look(whole, owner), Set.of());
    }
    List<Look> looks = looks(owner);
    Set<Label> pinned = pinned(looks);
    Set<Label> left = new HashSet<>();
    Map<Label, RestorePoint> gone = new TreeMap<>();
    @Nullable BackupException failure = null;
    for (Look look : looks) {
      try {
        Map<Label, RestorePoint> pruned =
            prune(look, pinned).stream()
                .collect(Collectors.toMap(RestorePoint::label, Function.identity()));
        gone.putAll(pruned);
        look.labels().filter(label -> !pruned.containsKey(label)).forEach(left::add);
      } catch (BackupException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    left.forEach(gone::remove);
    return List.copyOf(gone.values());
  }

  /**
   * As {@link #apply}, after a backup that is verified: what could not be deleted is no failure of
   * that one, and is told.
   */
  public List<RestorePoint> applyAfter(RestorePoint backup, Consumer<String> warnings) {
    try {
      return apply(backup.owner());
    } catch (StoreUnavailable e) {
      log.info("Older archives were not pruned", Printable.failure(e));
      warnings.accept("older archives were not pruned: " + e.what());
      return List.of();
    }
  }

  /**
   * Deletes now what will go once the archive is there that the store has no room for; never the
   * newest verified one. Where nothing is verified, nothing goes.
   *
   * @return whether anything went
   */
  public boolean makeRoom(ArchiveOwner owner) {
    List<Look> looks = looks(owner);
    Set<Label> pinned = pinned(looks);
    boolean room = false;
    for (Look look : looks) {
      List<RestorePoint> points = look.found().points();
      Optional<RestorePoint> newest = newestVerified(points);
      if (newest.isPresent()) {
        List<RetainableArchive> all =
            new ArrayList<>(points.stream().map(Retention::retainable).toList());
        all.add(following(newest.get(), all));
        RetentionPlan plan = plan(look.part(), all, pinned);
        room |= !delete(look, plan, newest.get().label()).isEmpty();
      }
    }
    return room;
  }

  /**
   * Deletes an archive by hand, in all replicas. What any of them says is held is held: so while
   * one does not answer, nothing is deleted.
   *
   * @throws RestoreRefused if it is held, or the newest verified one
   */
  public void delete(Label label) {
    ArchiveStore store = whole.archives().store();
    Found found = look(whole, ArchiveOwner.of(label)).found();
    Optional<String> hold = store.stat(label).record().hold();
    if (hold.isPresent()) {
      throw new RestoreRefused(
          "%s is held, and stays: %s".formatted(label, hold.get()),
          List.of(),
          "Release it first, if the reason is gone");
    }
    List<RestorePoint> points = found.points();
    if (newestVerified(points).filter(p -> p.label().equals(label)).isPresent()) {
      throw new RestoreRefused(
          "%s is the newest verified backup of its owner, and stays".formatted(label),
          List.of(),
          "Make another backup first, or verify a newer one");
    }
    store.delete(label);
  }

  /** The backup that a deletion by hand or by need leaves alone: the verified one of the last. */
  private static Optional<RestorePoint> newestVerified(List<RestorePoint> points) {
    return points.stream()
        .filter(point -> point.verified() && !point.isSafety())
        .max(RestorePoint.byPublication());
  }

  private RetainableArchive following(RestorePoint newest, List<RetainableArchive> all) {
    long last = all.stream().mapToLong(archive -> archive.sequence().orElse(0)).max().orElse(0);
    return new RetainableArchive(
        newest.label().next(),
        newest.tenant(),
        clock.instant(),
        Purpose.BACKUP,
        true,
        false,
        newest.lack(),
        OptionalLong.of(last + 1));
  }

  private List<Look> looks(ArchiveOwner owner) {
    return parts.stream().map(part -> look(part, owner)).toList();
  }

  private static Look look(Part part, ArchiveOwner owner) {
    return new Look(part, part.archives().find(owner, ArchiveCatalog.Needed.ALL, label -> true));
  }

  /** The labels that any of them says are pinned, readable or not. */
  private static Set<Label> pinned(List<Look> looks) {
    return looks.stream().flatMap(Look::pinned).collect(Collectors.toSet());
  }

  private List<RestorePoint> prune(Look look, Set<Label> pinned) {
    List<RetainableArchive> all =
        look.found().points().stream().map(Retention::retainable).toList();
    return delete(look, plan(look.part(), all, pinned), null);
  }

  private static List<RestorePoint> delete(Look look, RetentionPlan plan, @Nullable Label spared) {
    Map<Label, RestorePoint> byLabel =
        look.found().points().stream()
            .collect(Collectors.toMap(RestorePoint::label, Function.identity()));
    List<RestorePoint> deleted = new ArrayList<>();
    for (RetentionPlan.Decision decision : plan.decisions()) {
      Label label = decision.archive().label();
      RestorePoint point = byLabel.get(label);
      if (decision.action() == RetentionPlan.Action.DELETE
          && point != null
          && !label.equals(spared)) {
        look.part().archives().store().delete(label);
        log.info("Deleted {}: {}", label, decision.reason());
        deleted.add(point);
      }
    }
    return deleted;
  }
}
