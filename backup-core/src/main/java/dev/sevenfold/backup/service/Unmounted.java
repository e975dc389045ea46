package dev.sevenfold.backup.service;

import dev.sevenfold.backup.archive.ArchiveManifest;
import dev.sevenfold.backup.archive.SystemPlace;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.source.BackupOptions;
import dev.sevenfold.backup.source.SystemSnapshot;
import dev.sevenfold.backup.source.TenantSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells a disk that is not mounted from files that are missing. The one would take the good backups
 * away, night by night; the other is reported, and the backup goes on. Whoever knows better accepts
 * it for one run.
 */
public final class Unmounted {

  /** So many files may go at once, whatever part of all they are. */
  private static final int HANDFUL = 5;

  private static final String ADVICE =
      "Mount the disk, then back up again. If all is as it should be, accept it for one run:"
          + " BackupOptions.acceptingMissing()";

  private Unmounted() {}

  /**
   * What looks like a disk that is not mounted, as sentences.
   *
   * @param previous what the newest verified archive says of itself, if there is one
   */
  public static List<String> of(TenantSnapshot snapshot, Optional<ArchiveManifest> previous) {
    List<String> reasons = new ArrayList<>(snapshot.unmounted());
    if (reasons.isEmpty()) {
      previous.flatMap(before -> mostMissing(snapshot, before)).ifPresent(reasons::add);
    }
    return reasons;
  }

  /** Rows may name files that are still to come: those that were there are what counts. */
  private static Optional<String> mostMissing(TenantSnapshot snapshot, ArchiveManifest before) {
    Set<String> had = names(before);
    had.remove(ArchiveManifest.TENANT_DATABASE);
    long gone = snapshot.missing().stream().filter(had::contains).count();
    long there = snapshot.files().stream().filter(file -> had.contains(file.entryName())).count();
    boolean none = snapshot.files().isEmpty() && had.size() > HANDFUL;
    return isMost(gone, gone + there) || (none && snapshot.missing().size() > HANDFUL)
        ? Optional.of(
            "%d files that rows name are not there and %d are; the newest verified archive, of %s, has %d"
                .formatted(
                    snapshot.missing().size(),
                    snapshot.files().size(),
                    before.capturedAt(),
                    had.size()))
        : Optional.empty();
  }

  /** As the other one, for the whole system. */
  public static List<String> of(SystemSnapshot snapshot, Optional<ArchiveManifest> previous) {
    List<String> reasons = new ArrayList<>();
    for (SystemPlace place : snapshot.places()) {
      @Nullable String doubt = snapshot.unmounted().get(place.entryName());
      boolean lackedBefore =
          previous.filter(before -> before.missing().contains(place.entryName())).isPresent();
      if (doubt != null && (place.role() == SystemPlace.Role.TREE || !lackedBefore)) {
        reasons.add(doubt);
      } else if (place.role() == SystemPlace.Role.TREE && previous.isPresent()) {
        gone(snapshot, place, previous.get()).ifPresent(reasons::add);
      }
    }
    previous.flatMap(before -> withoutRows(snapshot, before)).ifPresent(reasons::add);
    return reasons;
  }

  /** One database may be empty at night, a queue for instance; not all of them. */
  private static Optional<String> withoutRows(SystemSnapshot snapshot, ArchiveManifest before) {
    List<String> databases =
        snapshot.places().stream()
            .filter(place -> place.role() == SystemPlace.Role.DATABASE)
            .map(SystemPlace::entryName)
            .toList();
    boolean none =
        !databases.isEmpty()
            && snapshot.missing().containsAll(databases)
            // Of one without tables it was said already.
            && Collections.disjoint(databases, snapshot.unmounted().keySet());
    return none && !before.missing().containsAll(databases)
        ? Optional.of(
            "no database has any row, and the newest verified backup, of %s, has"
                .formatted(before.capturedAt()))
        : Optional.empty();
  }

  private static Optional<String> gone(
      SystemSnapshot snapshot, SystemPlace tree, ArchiveManifest before) {
    Set<String> had = below(tree, names(before));
    Set<String> now =
        below(
            tree,
            snapshot.entries().stream()
                .map(ArchiveManifest.Entry::name)
                .collect(Collectors.toSet()));
    long gone = had.stream().filter(name -> !now.contains(name)).count();
    boolean empty = snapshot.missing().contains(tree.entryName());
    // Where as many have come, they were replaced: logs, caches, exports.
    boolean most = isMost(gone, had.size()) && now.size() * 2L < had.size();
    return !had.isEmpty() && (empty || most)
        ? Optional.of(
            "tree %s has %d files, and of the %d that the newest verified backup had, of %s, %d are gone"
                .formatted(tree.name(), now.size(), had.size(), before.capturedAt(), gone))
        : Optional.empty();
  }

  /**
   * Trees of which most was gone, was accepted, and has not come back: what follows on an accepted
   * run never makes a backup go that has more.
   *
   * @param previous what the newest verified backup says of itself
   */
  public static Set<String> remnants(SystemSnapshot snapshot, Optional<ArchiveManifest> previous) {
    Set<String> remnants = new HashSet<>();
    for (SystemPlace tree : snapshot.places()) {
      if (tree.role() == SystemPlace.Role.TREE && previous.isPresent()) {
        ArchiveManifest before = previous.get();
        long had = below(tree, names(before)).size();
        long now =
            snapshot.entries().stream()
                .filter(entry -> entry.name().startsWith(tree.treePrefix()))
                .count();
        boolean stillGone = before.missing().contains(tree.entryName()) && now < had * 2;
        if (stillGone || gone(snapshot, tree, before).isPresent()) {
          remnants.add(tree.entryName());
        }
      }
    }
    return remnants;
  }

  private static Set<String> below(SystemPlace tree, Set<String> names) {
    return names.stream()
        .filter(name -> name.startsWith(tree.treePrefix()))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static Set<String> names(ArchiveManifest manifest) {
    return manifest.entries().stream()
        .map(ArchiveManifest.Entry::name)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static boolean isMost(long part, long of) {
    return part > HANDFUL && part * 2 > of;
  }

  /**
   * Refuses, unless the host accepts it.
   *
   * @return the reasons, as warnings of a run that goes on
   * @throws BackupRefused if there are any, and they are not accepted
   */
  public static List<String> require(String what, List<String> reasons, BackupOptions options) {
    if (!reasons.isEmpty() && !options.acceptMissing()) {
      throw new BackupRefused(what + " looks as if a disk was not mounted", reasons, ADVICE);
    }
    return reasons;
  }
}
