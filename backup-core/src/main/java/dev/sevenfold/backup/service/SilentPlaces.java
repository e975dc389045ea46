package dev.sevenfold.backup.service;

import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.Listing.Silent;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What did not answer when it was asked last, so that an outage is told of once, and not with every
 * list. Replicas are asked in each list, the folders of owners only in lists of all. Thread-safe.
 */
final class SilentPlaces {

  private Set<String> replicas = Set.of();
  private List<Silent> folders = List.of();

  /** Notes what did not answer; whether any of it is not known yet. */
  synchronized boolean note(ArchiveOwner asked, Listing listing) {
    boolean all = asked.equals(ArchiveOwner.anyone());
    List<Silent> whole =
        listing.silent().stream()
            .filter(each -> all ? each.folder().isEmpty() : !isFolderOf(asked, each))
            .toList();
    boolean news = !replicas.containsAll(names(whole));
    replicas = names(whole);
    if (all) {
      List<Silent> now =
          listing.silent().stream().filter(each -> each.folder().isPresent()).toList();
      news |= !names(folders).containsAll(names(now));
      folders = now;
    }
    return news;
  }

  /** A replica fails as a whole for the one owner whose folder is known not to answer there. */
  private boolean isFolderOf(ArchiveOwner owner, Silent silent) {
    return folders.stream()
        .filter(known -> known.mayHave(owner))
        .anyMatch(known -> (known.replica() + "/").startsWith(silent.replica() + "/"));
  }

  private static Set<String> names(List<Silent> silent) {
    return silent.stream().map(Silent::replica).collect(Collectors.toSet());
  }
}
