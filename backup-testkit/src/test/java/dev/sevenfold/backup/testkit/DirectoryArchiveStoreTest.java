package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import org.junit.jupiter.api.io.TempDir;

class DirectoryArchiveStoreTest implements ArchiveStoreContract {

  @TempDir Path temp;

  private final IdentityHashMap<ArchiveStore, Path> folders = new IdentityHashMap<>();

  @Override
  public ArchiveStore newStore() {
    Path folder = temp.resolve("backups-" + folders.size());
    ArchiveStore store = DirectoryArchiveStore.at(folder);
    folders.put(store, folder);
    return store;
  }

  @Override
  public ArchiveStore reopen(ArchiveStore store) {
    return DirectoryArchiveStore.at(folders.getOrDefault(store, temp));
  }
}
