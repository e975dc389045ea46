package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.ArchiveList;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.UnreadableArchive;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was found in a store: one archive that cannot be read does not take the list along. What has
 * a summary in its record is not read for it. Immutable.
 *
 * @param points what can be read, in the order of the list that it was read from
 * @param unreadable what cannot, the latest label first
 */
public record Found(List<RestorePoint> points, List<UnreadableArchive> unreadable) {

  private static final Logger log = LoggerFactory.getLogger(Found.class);

  public Found {
    points = List.copyOf(points);
    unreadable =
        unreadable.stream()
            .sorted(Comparator.comparing(UnreadableArchive::label).reversed())
            .toList();
  }

  /**
   * Reads those archives of a store.
   *
   * @throws StoreUnavailable if the store does not answer at all
   */
  static Found of(
      List<StoredArchive> archives,
      ArchiveStore store,
      Function<StoredArchive, RestorePoint> read) {
    List<RestorePoint> points = new ArrayList<>();
    List<UnreadableArchive> unreadable = new ArrayList<>();
    for (StoredArchive archive : archives) {
      attempt(
              archive.label(),
              store,
              () -> read.apply(archive),
              e ->
                  unreadable.add(
                      new UnreadableArchive(
                          archive.label(), archive.sizeBytes(), archive.record(), e.what())))
          .ifPresent(points::add);
    }
    return new Found(points, unreadable);
  }

  /**
   * Reads something of an archive; empty if it is gone, or cannot be read.
   *
   * @param unreadable is told if it cannot be read
   * @throws StoreUnavailable if the store does not answer at all
   */
  static <T> Optional<T> attempt(
      Label label, ArchiveStore store, Supplier<T> read, Consumer<BackupException> unreadable) {
    try {
      return Optional.of(read.get());
    } catch (ArchiveNotFound e) {
      log.debug("The archive {} was pruned meanwhile", label);
    } catch (ArchiveCorrupt | ArchiveNotReadable | StoreUnavailable | OperationFailed e) {
      if (isThere(label, store, e)) {
        log.warn("The archive {} is passed over: {}", label, e.getMessage());
        unreadable.accept(e);
      }
    }
    return Optional.empty();
  }

  /** The same, and what the store itself could not read. */
  Found with(List<Listing.Unreadable> others) {
    return new Found(
        points,
        Stream.concat(
                unreadable.stream(),
                others.stream()
                    .map(u -> new UnreadableArchive(u.label(), 0, u.record(), u.reason())))
            .toList());
  }

  /** For those who ask for a list, the newest first. */
  public ArchiveList sorted(Comparator<RestorePoint> oldestFirst) {
    return new ArchiveList(points.stream().sorted(oldestFirst.reversed()).toList(), unreadable);
  }

  /**
   * Whether it is this archive alone that cannot be read. If the store does not answer at all, or
   * the thread was interrupted, nothing is known of any, and that is not a shorter list.
   */
  private static boolean isThere(Label label, ArchiveStore store, BackupException failure) {
    if (Thread.currentThread().isInterrupted()) {
      throw failure;
    }
    if (failure instanceof StoreUnavailable) {
      try {
        store.stat(label);
      } catch (ArchiveNotFound e) {
        return false;
      }
    }
    return true;
  }
}
