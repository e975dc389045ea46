package dev.sevenfold.backup.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.tenant.Label;
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
  void a_folder_that_was_used_and_is_gone_with_its_disk_is_no_new_store() throws Exception {
    Path folder = home.resolve("backups");
    Path database = Files.createFile(home.resolve("app.sqlite3"));
    Label label = Label.parse("tenant_1_20261122010100");
    try (OpenSsh server = OpenSsh.start(home.resolve("server"))) {
      try (ArchiveStore store = server.store(folder).build()) {
        store.noteUseBeside(database);
        store.publish(label, out -> out.write(1));
      }
      Files.move(folder, home.resolve("disk"));
      try (ArchiveStore store = server.store(folder).build()) {
        store.noteUseBeside(database);

        assertThatThrownBy(() -> store.publish(label.next(), out -> out.write(1)))
            .isInstanceOf(StoreUnavailable.class)
            .hasMessageContaining("is not mounted");
        assertThatThrownBy(() -> store.list(ArchiveOwner.anyone()))
            .hasMessageContaining("is not mounted");
        assertThat(folder).doesNotExist();
      }
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
