package dev.sevenfold.backup.store;

import dev.sevenfold.backup.archive.OwnPlace;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.Label;
import java.io.InputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps each archive in several places: a folder first, say, and then another machine. Thread-safe.
 *
 * <pre>{@code
 * MirroredArchiveStore store =
 *     MirroredArchiveStore.of(DirectoryArchiveStore.at(folder), remote);
 * }</pre>
 *
 * <p>An archive is published into the first place, and once it is durable there it is read back,
 * compared with what was written, and copied to the others, from which it is read back, too. If
 * that fails, {@link #publish} throws {@link StoreUnavailable}, which says what is kept where;
 * <b>the copies that were made stay</b>.
 *
 * <p>Copies are made from the first place to the others, never the other way. What the first place
 * has let go is therefore never brought back to it. What the others lack is made up for in two
 * ways:
 *
 * <ul>
 *   <li>Publishing an archive first copies those of the same owner that came after the newest which
 *       both places have: the backlog of an outage. Older ones that a place lacks it has let go.
 *   <li>{@link #catchUp()} copies everything that the first place has and another one lacks.
 * </ul>
 *
 * <p>Reading takes the first place that has the archive and answers; one that does not answer is
 * skipped with a warning. {@link #list} needs all places, for a list is never short in silence;
 * {@link #listReachable} says what is left out. The marks of the first place that has an archive
 * are the archive's, but for the pin: that counts wherever it is.
 *
 * <p>{@link #delete} and {@link #relabel} reach all places that have the archive, and throw {@link
 * StoreUnavailable} where they fail in some, saying in which; repeat them. {@link #mark} reaches
 * those that answer. An archive can also be deleted in one place alone, through {@link #places()}:
 * this is how places keep archives for different times. Content must not publish to the store that
 * it is published to.
 */
public final class MirroredArchiveStore implements ArchiveStore {

  private static final Logger LOG = LoggerFactory.getLogger(MirroredArchiveStore.class);

  private final List<ArchiveStore> places;
  private final ArchiveStore first;
  private final List<PlaceCopier> copiers;
  // So that a copy which is being made is not forgotten by marks, relabels and deletions.
  private final ReentrantLock changes = new ReentrantLock();

  private MirroredArchiveStore(List<ArchiveStore> places) {
    this.places = List.copyOf(places);
    this.first = places.get(0);
    this.copiers =
        this.places.stream().skip(1).map(place -> new PlaceCopier(first, place, changes)).toList();
  }

  /**
   * A store that keeps archives in {@code first}, then in {@code second} and the others. It closes
   * them all in the end.
   *
   * @throws IllegalArgumentException if a place is given twice
   */
  public static MirroredArchiveStore of(
      ArchiveStore first, ArchiveStore second, ArchiveStore... others) {
    List<ArchiveStore> places = new ArrayList<>();
    places.add(Objects.requireNonNull(first, "first"));
    places.add(Objects.requireNonNull(second, "second"));
    places.addAll(List.of(others));
    for (ArchiveStore place : places) {
      if (places.stream().filter(other -> other == place).count() > 1) {
        throw new IllegalArgumentException(
            "The same store is given for two places: " + place.describe());
      }
    }
    return new MirroredArchiveStore(places);
  }

  /** The stores that archives are kept in, the first one first; each is usable on its own. */
  public List<ArchiveStore> places() {
    return places;
  }

  /** Tells of every place whether it has this archive. Asks them all, and never fails itself. */
  public List<ArchiveCopy> copies(Label label) {
    Objects.requireNonNull(label, "label");
    return places.stream()
        .map(place -> new ArchiveCopy(label, place.describe(), state(place, label)))
        .toList();
  }

  private static ArchiveCopy.State state(ArchiveStore place, Label label) {
    try {
      place.stat(label);
      return ArchiveCopy.State.PRESENT;
    } catch (ArchiveNotFound e) {
      return ArchiveCopy.State.MISSING;
    } catch (RuntimeException e) {
      LOG.warn("Whether {} has {} is not known: {}", place.describe(), label, e.getMessage());
      return ArchiveCopy.State.UNREACHABLE;
    }
  }

  /**
   * Copies everything that the first place has to the places that lack it, and carries its marks
   * over. Call it when a place is repaired, added or emptied, and when a service starts. It also
   * brings back what a place has let go that the first one still has.
   *
   * @return the copies that were made
   * @throws StoreUnavailable if a copy could not be made, after all others were tried
   */
  public List<ArchiveCopy> catchUp() {
    List<ArchiveCopy> copied = new ArrayList<>();
    PlaceFailures failures = new PlaceFailures();
    copiers.forEach(copier -> failures.collect(copier.place(), () -> copier.catchUp(copied)));
    failures.throwIfAny(
        copied.size() + " archives were copied from " + first.describe() + ", but not all",
        "Nothing is lost; repair the place and call catchUp() again");
    return List.copyOf(copied);
  }

  @Override
  public String describe() {
    return places.stream()
        .map(ArchiveStore::describe)
        .collect(Collectors.joining(", mirrored to "));
  }

  @Override
  public List<OwnPlace> ownPlaces() {
    return places.stream().flatMap(place -> place.ownPlaces().stream()).toList();
  }

  /**
   * As the contract says, with one difference: when {@link StoreUnavailable} is thrown because of a
   * place other than the first, the archive is kept and listed all the same.
   */
  @Override
  public StoredArchive publish(Label label, Content content) {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(content, "content");
    copiers.forEach(copier -> requireFree(copier.place(), label));
    List<PlaceCopier.Underway> copies = copiers.stream().map(c -> c.begin(label)).toList();
    try {
      MessageDigest sha256 = CopyContent.newDigest();
      StoredArchive archive =
          first.publish(label, out -> content.writeTo(new DigestOutputStream(out, sha256)));
      copyOn(archive, sha256.digest(), copies);
      return archive;
    } finally {
      for (int i = 0; i < copies.size(); i++) {
        copiers.get(i).end(copies.get(i));
      }
    }
  }

  /** What local retention let go may still be in another place, under the same label. */
  private void requireFree(ArchiveStore place, Label label) {
    try {
      place.stat(label);
    } catch (ArchiveNotFound e) {
      return;
    } catch (StoreUnavailable e) {
      LOG.debug("Not known whether {} is free in {}", label, place.describe(), e);
      return; // the first place can be written to all the same; copying will tell
    }
    throw taken(label, place);
  }

  private void copyOn(StoredArchive archive, byte[] sha256, List<PlaceCopier.Underway> copies) {
    // An interrupt that came before ends nothing here: the archive is published already.
    boolean interrupted = Thread.interrupted();
    try {
      PlaceFailures failures = new PlaceFailures();
      for (int i = 0; i < copies.size(); i++) {
        PlaceCopier copier = copiers.get(i);
        PlaceCopier.Underway copy = copies.get(i);
        failures.collect(copier.place(), () -> copier.follow(archive, sha256, copy));
      }
      failures.throwIfAny(
          "Archive " + archive.label() + " is kept in " + first.describe() + ", but not everywhere",
          "Repair the place; the next archive of the same owner, or catchUp(), brings the copies");
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public InputStream open(Label label, long offset) {
    Objects.requireNonNull(label, "label");
    return fromFirstThatHas(label, place -> place.open(label, offset));
  }

  /** As the contract says; pinned if any place that answers says so. */
  @Override
  public StoredArchive stat(Label label) {
    Objects.requireNonNull(label, "label");
    MergedArchives merged = new MergedArchives();
    PlaceFailures failures = new PlaceFailures();
    for (ArchiveStore place : places) {
      try {
        merged.add(place.stat(label));
      } catch (ArchiveNotFound e) {
        LOG.debug("{} is not in {}", label, place.describe());
      } catch (StoreUnavailable e) {
        LOG.warn("{} is looked for elsewhere: {}", label, e.getMessage());
        failures.add(place, e);
      }
    }
    List<StoredArchive> found = merged.all();
    if (found.isEmpty()) {
      failures.throwIfAny("Archive " + label + " is in no place that answers", "Try again");
      throw notFound(label);
    }
    return found.get(0);
  }

  private <T> T fromFirstThatHas(Label label, Function<ArchiveStore, T> question) {
    PlaceFailures failures = new PlaceFailures();
    for (ArchiveStore place : places) {
      try {
        return question.apply(place);
      } catch (ArchiveNotFound e) {
        LOG.debug("{} is not in {}", label, place.describe());
      } catch (StoreUnavailable e) {
        LOG.warn("{} is looked for elsewhere: {}", label, e.getMessage());
        failures.add(place, e);
      }
    }
    failures.throwIfAny("Archive " + label + " is in no place that answers", "Try again");
    throw notFound(label);
  }

  /**
   * As the contract says: of all places, or none. Whoever deletes by a list, or concludes from it
   * that there is no such archive, needs this one.
   */
  @Override
  public List<StoredArchive> list(ArchiveOwner owner) {
    ReachableArchives reachable = listReachable(owner);
    if (reachable.silence().isPresent()) {
      StoreUnavailable silence = reachable.silence().get();
      throw new StoreUnavailable(
          "The list of archives would not be complete: " + silence.what(),
          silence.advice(),
          silence);
    }
    return reachable.archives();
  }

  /**
   * Lists the owner's archives in those places that answer, and says which do not: for people who
   * look for something to restore. Not for deciding what may be deleted.
   *
   * @throws StoreUnavailable if no place answers
   */
  public ReachableArchives listReachable(ArchiveOwner owner) {
    Objects.requireNonNull(owner, "owner");
    MergedArchives merged = new MergedArchives();
    PlaceFailures failures = new PlaceFailures();
    List<ArchiveStore> silent = new ArrayList<>();
    for (ArchiveStore place : places) {
      try {
        place.list(owner).forEach(merged::add);
      } catch (StoreUnavailable e) {
        silent.add(place);
        failures.add(place, e);
      }
    }
    if (silent.size() == places.size()) {
      failures.throwIfAny("No place answers", "Try again");
    }
    return new ReachableArchives(
        merged.all(),
        silent,
        failures.toFailure("Not every place answers", "Try again, or see what is wrong there"));
  }

  @Override
  public StoredArchive relabel(Label from, Label to) {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    changes.lock();
    try {
      List<ArchiveStore> having = new MirroredRelabel(places, from, to).places();
      if (having.isEmpty()) {
        throw notFound(from);
      }
      copiers.forEach(copier -> copier.cancel(from));
      having.get(0).relabel(from, to); // decides: if it refuses, nothing is changed anywhere
      PlaceFailures failures = new PlaceFailures();
      having.stream()
          .skip(1)
          .forEach(place -> failures.collect(place, () -> place.relabel(from, to)));
      failures.throwIfAny(
          "Archive " + from + " is called " + to + " now, but not everywhere",
          "Repeat the call when the place is repaired");
      return stat(to);
    } finally {
      changes.unlock();
    }
  }

  /**
   * As the contract says, in all places that have the archive and answer. One that does not answer
   * gets the marks later, from {@link #catchUp()} or with the owner's next archive, and a warning
   * is logged. An archive is pinned as long as any place says so; therefore a pin is only taken
   * away while all places answer, and nothing is changed otherwise.
   */
  @Override
  public StoredArchive mark(Label label, Marks marks) {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(marks, "marks");
    changes.lock();
    try {
      if (!marks.pinned()) {
        requireAllIfPinned(label);
      }
      return markReachable(label, marks);
    } finally {
      changes.unlock();
    }
  }

  private void requireAllIfPinned(Label label) {
    boolean pinned = false;
    PlaceFailures failures = new PlaceFailures();
    for (ArchiveStore place : places) {
      try {
        pinned |= place.stat(label).marks().pinned();
      } catch (ArchiveNotFound e) {
        LOG.debug("{} is not in {}", label, place.describe());
      } catch (StoreUnavailable e) {
        failures.add(place, e);
      }
    }
    if (pinned) {
      failures.throwIfAny(
          "Archive " + label + " stays pinned, for not every place can be told otherwise",
          "Repeat the call when the place is repaired");
    }
  }

  private StoredArchive markReachable(Label label, Marks marks) {
    List<StoredArchive> marked = new ArrayList<>();
    PlaceFailures failures = new PlaceFailures();
    for (ArchiveStore place : places) {
      try {
        marked.add(place.mark(label, marks));
      } catch (ArchiveNotFound e) {
        LOG.debug("{} is not in {}", label, place.describe());
      } catch (StoreUnavailable e) {
        failures.add(place, e);
      }
    }
    if (marked.isEmpty()) {
      failures.throwIfAny("Archive " + label + " could not be marked anywhere", "Try again");
      throw notFound(label);
    }
    failures
        .toFailure("Archive " + label + " is not marked everywhere", "Call catchUp()")
        .ifPresent(missed -> LOG.warn("{}", missed.getMessage()));
    return marked.get(0);
  }

  /**
   * Deletes an archive everywhere, in the first place first: while that one has it, it is not
   * deleted, and the other copies stay. What it has let go is never copied again.
   */
  @Override
  public void delete(Label label) {
    Objects.requireNonNull(label, "label");
    PlaceFailures failures = new PlaceFailures();
    changes.lock();
    try {
      first.delete(label);
      for (PlaceCopier copier : copiers) {
        copier.cancel(label);
        failures.collect(copier.place(), () -> copier.place().delete(label));
      }
    } finally {
      changes.unlock();
    }
    failures.throwIfAny(
        "Archive " + label + " was deleted from " + first.describe() + ", but not everywhere",
        "Repeat the call when the place is repaired; until then it stays listed");
  }

  @Override
  public void close() {
    PlaceFailures failures = new PlaceFailures();
    places.forEach(place -> failures.collect(place, place::close));
    failures.throwIfAny("Not all places could be closed", "Nothing is to be done");
  }

  private LabelTaken taken(Label label, ArchiveStore place) {
    return new LabelTaken(
        "The label " + label + " is in use in " + place.describe(), "Choose another label");
  }

  private ArchiveNotFound notFound(Label label) {
    return new ArchiveNotFound(
        "There is no archive " + label + " in " + describe(),
        "List the archives to see what there is");
  }
}
