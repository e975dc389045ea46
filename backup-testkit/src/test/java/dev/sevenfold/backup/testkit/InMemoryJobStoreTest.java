package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.memory.InMemoryJobStore;
import dev.sevenfold.backup.schedule.JobStore;

class InMemoryJobStoreTest implements JobStoreContract {

  @Override
  public JobStore newStore() {
    return new InMemoryJobStore();
  }
}
