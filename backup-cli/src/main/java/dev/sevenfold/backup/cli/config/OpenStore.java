package dev.sevenfold.backup.cli.config;

import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.store.ArchiveStore;
import java.util.Map;

/**
 * A store that was opened. Immutable.
 *
 * @param store the store
 * @param places the policies of those places of a mirror that have one of their own
 */
public record OpenStore(ArchiveStore store, Map<ArchiveStore, RetentionPolicy> places) {

  /** Copies the map. */
  public OpenStore {
    places = Map.copyOf(places);
  }
}
