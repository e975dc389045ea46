package dev.sevenfold.backup.testkit.outside;

import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.testkit.ArchiveStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import org.junit.jupiter.api.io.TempDir;

/** A folder of a version that had all archives right in it: its stores leave them there. */
class FlatDirectoryArchiveStoreTest implements ArchiveStoreContract {

  @TempDir Path temp;

  private final IdentityHashMap<ArchiveStore, Path> folders = new IdentityHashMap<>();

  @Override
  public ArchiveStore newStore() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("backups-" + folders.size()));
    Label old = Label.parse("system_20260101000000");
    Files.writeString(folder.resolve(old + ".archive"), "of a version before");
    ArchiveStore store = DirectoryArchiveStore.at(folder);
    store.publish(old.next(), out -> out.write(1));
    store.delete(old.next());
    store.delete(old);
    folders.put(store, folder);
    return store;
  }

  @Override
  public ArchiveStore reopen(ArchiveStore store) {
    return DirectoryArchiveStore.at(folders.getOrDefault(store, temp));
  }
}
