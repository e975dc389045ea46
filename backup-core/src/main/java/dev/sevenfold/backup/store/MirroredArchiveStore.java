package dev.sevenfold.backup.store;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.tenant.Label;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps each archive in several places, its replicas: a folder first, say, and then another
 * machine. Thread-safe.
 *
 * <pre>{@code
 * MirroredArchiveStore store =
 *     MirroredArchiveStore.of(DirectoryArchiveStore.at(folder), remote);
 * }</pre>
 *
 * <p>An archive is published into the first replica, and once it is durable there it is read back,
 * compared with what was written, and copied to the others, from which it is read back, too. If
 * that fails, {@link #publish} throws {@link StoreUnavailable}, which says what is kept where;
 * <b>the copies that were made stay</b>.
 *
 * <p>Copies are made from the first replica to the others, never the other way. What the first
 * replica has let go is therefore never brought back to it. What the others lack is made up for in
 * two ways:
 *
 * <ul>
 *   <li>Publishing an archive first copies those of the same owner that came after the newest which
 *       both replicas have: the backlog of an outage. Older ones that a replica lacks it has let
 *       go.
 *   <li>{@link #catchUp()} copies everything that the first replica has and another one lacks.
 * </ul>
 *
 * <p>Reading takes the first replica that has the archive and answers; one that does not answer is
 * skipped with a warning. {@link #list} says which did not answer, for a list is never short in
 * silence. The record of the first replica that has an archive is the archive's, but for the pin:
 * that counts wherever it is; and what that one never noted another one may have.
 *
 * <p>{@link #delete} reaches all replicas that have the archive, and throws {@link
 * StoreUnavailable} where it fails in some, saying in which; repeat it. {@link #record} reaches
 * those that answer. An archive can also be deleted in one replica alone, through {@link
 * #replicas()}: this is how replicas keep archives for different times. Content must not publish to
 * the store that it is published to.
 */
public final class MirroredArchiveStore implements ArchiveStore {

  private static final Logger LOG = LoggerFactory.getLogger(MirroredArchiveStore.class);

  private final List<ArchiveStore> replicas;
  private final ArchiveStore first;
  private final List<ReplicaCopier> copiers;
  // So that a copy which is being made is not forgotten by records and deletions.
  private final ReentrantLock changes = new ReentrantLock();

  private MirroredArchiveStore(List<ArchiveStore> replicas) {
    this.replicas = List.copyOf(replicas);
    this.first = replicas.get(0);
    this.copiers =
        this.replicas.stream()
            .skip(1)
            .map(replica -> new ReplicaCopier(first, replica, changes))
            .toList();
  }

  /**
   * A store that keeps archives in {@code first}, then in {@code second} and the others. It closes
   * them all in the end.
   *
   * @throws IllegalArgumentException if a replica is given twice
   */
  public static MirroredArchiveStore of(
      ArchiveStore first, ArchiveStore second, ArchiveStore... others) {
    List<ArchiveStore> replicas = new ArrayList<>();
    replicas.add(Objects.requireNonNull(first, "first"));
    replicas.add(Objects.requireNonNull(second, "second"));
    replicas.addAll(List.of(others));
    for (ArchiveStore replica : replicas) {
      if (replicas.stream().filter(other -> other == replica).count() > 1) {
        throw new IllegalArgumentException(
            "The same store is given for two replicas: " + replica.describe());
      }
    }
    return new MirroredArchiveStore(replicas);
  }

  /** The stores that archives are kept in, the first one first; each is usable on its own. */
  public List<ArchiveStore> replicas() {
    return replicas;
  }

  /** Tells of every replica whether it has this archive. Asks them all, and never fails itself. */
  public List<ArchiveCopy> copies(Label label) {
    Objects.requireNonNull(label, "label");
    return replicas.stream().map(replica -> ArchiveCopy.in(replica, label)).toList();
  }

  /**
   * Copies everything that the first replica has to the replicas that lack it, and carries its
   * record over. Call it when a replica is repaired, added or emptied, and when a service starts.
   * It also brings back what a replica has let go that the first one still has.
   *
   * @return the copies that were made
   * @throws StoreUnavailable if a copy could not be made, after all others were tried
   */
  public List<ArchiveCopy> catchUp() {
    List<ArchiveCopy> copied = new ArrayList<>();
    ReplicaFailures failures = new ReplicaFailures();
    copiers.forEach(copier -> failures.collect(copier.replica(), () -> copier.catchUp(copied)));
    failures.throwIfAny(
        copied.size() + " archives were copied from " + first.describe() + ", but not all",
        "Nothing is lost; repair the replica and call catchUp() again");
    return List.copyOf(copied);
  }

  @Override
  public String describe() {
    return replicas.stream()
        .map(ArchiveStore::describe)
        .collect(Collectors.joining(", mirrored to "));
  }

  @Override
  public List<OwnPlace> ownPlaces() {
    return replicas.stream().flatMap(replica -> replica.ownPlaces().stream()).toList();
  }

  @Override
  public void noteUseBeside(Path database) {
    replicas.forEach(replica -> replica.noteUseBeside(database));
  }

  /**
   * As the contract says, with one difference: when {@link StoreUnavailable} is thrown because of a
   * replica other than the first, the archive is kept and listed all the same.
   */
  @Override
  public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(record, "record");
    Objects.requireNonNull(content, "content");
    copiers.forEach(copier -> requireFree(copier.replica(), label));
    List<ReplicaCopier.Underway> copies = copiers.stream().map(c -> c.begin(label)).toList();
    try {
      MessageDigest sha256 = Sha256.digest();
      StoredArchive archive =
          first.publish(label, record, out -> content.writeTo(new DigestOutputStream(out, sha256)));
      copyOn(archive, sha256.digest(), copies);
      return archive;
    } finally {
      for (int i = 0; i < copies.size(); i++) {
        copiers.get(i).end(copies.get(i));
      }
    }
  }

  /** What local retention let go may still be in another replica, under the same label. */
  private void requireFree(ArchiveStore replica, Label label) {
    try {
      replica.stat(label);
    } catch (ArchiveNotFound e) {
      return;
    } catch (StoreUnavailable e) {
      LOG.debug("Not known whether {} is free in {}", label, replica.describe(), e);
      return; // the first replica can be written to all the same; copying will tell
    }
    throw taken(label, replica);
  }

  private void copyOn(StoredArchive archive, byte[] sha256, List<ReplicaCopier.Underway> copies) {
    // An interrupt that came before ends nothing here: the archive is published already.
    boolean interrupted = Thread.interrupted();
    try {
      ReplicaFailures failures = new ReplicaFailures();
      for (int i = 0; i < copies.size(); i++) {
        ReplicaCopier copier = copiers.get(i);
        ReplicaCopier.Underway copy = copies.get(i);
        failures.collect(copier.replica(), () -> copier.follow(archive, sha256, copy));
      }
      failures
          .toFailure(
              "Archive "
                  + archive.label()
                  + " is kept in "
                  + first.describe()
                  + ", but not everywhere",
              "Repair the replica; the next archive of the same owner, or catchUp(), brings the"
                  + " copies")
          .ifPresent(
              failure -> {
                throw failure.afterPublishing();
              });
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public InputStream open(Label label, long offset) {
    Objects.requireNonNull(label, "label");
    ReplicaFailures failures = new ReplicaFailures();
    for (ArchiveStore replica : replicas) {
      try {
        return replica.open(label, offset);
      } catch (ArchiveNotFound e) {
        LOG.debug("{} is not in {}", label, replica.describe());
      } catch (StoreUnavailable e) {
        LOG.warn("{} is looked for elsewhere: {}", label, e.getMessage());
        failures.add(replica, e);
      }
    }
    failures.throwIfAny("Archive " + label + " is in no replica that answers", "Try again");
    throw notFound(label);
  }

  /** As the contract says; pinned if any replica that answers says so. */
  @Override
  public StoredArchive stat(Label label) {
    Objects.requireNonNull(label, "label");
    MergedListing merged = new MergedListing();
    ReplicaFailures failures = new ReplicaFailures();
    for (ArchiveStore replica : replicas) {
      try {
        merged.add(replica.stat(label));
      } catch (ArchiveNotFound e) {
        LOG.debug("{} is not in {}", label, replica.describe());
      } catch (StoreUnavailable e) {
        LOG.warn("{} is looked for elsewhere: {}", label, e.getMessage());
        failures.add(replica, e);
      }
    }
    List<StoredArchive> found = merged.archives();
    if (found.isEmpty()) {
      failures.throwIfAny("Archive " + label + " is in no replica that answers", "Try again");
      throw notFound(label);
    }
    return found.get(0);
  }

  /**
   * As the contract says: what those replicas have that answer, and which do not.
   *
   * @throws StoreUnavailable if no replica answers
   */
  @Override
  public Listing list(ArchiveOwner owner) {
    Objects.requireNonNull(owner, "owner");
    MergedListing merged = new MergedListing();
    ReplicaFailures failures = new ReplicaFailures();
    for (ArchiveStore replica : replicas) {
      try {
        merged.add(replica.list(owner), replica == first);
      } catch (StoreUnavailable e) {
        merged.addSilent(replica.describe(), replica == first, e);
        failures.add(replica, e);
      }
    }
    if (failures.size() == replicas.size()) {
      failures.throwIfAny("No replica answers", "Try again");
    }
    return merged.listing();
  }

  /**
   * As the contract says, in all replicas that have the archive and answer. One that does not
   * answer gets the record later, from {@link #catchUp()} or with the owner's next archive, and a
   * warning is logged. An archive is pinned as long as any replica says so; therefore a pin is only
   * taken away while all replicas answer, and nothing is changed otherwise.
   */
  @Override
  public StoredArchive record(Label label, ArchiveRecord record) {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(record, "record");
    changes.lock();
    try {
      if (!record.pinned()) {
        requireAllIfPinned(label);
      }
      return recordReachable(label, record);
    } finally {
      changes.unlock();
    }
  }

  private void requireAllIfPinned(Label label) {
    boolean pinned = false;
    ReplicaFailures failures = new ReplicaFailures();
    for (ArchiveStore replica : replicas) {
      try {
        pinned |= replica.stat(label).record().pinned();
      } catch (ArchiveNotFound e) {
        LOG.debug("{} is not in {}", label, replica.describe());
      } catch (StoreUnavailable e) {
        failures.add(replica, e);
      }
    }
    if (pinned) {
      failures.throwIfAny(
          "Archive " + label + " stays pinned, for not every replica can be told otherwise",
          "Repeat the call when the replica is repaired");
    }
  }

  private StoredArchive recordReachable(Label label, ArchiveRecord record) {
    List<StoredArchive> recorded = new ArrayList<>();
    ReplicaFailures failures = new ReplicaFailures();
    for (ArchiveStore replica : replicas) {
      try {
        recorded.add(replica.record(label, record));
      } catch (ArchiveNotFound e) {
        LOG.debug("{} is not in {}", label, replica.describe());
      } catch (StoreUnavailable e) {
        failures.add(replica, e);
      }
    }
    if (recorded.isEmpty()) {
      failures.throwIfAny("Archive " + label + " could not be recorded anywhere", "Try again");
      throw notFound(label);
    }
    failures
        .toFailure("Archive " + label + " is not recorded everywhere", "Call catchUp()")
        .ifPresent(missed -> LOG.warn("{}", missed.getMessage()));
    return recorded.get(0);
  }

  /**
   * Deletes an archive everywhere, in the first replica first: while that one has it, it is not
   * deleted, and the other copies stay. What it has let go is never copied again.
   */
  @Override
  public void delete(Label label) {
    Objects.requireNonNull(label, "label");
    ReplicaFailures failures = new ReplicaFailures();
    changes.lock();
    try {
      first.delete(label);
      for (ReplicaCopier copier : copiers) {
        copier.cancel(label);
        failures.collect(copier.replica(), () -> copier.replica().delete(label));
      }
    } finally {
      changes.unlock();
    }
    failures.throwIfAny(
        "Archive " + label + " was deleted from " + first.describe() + ", but not everywhere",
        "Repeat the call when the replica is repaired; until then it stays listed");
  }

  /** As the contract says, of any replica that answers. */
  @Override
  public boolean remembers(ArchiveOwner owner, ArchiveDigest digest) {
    return ReplicaFailures.anyOf(replicas, replica -> replica.remembers(owner, digest));
  }

  @Override
  public List<String> kept(ArchiveOwner owner) {
    return replicas.stream().flatMap(replica -> replica.kept(owner).stream()).toList();
  }

  @Override
  public void forget(ArchiveOwner owner) {
    ReplicaFailures failures = new ReplicaFailures();
    // As any deletion: a copy that is being made is not made.
    failures.collect(this, () -> list(owner).archives().forEach(each -> delete(each.label())));
    replicas.forEach(replica -> failures.collect(replica, () -> replica.forget(owner)));
    failures.throwIfAny("Not all was deleted everywhere", "Repeat it when all replicas answer");
  }

  @Override
  public void close() {
    ReplicaFailures failures = new ReplicaFailures();
    replicas.forEach(replica -> failures.collect(replica, replica::close));
    failures.throwIfAny("Not all replicas could be closed", "Nothing is to be done");
  }

  private LabelTaken taken(Label label, ArchiveStore replica) {
    return new LabelTaken(
        "The label " + label + " is in use in " + replica.describe(), "Choose another label");
  }

  private ArchiveNotFound notFound(Label label) {
    return new ArchiveNotFound(
        "There is no archive " + label + " in " + describe(),
        "List the archives to see what there is");
  }
}
