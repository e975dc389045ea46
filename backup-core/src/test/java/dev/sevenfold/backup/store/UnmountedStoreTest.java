package dev.sevenfold.backup.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.io.UsedPlaces;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of a folder that was used as a store is not mounted: it is empty, or not there. */
class UnmountedStoreTest {

  private static final Label LABEL = Label.parse("tenant_1_20261122010100");
  private static final ArchiveOwner ONE = ArchiveOwner.tenant(TenantId.of(1));

  @TempDir Path temp;
  private Path folder;
  private Path database;

  @BeforeEach
  void create() throws IOException {
    folder = temp.resolve("mnt/backups");
    database = Files.createFile(temp.resolve("app.sqlite3"));
  }

  private DirectoryArchiveStore store(Path at) {
    DirectoryArchiveStore store = DirectoryArchiveStore.at(at);
    store.noteUseBeside(database);
    return store;
  }

  /** As another process opens it, after a reboot say. */
  private DirectoryArchiveStore store() {
    return store(folder);
  }

  private static ArchiveStore.Content content(String text) {
    return out -> out.write(text.getBytes(UTF_8));
  }

  private void unmount() throws IOException {
    Files.move(folder, temp.resolve("disk"));
    Files.createDirectory(folder);
  }

  private void mount() throws IOException {
    Files.delete(folder);
    Files.move(temp.resolve("disk"), folder);
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("is not mounted");
  }

  @Test
  void nothing_is_written_to_it_and_nobody_says_that_all_is_well() throws IOException {
    store().publish(LABEL, content("rows"));
    unmount();
    List<Consumer<ArchiveStore>> calls =
        List.of(
            store -> store.publish(LABEL.next(), content("more")),
            store -> store.list(ONE),
            store -> store.list(ArchiveOwner.anyone()),
            store -> store.stat(LABEL),
            store -> store.open(LABEL),
            store -> store.record(LABEL, ArchiveRecord.NONE.withPinned(true)),
            store -> store.delete(LABEL));

    calls.forEach(call -> assertRefused(() -> call.accept(store())));

    assertThat(folder).isEmptyDirectory();
    mount();
    assertThat(store().list(ONE).complete()).hasSize(1);
    store().publish(LABEL.next(), content("more"));
  }

  @Test
  void the_message_says_which_folder_how_that_is_known_and_what_to_do() throws IOException {
    store().publish(LABEL, content("rows"));
    unmount();

    assertThatThrownBy(() -> store().list(ONE))
        .hasMessageContainingAll(
            "directory " + folder,
            database + UsedPlaces.SUFFIX,
            "Mount it",
            "FolderArchiveStore.prepare()");
  }

  @Test
  void it_is_known_again_however_its_path_is_spelled() throws IOException {
    Path around = temp.resolve("mnt/../mnt/./backups");
    Path relative = Path.of("").toAbsolutePath().relativize(folder);
    store(around).publish(LABEL, content("rows"));
    unmount();

    for (Path spelled : List.of(folder, around, relative)) {
      assertRefused(() -> store(spelled).list(ONE));
    }
    mount();
    store(relative).publish(LABEL.next(), content("more"));
    assertThat(Files.readAllLines(Path.of(database + UsedPlaces.SUFFIX)))
        .containsExactly("directory " + folder);
  }

  @Test
  void a_folder_that_is_gone_with_its_disk_is_not_made_anew() throws IOException {
    store().publish(LABEL, content("rows"));
    Files.move(temp.resolve("mnt"), temp.resolve("disk"));

    assertRefused(() -> store().publish(LABEL.next(), content("more")));
    assertRefused(() -> store().list(ONE));

    assertThat(temp.resolve("mnt")).doesNotExist();
  }

  @Test
  void so_it_is_where_the_disk_goes_while_the_process_runs_and_nothing_is_noted()
      throws IOException {
    DirectoryArchiveStore store = DirectoryArchiveStore.at(folder);
    store.publish(LABEL, content("rows"));
    unmount();

    assertRefused(() -> store.publish(LABEL.next(), content("more")));
    assertRefused(() -> store.list(ONE));
    assertRefused(() -> store.list(ArchiveOwner.anyone()));
    assertRefused(() -> store.stat(LABEL));

    assertThat(folder).isEmptyDirectory();
    mount();
    assertThat(store.list(ONE).complete()).hasSize(1);
  }

  @Test
  void a_folder_of_a_version_before_is_guarded_too() throws IOException {
    FlatFolder.at(folder);
    Label label = FlatFolder.TENANT.next();
    DirectoryArchiveStore running = store();
    running.publish(label, content("rows"));
    unmount();

    for (ArchiveStore store : List.of(running, store())) {
      assertRefused(() -> store.publish(label.next(), content("more")));
      assertRefused(() -> store.list(ArchiveOwner.anyone()));
      assertRefused(() -> store.stat(label));
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_new_folder_takes_archives_without_ceremony_beside_one_that_was_used() throws IOException {
    assertThat(store().list(ONE).complete()).isEmpty();
    assertThatThrownBy(() -> store().stat(LABEL)).isInstanceOf(ArchiveNotFound.class);
    store().publish(LABEL, content("rows"));

    assertThat(store(temp.resolve("other")).list(ONE).complete()).isEmpty();
    store(temp.resolve("other")).publish(LABEL, content("rows"));

    assertThat(Files.readAllLines(Path.of(database + UsedPlaces.SUFFIX)))
        .containsExactlyInAnyOrder(store().describe(), "directory " + temp.resolve("other"));
  }

  @Test
  void a_copy_without_the_marker_is_no_empty_folder() throws IOException {
    store().publish(LABEL, content("rows"));
    Files.delete(folder.resolve(".sevenfold-store.json"));

    assertThat(store().list(ONE).complete()).hasSize(1);
    store().publish(LABEL.next(), content("more"));

    assertThat(folder.resolve(".sevenfold-store.json")).exists();
  }

  @Test
  void a_store_whose_archives_were_all_deleted_is_there() {
    store().publish(LABEL, content("rows"));
    store().delete(LABEL);

    assertThat(store().list(ArchiveOwner.anyone()).complete()).isEmpty();
    store().publish(LABEL, content("more"));
  }

  @Test
  void a_folder_of_a_version_before_whose_archives_were_all_deleted_is_there() throws IOException {
    FlatFolder.at(folder);
    Label label = FlatFolder.TENANT.next();
    store().publish(label, content("rows"));

    store().delete(label);
    FlatFolder.LABELS.forEach(each -> store().delete(each));

    assertThat(store().list(ArchiveOwner.anyone()).complete()).isEmpty();
    unmount();
    assertRefused(() -> store().list(ArchiveOwner.anyone()));
    mount();
    store().publish(label, content("more"));
    assertThat(store().list(ArchiveOwner.anyone()).complete()).hasSize(1);
  }

  @Test
  void prepared_it_begins_anew_on_another_disk() throws IOException {
    store().publish(LABEL, content("rows"));
    unmount();

    store().prepare();

    assertThat(store().list(ONE).complete()).isEmpty();
    store().publish(LABEL, content("rows"));
    store().prepare();
    assertThat(store().list(ONE).complete()).hasSize(1);
  }

  @Test
  void prepared_it_is_guarded_before_its_first_archive() throws IOException {
    store().prepare();
    unmount();

    assertRefused(() -> store().publish(LABEL, content("rows")));
  }

  @Test
  void a_folder_of_a_version_before_stays_flat_when_it_is_prepared() throws IOException {
    FlatFolder.at(folder);

    store().prepare();

    assertThat(folder.resolve(".sevenfold-store.json")).doesNotExist();
  }

  @Test
  void a_mirror_goes_on_without_the_replica_whose_disk_is_away() throws IOException {
    Path first = temp.resolve("first");
    MirroredArchiveStore mirror =
        MirroredArchiveStore.of(DirectoryArchiveStore.at(first), DirectoryArchiveStore.at(folder));
    mirror.noteUseBeside(database);
    mirror.publish(LABEL, content("rows"));
    unmount();
    MirroredArchiveStore later =
        MirroredArchiveStore.of(DirectoryArchiveStore.at(first), DirectoryArchiveStore.at(folder));
    later.noteUseBeside(database);

    assertThatThrownBy(() -> later.publish(LABEL.next(), content("more")))
        .isInstanceOfSatisfying(
            StoreUnavailable.class, failure -> assertThat(failure.published()).isTrue())
        .hasMessageContaining("is not mounted");
    assertThat(later.list(ONE).archives()).hasSize(2);
    assertThat(later.list(ONE).silent()).hasSize(1);
    assertThat(folder).isEmptyDirectory();

    mount();
    assertThat(later.catchUp()).hasSize(1);
  }

  @Test
  void where_nothing_can_be_noted_archives_are_kept_all_the_same() throws IOException {
    Files.createDirectory(Path.of(database + UsedPlaces.SUFFIX));

    store().publish(LABEL, content("rows"));

    assertThat(store().list(ONE).complete()).hasSize(1);
  }

  @Test
  void many_may_publish_at_once_into_a_new_store() throws Exception {
    int publishers = 4;
    ExecutorService threads = Executors.newFixedThreadPool(publishers);
    try {
      for (int round = 0; round < 100; round++) {
        ArchiveStore store = DirectoryArchiveStore.at(temp.resolve("new-" + round));
        CyclicBarrier together = new CyclicBarrier(publishers);
        List<Future<StoredArchive>> published = new ArrayList<>();
        for (int n = 0; n < publishers; n++) {
          Label label = Label.parse("tenant_" + n + "_20261122010100");
          published.add(
              threads.submit(
                  () -> {
                    together.await(1, TimeUnit.MINUTES);
                    return store.publish(label, content("rows"));
                  }));
        }
        for (Future<StoredArchive> each : published) {
          each.get();
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
