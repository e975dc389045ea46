package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.store.ArchiveStore;

/**
 * What every {@link ArchiveStore} promises, as tests. A store is proven by a class of a few lines:
 *
 * <pre>{@code
 * class ShelfArchiveStoreTest implements ArchiveStoreContract {
 *   @Override
 *   public ArchiveStore newStore() {
 *     return ShelfArchiveStore.on(new Shelf());
 *   }
 * }
 * }</pre>
 *
 * <p>The tests store archives of up to 20 MiB and run a few threads at a time. Each test closes the
 * stores that it opens.
 */
public interface ArchiveStoreContract
    extends StorePublishingContract,
        StoreAtomicityContract,
        StoreReadingContract,
        StoreListingContract,
        StoreRecordsContract {

  /** A new, empty store, which shares no archive with those given before. */
  @Override
  ArchiveStore newStore() throws Exception;

  /**
   * The same archives seen through another object, as another process would open them; for what
   * must hold across processes. The store itself, unless overridden.
   */
  @Override
  default ArchiveStore reopen(ArchiveStore store) throws Exception {
    return store;
  }

  /** Whether the store overrides {@link ArchiveStore#remembers}, which it should. */
  @Override
  default boolean remembersDeleted() {
    return true;
  }
}
