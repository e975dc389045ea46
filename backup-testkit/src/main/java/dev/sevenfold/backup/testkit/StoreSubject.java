package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.store.ArchiveStore;

/** Where the parts of {@link ArchiveStoreContract} get their stores from. */
interface StoreSubject {

  ArchiveStore newStore() throws Exception;

  ArchiveStore reopen(ArchiveStore store) throws Exception;

  boolean remembersDeleted();
}
