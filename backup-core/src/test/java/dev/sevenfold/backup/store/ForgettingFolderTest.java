package dev.sevenfold.backup.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a folder goes when an owner is forgotten, and what stays. */
class ForgettingFolderTest {

  private static final ArchiveOwner SEVEN = ArchiveOwner.tenant(TenantId.of(7));
  private static final Label LABEL = Label.parse("tenant_7_20261122010203");

  @TempDir Path folder;

  private void publish(DirectoryArchiveStore store, Label label) {
    store.publish(label, ArchiveRecord.NONE.withPinned(true), out -> out.write(1));
  }

  @Test
  void not_even_the_name_of_the_owners_folder_is_left() throws IOException {
    try (DirectoryArchiveStore store = DirectoryArchiveStore.at(folder)) {
      publish(store, LABEL);
      // What a process that was killed may leave: a record and a lock of nobody.
      Files.writeString(folder.resolve("tenant_7/" + LABEL.next() + ".marks.json"), "{}");
      Files.writeString(folder.resolve(".claim-" + LABEL.next()), "");

      assertThat(store.kept(SEVEN))
          .containsExactly(
              ".claim-" + LABEL.next() + " in directory " + folder,
              "tenant_7/" + LABEL.next() + ".marks.json in directory " + folder,
              "tenant_7/" + LABEL + ".archive in directory " + folder,
              "tenant_7/" + LABEL + ".marks.json in directory " + folder);
      store.forget(SEVEN);

      assertThat(store.kept(SEVEN)).isEmpty();
      try (var left = Files.list(folder)) {
        assertThat(left).extracting(Path::getFileName).hasToString("[.sevenfold-store.json]");
      }
    }
    // Nor is what is empty now taken for a disk that is not mounted.
    try (DirectoryArchiveStore again = DirectoryArchiveStore.at(folder)) {
      assertThat(again.list(ArchiveOwner.anyone()).complete()).isEmpty();
    }
  }

  @Test
  void what_others_have_put_there_stays_and_is_named() throws IOException {
    try (DirectoryArchiveStore store = DirectoryArchiveStore.at(folder)) {
      publish(store, LABEL);
      Path mine = Files.writeString(folder.resolve("mine"), "mine");
      Files.writeString(folder.resolve("tenant_7/notes.txt"), "mine");
      Files.createSymbolicLink(folder.resolve("tenant_7/" + LABEL.next() + ".tar.gz"), mine);

      store.forget(SEVEN);

      assertThat(store.kept(SEVEN))
          .containsExactly(
              "tenant_7/notes.txt in directory " + folder,
              "tenant_7/" + LABEL.next() + ".tar.gz in directory " + folder);
      assertThat(mine).hasContent("mine");
    }
  }

  @Test
  void a_folder_of_a_version_before_that_loses_its_last_archive_is_still_in_use()
      throws IOException {
    for (Label label : List.of(LABEL, Label.parse("tenant_70_20261122010203"))) {
      Files.write(folder.resolve(label + ".tar.gz"), new byte[] {31, (byte) 0x8B});
    }
    try (DirectoryArchiveStore store = DirectoryArchiveStore.at(folder)) {
      store.forget(SEVEN);
      assertThat(store.kept(SEVEN)).isEmpty();
      assertThat(store.list(ArchiveOwner.anyone()).complete()).hasSize(1);

      store.forget(ArchiveOwner.tenant(TenantId.of(70)));

      assertThat(store.list(ArchiveOwner.anyone()).complete()).isEmpty();
    }
    try (var left = Files.list(folder)) {
      assertThat(left).extracting(Path::getFileName).hasToString("[.sevenfold-store.json]");
    }
  }
}
