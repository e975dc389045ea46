package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.store.ArchiveStore;

class InMemoryArchiveStoreTest implements ArchiveStoreContract {

  @Override
  public ArchiveStore newStore() {
    return new InMemoryArchiveStore();
  }
}
