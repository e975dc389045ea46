package dev.sevenfold.backup.testkit.outside;

import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.testkit.ArchiveStoreContract;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import org.junit.jupiter.api.io.TempDir;

/** In a package of its own, as the contract's users are. */
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
