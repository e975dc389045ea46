package dev.sevenfold.backup.age;

import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.testkit.ArchiveStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** An encrypted store is a store like any other. */
class AgeArchiveStoreTest {

  @Nested
  class InMemory implements ArchiveStoreContract {
    @Override
    public ArchiveStore newStore() {
      return Keys.store(new InMemoryArchiveStore());
    }
  }

  @Nested
  class InADirectory implements ArchiveStoreContract {
    @TempDir Path folder;

    @Override
    public ArchiveStore newStore() throws IOException {
      return Keys.store(DirectoryArchiveStore.at(Files.createTempDirectory(folder, "store")));
    }
  }

  /** As {@code docs/stores.md} shows it: plain here, encrypted on another machine. */
  @Nested
  class AsTheSecondPlaceOfAMirror implements ArchiveStoreContract {
    @Override
    public ArchiveStore newStore() {
      return MirroredArchiveStore.of(
          new InMemoryArchiveStore(),
          AgeArchiveStore.builder(new InMemoryArchiveStore()).recipient(Keys.PUBLIC).build());
    }
  }
}
