package dev.sevenfold.backup.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the worst day, a path that was mistyped must not look like a store without backups. */
class NotAFolderTest {

  @TempDir Path home;

  @Test
  void a_file_in_the_place_of_the_folder_is_no_empty_store() throws Exception {
    Path file = Files.writeString(home.resolve("file"), "of somebody else");
    try (OpenSsh server = OpenSsh.start(home.resolve("server"));
        ArchiveStore store = server.store(file).build()) {
      assertThatThrownBy(() -> store.list(ArchiveOwner.anyone()).complete())
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining(file + " is not a folder");
      assertThat(file).hasContent("of somebody else");
    }
  }

  @Test
  void a_folder_that_is_made_by_the_first_backup_is_an_empty_store() throws Exception {
    Path folder = home.resolve("backups");
    try (OpenSsh server = OpenSsh.start(home.resolve("server"));
        ArchiveStore store = server.store(folder).build()) {
      assertThat(store.list(ArchiveOwner.anyone()).complete()).isEmpty();
      assertThat(folder).doesNotExist();
    }
  }
}
