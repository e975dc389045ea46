package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.link.LinkStore;
import dev.sevenfold.backup.memory.InMemoryLinkStore;

class InMemoryLinkStoreTest implements LinkStoreContract {

  @Override
  public LinkStore newLinkStore() {
    return new InMemoryLinkStore();
  }
}
