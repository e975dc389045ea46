package dev.sevenfold.backup.store;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.io.SameBytes;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies archives from the first replica of a mirror to one other. Never the other way, and never
 * what is not in the first replica: that was let go. Thread-safe.
 */
final class ReplicaCopier {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicaCopier.class);

  /** A copy that is, or will be, made. A class, not a record: two copies of one label are two. */
  static final class Underway {
    private final Label label;
    private volatile boolean cancelled;

    Underway(Label label) {
      this.label = label;
    }
  }

  private final ArchiveStore first;
  private final ArchiveStore replica;
  private final ReentrantLock changes;
  private final Set<Underway> underway = ConcurrentHashMap.newKeySet();

  /** {@code changes} is held by whoever records or deletes. */
  ReplicaCopier(ArchiveStore first, ArchiveStore replica, ReentrantLock changes) {
    this.first = first;
    this.replica = replica;
    this.changes = changes;
  }

  ArchiveStore replica() {
    return replica;
  }

  /** An archive was deleted: a copy that is being made of it is to go, too. */
  void cancel(Label label) {
    underway.stream().filter(copy -> copy.label.equals(label)).forEach(c -> c.cancelled = true);
  }

  /**
   * Copies a new archive, and before it what an outage has left behind. In the order of time, and
   * not beyond a failure of the replica: otherwise the backlog would no longer be known as one.
   */
  void follow(StoredArchive archive, byte[] sha256, Underway own) {
    own.cancelled = false; // what was deleted before the archive was there was another one
    ReplicaFailures failures = new ReplicaFailures();
    for (StoredArchive missed : backlog(archive.label())) {
      copyUnlessFaultOfFirst(missed, failures);
    }
    copy(archive, Optional.of(sha256), own);
    failures.throwIfAny("An earlier archive could not be copied", "Try again");
  }

  private Optional<ArchiveCopy> copyUnlessFaultOfFirst(
      StoredArchive archive, ReplicaFailures failures) {
    Underway own = begin(archive.label());
    try {
      return copy(archive, Optional.empty(), own);
    } catch (StoreUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      failures.add(replica, e); // one bad archive does not keep the others from being copied
      return Optional.empty();
    } finally {
      end(own);
    }
  }

  /** What the first replica has of the series since the newest archive that both have. */
  private List<StoredArchive> backlog(Label label) {
    ArchiveOwner owner = ArchiveOwner.of(label);
    LabelSeries series = LabelSeries.of(label);
    List<StoredArchive> theirs = replica.list(owner).complete();
    List<StoredArchive> ours = first.list(owner).complete();
    Set<Label> there = labels(theirs);
    ours.stream()
        .filter(archive -> there.contains(archive.label()) && !theirs.contains(archive))
        .filter(archive -> !isUnderway(archive.label()))
        .forEach(archive -> carryOver(archive.label())); // missed while the replica did not answer
    List<StoredArchive> here =
        ours.stream().filter(archive -> LabelSeries.of(archive.label()).isSameAs(series)).toList();
    Optional<LabelSeries> common =
        here.stream()
            .filter(archive -> there.contains(archive.label()))
            .map(archive -> LabelSeries.of(archive.label()))
            .max(LabelSeries.BY_TIME);
    return here.stream()
        .filter(archive -> !there.contains(archive.label()) && !isUnderway(archive.label()))
        .filter(a -> common.isEmpty() || LabelSeries.of(a.label()).isAfter(common.get()))
        .sorted(Comparator.comparing(a -> LabelSeries.of(a.label()), LabelSeries.BY_TIME))
        .toList();
  }

  /**
   * Makes the replica have all that the first one has, with the same records. Owners whose folder
   * cannot be listed in one of them are left out, and the call fails when the others are done.
   *
   * @param copied is told each copy that was made
   */
  void catchUp(List<ArchiveCopy> copied) {
    ReplicaFailures failures = new ReplicaFailures();
    Listing theirs = replica.list(ArchiveOwner.anyone());
    Listing ours = first.list(ArchiveOwner.anyone());
    theirs.silence().ifPresent(silence -> failures.add(replica, silence));
    ours.silence().ifPresent(silence -> failures.add(first, silence));
    List<Listing.Silent> silent =
        Stream.concat(theirs.silent().stream(), ours.silent().stream()).toList();
    Set<StoredArchive> same = Set.copyOf(theirs.archives());
    Set<Label> there = labels(theirs.archives());
    for (StoredArchive archive : ours.archives()) {
      Label label = archive.label();
      if (same.contains(archive) || isUnderway(label) || isSilent(silent, label)) {
        continue;
      }
      if (there.contains(label)) {
        carryOver(label);
      } else {
        copyUnlessFaultOfFirst(archive, failures).ifPresent(copied::add);
      }
    }
    failures.throwIfAny("Not all archives could be copied", "Try again");
  }

  private static boolean isSilent(List<Listing.Silent> silent, Label label) {
    return silent.stream().anyMatch(each -> each.mayHave(ArchiveOwner.of(label)));
  }

  private static Set<Label> labels(List<StoredArchive> archives) {
    return archives.stream().map(StoredArchive::label).collect(Collectors.toSet());
  }

  /** Keeps others of this process from copying the archive too; to be ended in any case. */
  Underway begin(Label label) {
    Underway copy = new Underway(label);
    underway.add(copy);
    return copy;
  }

  void end(Underway copy) {
    underway.remove(copy);
  }

  private boolean isUnderway(Label label) {
    return underway.stream().anyMatch(copy -> copy.label.equals(label));
  }

  /** Copies an archive; empty if it was let go meanwhile. */
  private Optional<ArchiveCopy> copy(StoredArchive archive, Optional<byte[]> sha256, Underway own) {
    Label label = archive.label();
    try (InputStream in = first.open(label)) {
      CopyContent content = new CopyContent(archive, in, sha256);
      replica.publish(label, archive.record(), content);
      requireArrived(label, content);
    } catch (LabelTaken e) {
      requireSame(archive, e);
    } catch (ArchiveNotFound e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StoreUnavailable(
          "Archive " + label + " could not be read in " + first.describe(), "Try again", e);
    }
    return settle(label, own);
  }

  /** Nobody else reads a copy back: what is verified is the archive of the first replica. */
  private void requireArrived(Label label, CopyContent sent) {
    boolean same;
    try (InputStream copy = replica.open(label)) {
      same = sent.isWhatComesBack(copy);
    } catch (OperationFailed e) {
      if (Thread.currentThread().isInterrupted()) {
        throw withdrawn(label, "could not be read back", e);
      }
      // For want of a key; that all of it arrived, the replica has seen to.
      LOG.debug("{} cannot be read back from {}", label, replica.describe(), e);
      return;
    } catch (IOException | StoreUnavailable | ArchiveCorrupt e) {
      throw withdrawn(label, "could not be read back", e);
    }
    if (!same) {
      throw withdrawn(label, "came back with other bytes than were sent", null);
    }
  }

  private StoreUnavailable withdrawn(Label label, String why, @Nullable Exception cause) {
    StoreUnavailable failure =
        new StoreUnavailable(
            "The copy of archive %s in %s %s, and was removed"
                .formatted(label, replica.describe(), why),
            "Check the disk of that replica; the copy is made again with the next archive",
            cause);
    try {
      replica.delete(label);
    } catch (StoreUnavailable e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /** Somebody else was faster: another process that catches up, or a call whose answer was lost. */
  private void requireSame(StoredArchive archive, LabelTaken taken) {
    long size;
    try {
      size = replica.stat(archive.label()).sizeBytes();
    } catch (ArchiveNotFound e) {
      taken.addSuppressed(e);
      throw new StoreUnavailable(
          "Somebody else is about to publish " + archive.label() + " in " + replica.describe(),
          "Try again",
          taken);
    }
    if (size != archive.sizeBytes() || !isSame(archive.label())) {
      throw new LabelTaken(
          "%s has another archive %s, of %d bytes, instead of this one of %d"
              .formatted(replica.describe(), archive.label(), size, archive.sizeBytes()),
          "Find out which one is right, and delete the other in its replica",
          taken);
    }
  }

  /** A replica that can only be written to, for want of a key, tells no more than the size. */
  private boolean isSame(Label label) {
    try {
      return hasSameBytes(label);
    } catch (ArchiveNotFound e) {
      return true; // it was let go meanwhile
    } catch (OperationFailed e) {
      LOG.debug("{} cannot be compared in {}", label, replica.describe(), e);
      return true;
    }
  }

  private boolean hasSameBytes(Label label) {
    if (first.stat(label).sizeBytes() != replica.stat(label).sizeBytes()) {
      return false;
    }
    try (InputStream left = first.open(label);
        InputStream right = replica.open(label)) {
      return SameBytes.in(left, right);
    } catch (IOException e) {
      throw new StoreUnavailable(
          "Archive %s in %s could not be compared with the one in %s: %s"
              .formatted(label, first.describe(), replica.describe(), e.getMessage()),
          "Try again",
          e);
    }
  }

  private Optional<ArchiveCopy> settle(Label label, Underway own) {
    changes.lock();
    try {
      if (own.cancelled) {
        replica.delete(label);
        return Optional.empty();
      }
      carryOver(label);
      return Optional.of(new ArchiveCopy(label, replica.describe(), ArchiveCopy.State.PRESENT));
    } finally {
      changes.unlock();
    }
  }

  /** Each replica's summary is of its own archive; one that has none gets that of the other. */
  private void carryOver(Label label) {
    changes.lock();
    try {
      ArchiveRecord here = first.stat(label).record();
      ArchiveRecord there = replica.stat(label).record();
      // A pin or a sequence that one of them missed while it did not answer; a mirror takes no pin
      // away unless all answer.
      ArchiveRecord record = MergedListing.merged(here, there);
      if (!here.equals(record)) {
        first.record(label, record);
      }
      ArchiveRecord theirs = there.summary().map(record::withSummary).orElse(record);
      if (!there.equals(theirs)) {
        replica.record(label, theirs);
      }
    } catch (ArchiveNotFound e) {
      // One of the replicas has let it go meanwhile, as its retention may: nothing is left to
      // record.
      LOG.debug("{} was let go before it could be recorded in {}", label, replica.describe());
    } finally {
      changes.unlock();
    }
  }
}
