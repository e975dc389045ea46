package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** A mirror is a store like any other, whatever its places are. */
class MirroredArchiveStoreTest {

  @Nested
  class OfTwoMemories implements ArchiveStoreContract {
    @Override
    public ArchiveStore newStore() {
      return MirroredArchiveStore.of(new InMemoryArchiveStore(), new InMemoryArchiveStore());
    }
  }

  @Nested
  class OfADirectoryAndMemory implements ArchiveStoreContract {
    @TempDir Path folder;

    @Override
    public ArchiveStore newStore() throws IOException {
      Path root = Files.createTempDirectory(folder, "store");
      return MirroredArchiveStore.of(DirectoryArchiveStore.at(root), new InMemoryArchiveStore());
    }
  }

  @Nested
  class OfMemoryAndTwoDirectories implements ArchiveStoreContract {
    @TempDir Path folder;

    @Override
    public ArchiveStore newStore() throws IOException {
      Path root = Files.createTempDirectory(folder, "store");
      return MirroredArchiveStore.of(
          new InMemoryArchiveStore(),
          DirectoryArchiveStore.at(root.resolve("one")),
          DirectoryArchiveStore.at(root.resolve("two")));
    }
  }
}
