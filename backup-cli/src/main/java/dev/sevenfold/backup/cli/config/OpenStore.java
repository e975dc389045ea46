package dev.sevenfold.backup.cli.config;

import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.store.ArchiveStore;
import java.util.Map;

/**
 * A store that was opened. Immutable.
 *
 * @param store the store
 * @param retention the policies of those replicas of a mirror that have one of their own
 */
public record OpenStore(ArchiveStore store, Map<ArchiveStore, RetentionPolicy> retention) {

  /** Copies the map. */
  public OpenStore {
    retention = Map.copyOf(retention);
  }
}
