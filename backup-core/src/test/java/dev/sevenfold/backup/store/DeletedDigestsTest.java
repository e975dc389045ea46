package dev.sevenfold.backup.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a folder remembers of archives that were deleted from it. */
class DeletedDigestsTest {

  private static final Label LABEL = Label.parse("tenant_1_20261122010100");
  private static final ArchiveRecord RECORD = Records.of("1", 1);
  private static final ArchiveOwner ONE = ArchiveOwner.of(LABEL);
  private static final ArchiveDigest DIGEST =
      new StoredArchive(LABEL, 1, RECORD).remembered().orElseThrow();

  @TempDir Path temp;

  private static void publish(ArchiveStore store) {
    store.publish(LABEL, RECORD, out -> out.write(1));
  }

  private static Path file(Path folder) {
    return folder.resolve("tenant_1/.sevenfold-deleted");
  }

  private static ArchiveDigest digest(int n) {
    return new ArchiveDigest("%064x".formatted(n));
  }

  private static boolean isThere(ArchiveStore store) {
    return !store.list(ONE).archives().isEmpty();
  }

  @Test
  void it_is_a_line_in_the_folder_of_the_owner_that_no_list_and_no_backup_of_the_system_sees() {
    ArchiveStore store = DirectoryArchiveStore.at(temp);
    publish(store);

    store.delete(LABEL);

    assertThat(file(temp)).hasContent(DIGEST + "\n");
    Listing all = store.list(ArchiveOwner.anyone());
    assertThat(all.archives()).isEmpty();
    assertThat(all.unreadable()).isEmpty();
    assertThat(store.ownPlaces())
        .anyMatch(own -> own.isOwnFolder("tenant_1") && own.isOwnName(".sevenfold-deleted"));
  }

  @Test
  void whoever_is_killed_or_fails_at_any_step_has_kept_the_archive_or_its_digest()
      throws IOException {
    for (IntFunction<FaultyFileSystem> fault :
        List.<IntFunction<FaultyFileSystem>>of(
            FaultyFileSystem::killedAt, FaultyFileSystem::failingAt)) {
      boolean failed = true;
      for (int step = 1; failed; step++) {
        Path folder = temp.resolve(System.identityHashCode(fault) + "-" + step);
        publish(DirectoryArchiveStore.at(folder));
        FaultyFileSystem disk = fault.apply(step);
        Optional<BackupException> thrown = Optional.empty();
        try {
          DirectoryArchiveStore.at(disk.path(folder)).delete(LABEL);
        } catch (BackupException e) {
          thrown = Optional.of(e);
        }
        failed = disk.hasFailed();

        ArchiveStore after = DirectoryArchiveStore.at(folder);
        // A record that could not be read then and there says nothing.
        boolean known = !disk.failedStep().endsWith("open " + LABEL + ".marks.json");
        assertThat(!known || isThere(after) || after.remembers(ONE, DIGEST))
            .as(disk.failedStep())
            .isTrue();
        assertThat(thrown.isPresent() || !isThere(after)).as(disk.failedStep()).isTrue();
        // As is swept away in time; one would wait for it until then.
        Files.deleteIfExists(folder.resolve(ArchiveFileName.lockOf(LABEL)));
        after.delete(LABEL);
        assertThat(isThere(after)).isFalse();
        assertThat(!known || after.remembers(ONE, DIGEST)).as(disk.failedStep()).isTrue();
      }
    }
  }

  @Test
  void what_cannot_be_noted_is_deleted_all_the_same() throws IOException {
    ArchiveStore store = DirectoryArchiveStore.at(temp);
    publish(store);
    Files.createDirectories(file(temp).resolve("in-the-way"));

    store.delete(LABEL);

    assertThat(isThere(store)).isFalse();
  }

  @Test
  void the_last_ones_are_kept() throws IOException {
    ArchiveStore store = DirectoryArchiveStore.at(temp);
    publish(store);
    Files.write(
        file(temp),
        IntStream.rangeClosed(1, DeletedDigests.MOST).mapToObj(n -> digest(n).hex()).toList());
    assertThat(store.remembers(ONE, digest(1))).isTrue();

    store.delete(LABEL);

    assertThat(store.remembers(ONE, digest(1))).isFalse();
    assertThat(store.remembers(ONE, digest(2))).isTrue();
    assertThat(store.remembers(ONE, DIGEST)).isTrue();
    assertThat(Files.readAllLines(file(temp))).hasSize(DeletedDigests.MOST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "0123", "\u0000\u0001", "no digest\n"})
  void lines_that_are_no_digests_count_for_nothing_and_go(String content) throws IOException {
    ArchiveStore store = DirectoryArchiveStore.at(temp);
    publish(store);
    Files.write(file(temp), (digest(1) + "\n" + content).getBytes(UTF_8));

    store.delete(LABEL);

    assertThat(store.remembers(ONE, digest(1))).isTrue();
    assertThat(Files.readAllLines(file(temp))).containsExactly(digest(1).hex(), DIGEST.hex());
  }

  @Test
  void a_folder_of_a_version_before_remembers_and_does_so_when_it_is_converted() throws Exception {
    DirectoryArchiveStore store = DirectoryArchiveStore.at(FlatFolder.at(temp));
    publish(store);
    assertThat(temp.resolve(LABEL + ".archive")).exists();

    store.delete(LABEL);
    assertThat(store.remembers(ONE, DIGEST)).isTrue();
    assertThat(store.list(ArchiveOwner.anyone()).archives()).isEqualTo(FlatFolder.archives());
    assertThat(store.list(ArchiveOwner.anyone()).unreadable()).isEmpty();
    store.convert();

    assertThat(DirectoryArchiveStore.at(temp).remembers(ONE, DIGEST)).isTrue();
    assertThat(store.list(ArchiveOwner.anyone()).archives()).isEqualTo(FlatFolder.archives());
  }
}
