package dev.sevenfold.backup.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderOutboxTest implements OutboxContract {

  @TempDir Path temp;

  private Path folder() {
    return temp.resolve("deep/outbox");
  }

  @Override
  public Outbox newOutbox(int most) {
    return FolderOutbox.open(folder(), most);
  }

  @Override
  public Outbox reopen(Outbox outbox) {
    outbox.close();
    return FolderOutbox.open(folder());
  }

  private List<String> files() throws Exception {
    try (Stream<Path> files = Files.list(folder())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void only_its_owner_can_read_the_mails() throws Exception {
    try (Outbox outbox = newOutbox(5)) {
      outbox.put(OutboxContract.item("a", 1));

      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
          .isEqualTo("rwx------");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder().resolve("a.mail"))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void two_mailers_do_not_share_a_folder() {
    try (Outbox outbox = newOutbox(5)) {
      assertThat(outbox.describe()).isEqualTo("folder " + folder());
      assertThatExceptionOfType(OutboxFailed.class)
          .isThrownBy(() -> FolderOutbox.open(folder()))
          .withMessageContaining(folder() + " could not be opened: this process uses it already");
    }
  }

  @Test
  void what_was_half_written_is_removed_and_what_is_damaged_set_aside() throws Exception {
    try (Outbox outbox = newOutbox(5)) {
      outbox.put(OutboxContract.item("good", 1));
    }
    Files.writeString(folder().resolve("half.mail.tmp"), "kind=ma");
    Files.writeString(folder().resolve("no-kind.mail"), "createdAt=2026-11-22T12\\:00\\:00Z");
    Files.writeString(folder().resolve("no-escape.mail"), "kind=\\uZZZZ");
    Files.writeString(folder().resolve("notes.txt"), "of the operator");

    try (Outbox outbox = FolderOutbox.open(folder())) {
      assertThat(outbox.list()).extracting(OutboxItem::id).containsExactly("good");
      assertThat(files())
          .containsExactly(
              "good.mail", "lock", "no-escape.mail.damaged", "no-kind.mail.damaged", "notes.txt");
    }
  }

  @Test
  void a_mail_is_called_off_by_deleting_its_file() throws Exception {
    try (Outbox outbox = newOutbox(2)) {
      outbox.put(OutboxContract.item("a", 1));
      outbox.put(OutboxContract.item("b", 1));
      Files.delete(folder().resolve("a.mail"));

      assertThat(outbox.due(OutboxContract.NOON.plusSeconds(90)))
          .extracting(OutboxItem::id)
          .containsExactly("b");
      assertThat(outbox.put(OutboxContract.item("c", 1))).isTrue();
      assertThat(outbox.put(OutboxContract.item("d", 1))).isFalse();
    }
  }

  @Test
  void looks_into_the_folder_when_it_is_opened_or_listed_and_not_for_each_item() throws Exception {
    try (Outbox outbox = newOutbox(2)) {
      outbox.put(OutboxContract.item("a", 1));
      Files.copy(folder().resolve("a.mail"), folder().resolve("by-hand.mail"));

      assertThat(outbox.due(OutboxContract.NOON.plusSeconds(90))).hasSize(1);
      assertThat(outbox.put(OutboxContract.item("b", 1))).isTrue();
      assertThat(outbox.list()).hasSize(3);
      assertThat(outbox.put(OutboxContract.item("c", 1))).isFalse();
    }
  }

  @Test
  void says_where_it_is_when_it_cannot_be_opened() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "");

    assertThatExceptionOfType(OutboxFailed.class)
        .isThrownBy(() -> FolderOutbox.open(file.resolve("outbox")))
        .withMessageContaining("The outbox " + file.resolve("outbox") + " could not be opened");
  }
}
