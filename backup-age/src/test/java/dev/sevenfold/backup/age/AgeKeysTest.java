package dev.sevenfold.backup.age;

import static dev.sevenfold.backup.age.Keys.LABEL;
import static dev.sevenfold.backup.age.Keys.bytes;
import static dev.sevenfold.backup.age.Keys.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who can encrypt and decrypt what, and that no key is given away. */
class AgeKeysTest {

  @TempDir Path folder;
  private final InMemoryArchiveStore inner = new InMemoryArchiveStore();

  @Test
  void any_recipient_opens_what_is_encrypted_for_several() throws IOException {
    AgeArchiveStore.builder(inner)
        .recipient(Keys.OTHER_PUBLIC)
        .recipient(Keys.PUBLIC)
        .build()
        .publish(LABEL, out -> out.write(bytes(100_000)));

    assertThat(read(Keys.store(inner), LABEL)).isEqualTo(bytes(100_000));
    assertThat(read(AgeArchiveStore.builder(inner).identity(Keys.otherSecret()).build(), LABEL))
        .isEqualTo(bytes(100_000));
  }

  @Test
  void tells_the_places_of_the_other_store_and_of_its_own_keys() throws IOException {
    Path key = folder.resolve("backup.key");
    Files.writeString(key, new String(Keys.secret()) + "\n");

    AgeArchiveStore store =
        AgeArchiveStore.builder(DirectoryArchiveStore.at(folder.resolve("store")))
            .recipient(Keys.PUBLIC)
            .identityFile(key)
            .build();

    assertThat(store.ownPlaces())
        .extracting(OwnPlace::toString)
        .containsExactly("the store " + folder.resolve("store"), "a key " + key);
  }

  @Test
  void a_key_that_does_not_fit_is_said_to() {
    Keys.store(inner).publish(LABEL, out -> out.write(bytes(10)));
    AgeArchiveStore other = AgeArchiveStore.builder(inner).identity(Keys.otherSecret()).build();

    assertThatThrownBy(() -> read(other, LABEL))
        .isInstanceOf(ArchiveNotReadable.class)
        .hasMessageContaining("Give an identity of one of its recipients");
  }

  @Test
  void publishing_needs_a_recipient_and_opening_an_identity() {
    AgeArchiveStore sealing = AgeArchiveStore.builder(inner).recipient(Keys.PUBLIC).build();
    AgeArchiveStore opening = AgeArchiveStore.builder(inner).identity(Keys.secret()).build();

    sealing.publish(LABEL, out -> out.write(bytes(70_000)));

    assertThat(sealing.stat(LABEL).sizeBytes()).isEqualTo(70_000);
    assertThatThrownBy(() -> sealing.open(LABEL))
        .isInstanceOf(OperationFailed.class)
        .hasMessageContaining("no identity was given");
    assertThatThrownBy(() -> sealing.open(LABEL.next())).isInstanceOf(ArchiveNotFound.class);
    assertThatThrownBy(() -> opening.publish(LABEL.next(), out -> out.write(1)))
        .isInstanceOf(OperationFailed.class)
        .hasMessageContaining("no recipient was given");
  }

  @Test
  void identities_come_from_a_file_as_age_keygen_writes_it() throws IOException {
    Path file = folder.resolve("backup.key");
    Files.writeString(
        file,
        "# created: 2026-11-22\r\n\n# public key: "
            + Keys.PUBLIC
            + "\n"
            + new String(Keys.otherSecret())
            + "\r\n"
            + new String(Keys.secret()));
    Keys.store(inner).publish(LABEL, out -> out.write(bytes(10)));

    assertThat(read(AgeArchiveStore.builder(inner).identityFile(file).build(), LABEL))
        .isEqualTo(bytes(10));
  }

  @Test
  void no_message_holds_a_secret() throws IOException {
    String secret = new String(Keys.secret());
    String mistyped = secret.substring(0, secret.length() - 1) + "?";
    Path file = folder.resolve("backup.key");
    Files.writeString(file, "# mine\n" + mistyped + "\n");

    assertThatThrownBy(() -> AgeArchiveStore.builder(inner).identity(mistyped.toCharArray()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .message()
        .doesNotContain(secret.substring(20, 40));
    assertThatThrownBy(() -> AgeArchiveStore.builder(inner).identityFile(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Line 2 of ")
        .hasNoCause()
        .message()
        .doesNotContain(secret.substring(20, 40));
    assertThatThrownBy(() -> AgeArchiveStore.builder(inner).recipient(secret))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .message()
        .doesNotContain(secret.substring(20, 40));
    assertThat(Keys.store(inner).describe()).doesNotContain(secret.substring(20, 40));
  }

  @Test
  void secrets_of_the_caller_are_wiped() {
    char[] identity = Keys.secret();
    char[] passphrase = "correct horse".toCharArray();

    AgeArchiveStore.builder(inner).identity(identity).passphrase(passphrase).build();

    assertThat(identity).containsOnly('\0');
    assertThat(passphrase).containsOnly('\0');
  }

  @Test
  void a_passphrase_takes_the_place_of_recipients() throws IOException {
    AgeArchiveStore.builder(inner)
        .passphrase("größer".toCharArray())
        .build()
        .publish(LABEL, out -> out.write(bytes(70_000)));

    AgeArchiveStore same =
        AgeArchiveStore.builder(inner).passphrase("größer".toCharArray()).build();
    AgeArchiveStore other =
        AgeArchiveStore.builder(inner).passphrase("kleiner".toCharArray()).build();
    assertThat(same.stat(LABEL).sizeBytes()).isEqualTo(70_000);
    assertThat(read(same, LABEL)).isEqualTo(bytes(70_000));
    assertThatThrownBy(() -> read(other, LABEL)).isInstanceOf(ArchiveNotReadable.class);
    assertThatThrownBy(() -> read(Keys.store(inner), LABEL)).isInstanceOf(ArchiveNotReadable.class);
  }

  @Test
  void a_file_that_asks_for_too_much_work_is_refused() throws IOException {
    AgeArchiveStore store =
        AgeArchiveStore.builder(inner).passphrase("secret".toCharArray()).build();
    store.publish(LABEL, out -> out.write(1));
    String file = new String(read(inner, LABEL), StandardCharsets.ISO_8859_1);
    inner.delete(LABEL);
    inner.publish(
        LABEL,
        out ->
            out.write(
                file.replaceFirst("( \\S+) 16\n", "$1 30\n")
                    .getBytes(StandardCharsets.ISO_8859_1)));

    assertThatThrownBy(() -> store.open(LABEL))
        .isInstanceOf(ArchiveNotReadable.class)
        .hasMessageContaining("2^30");
  }

  @Test
  void contradictions_are_refused_when_the_store_is_built() {
    assertThatThrownBy(() -> AgeArchiveStore.builder(inner).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Neither");
    assertThatThrownBy(
            () ->
                AgeArchiveStore.builder(inner)
                    .recipient(Keys.PUBLIC)
                    .passphrase("secret".toCharArray())
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 recipients");
    assertThatThrownBy(() -> AgeArchiveStore.builder(inner).recipient("age1nonsense"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("age1nonsense");
  }
}
