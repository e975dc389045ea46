package dev.sevenfold.backup.schedule;

import dev.sevenfold.backup.memory.InMemoryJobStore;

class InMemoryJobStoreTest implements JobStoreContract {

  @Override
  public JobStore newStore() {
    return new InMemoryJobStore();
  }
}
