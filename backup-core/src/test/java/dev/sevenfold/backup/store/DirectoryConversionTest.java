package dev.sevenfold.backup.store;

import static dev.sevenfold.backup.store.FlatFolder.LABELS;
import static dev.sevenfold.backup.store.FlatFolder.SAFETY;
import static dev.sevenfold.backup.store.FlatFolder.SYSTEM;
import static dev.sevenfold.backup.store.FlatFolder.TENANT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders that versions before this one have filled, and how they become those of this one. */
class DirectoryConversionTest {

  private static final Label NEW = Label.parse("tenant_7_20261123010100");
  private static final String MARKER = ".sevenfold-store.json";
  private static final String SIGN = ".sevenfold-converting";

  @TempDir Path temp;

  private static DirectoryArchiveStore at(Path folder) {
    // Nobody is at work who is not dead.
    return DirectoryArchiveStore.at(folder, Clock.systemUTC(), Duration.ZERO);
  }

  private static List<StoredArchive> list(ArchiveStore store) {
    return store.list(ArchiveOwner.anyone()).complete();
  }

  private static void publish(ArchiveStore store, Label label) {
    store.publish(label, out -> out.write(FlatFolder.content(label).getBytes(UTF_8)));
  }

  private static void assertAllThere(ArchiveStore store) throws IOException {
    assertThat(list(store)).isEqualTo(FlatFolder.archives());
    assertThat(store.list(ArchiveOwner.anyone()).unreadable()).isEmpty();
    for (StoredArchive archive : FlatFolder.archives()) {
      assertThat(store.stat(archive.label())).isEqualTo(archive);
      assertThat(store.list(ArchiveOwner.of(archive.label())).complete()).contains(archive);
      assertContent(store, archive.label());
    }
    assertThat(store.list(ArchiveOwner.of(TENANT)).complete()).hasSize(2);
  }

  private static void assertContent(ArchiveStore store, Label label) throws IOException {
    try (InputStream in = store.open(label)) {
      assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo(FlatFolder.content(label));
    }
  }

  private static List<String> inRoot(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !Files.isDirectory(file))
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void a_flat_folder_is_read_and_written_as_it_is() throws IOException {
    Path folder = FlatFolder.at(temp.resolve("backups"));
    ArchiveStore store = at(folder);
    assertAllThere(store);

    publish(store, NEW);
    store.record(NEW, ArchiveRecord.NONE.withPinned(true));
    store.delete(SYSTEM);

    assertThat(inRoot(folder))
        .contains(NEW + ".archive", NEW + ".marks.json")
        .doesNotContain(MARKER, SYSTEM + ".archive");
    assertThat(folder.resolve("tenant_7")).doesNotExist();
    assertContent(at(folder), NEW);
    assertThat(at(folder).stat(NEW).record().pinned()).isTrue();
  }

  @Test
  void a_new_folder_has_a_folder_for_each_owner_and_a_marker() throws IOException {
    Path folder = temp.resolve("backups");
    for (Label label : LABELS) {
      publish(at(folder), label);
    }

    assertThat(inRoot(folder)).containsExactly(MARKER);
    assertThat(folder.resolve(MARKER)).hasContent("{\"layout\":2}");
    assertThat(folder.resolve("tenant_7").resolve(TENANT + ".archive")).exists();
    assertThat(folder.resolve("tenant_7").resolve(SAFETY + ".archive")).exists();
    assertThat(folder.resolve("tenant_a%20b.c")).isDirectoryContaining("glob:**.archive");
    assertThat(folder.resolve("system").resolve(SYSTEM + ".archive")).exists();
  }

  @Test
  void a_converted_folder_has_all_that_the_flat_one_had() throws IOException {
    Path folder = FlatFolder.at(temp.resolve("backups"));
    ArchiveStore before = at(folder);
    assertAllThere(before);

    assertThat(at(folder).convert()).containsExactlyElementsOf(LABELS);

    assertThat(inRoot(folder)).containsExactly(MARKER, "README");
    assertAllThere(before);
    assertAllThere(at(folder));
    assertThat(at(folder).convert()).isEmpty();
    publish(before, NEW);
    assertThat(StoreFiles.file(folder, NEW, ".archive")).exists();
  }

  @Test
  void an_empty_folder_can_be_converted() throws IOException {
    Path folder = temp.resolve("backups");

    assertThat(at(folder).convert()).isEmpty();

    assertThat(inRoot(folder)).containsExactly(MARKER);
    publish(at(folder), TENANT);
    assertThat(StoreFiles.file(folder, TENANT, ".archive")).exists();
  }

  @Test
  void a_conversion_without_hard_links_loses_nothing() throws IOException {
    Path folder = FlatFolder.at(temp.resolve("backups"));

    at(FaultyFileSystem.withoutLinks().path(folder)).convert();

    assertAllThere(at(folder));
    assertThat(inRoot(folder)).containsExactly(MARKER, "README");
  }

  /** What may happen to a folder in which a conversion was killed. */
  @FunctionalInterface
  private interface Then {
    void on(Path folder) throws IOException;
  }

  private void afterEachStep(IntFunction<FaultyFileSystem> fault, Then then) throws IOException {
    boolean failed = true;
    int step = 0;
    while (failed) {
      step++;
      Path folder = FlatFolder.at(temp.resolve("folder-" + step));
      FaultyFileSystem disk = fault.apply(step);
      try {
        at(disk.path(folder)).convert();
      } catch (BackupException e) {
        assertThat(e).isInstanceOf(StoreUnavailable.class);
      }
      failed = disk.hasFailed();
      try {
        then.on(folder);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("After a failure at " + disk.failedStep(), e);
      }
    }
    assertThat(step).as("steps of a conversion").isBetween(50, 400);
  }

  private void assertConverts(Path folder) throws IOException {
    at(folder).convert();
    assertAllThere(at(folder));
    assertThat(inRoot(folder))
        .filteredOn(name -> !ArchiveFileName.isTemporary(name))
        .containsExactly(MARKER, "README");
  }

  @Test
  void a_conversion_that_is_killed_anywhere_has_lost_nothing_and_goes_on() throws IOException {
    afterEachStep(
        FaultyFileSystem::killedAt,
        folder -> {
          assertAllThere(at(folder));
          assertConverts(folder);
        });
  }

  @Test
  void a_conversion_that_fails_anywhere_has_lost_nothing_and_goes_on() throws IOException {
    afterEachStep(
        FaultyFileSystem::failingAt,
        folder -> {
          assertAllThere(at(folder));
          assertConverts(folder);
        });
  }

  @Test
  void a_folder_whose_conversion_was_killed_is_written_to_as_any() throws IOException {
    ArchiveRecord other = ArchiveRecord.NONE.withPinned(true);
    afterEachStep(
        FaultyFileSystem::killedAt,
        folder -> {
          ArchiveStore store = at(folder);
          store.record(TENANT, other);
          assertThat(at(folder).stat(TENANT).record()).isEqualTo(other);
          assertThatThrownBy(() -> publish(store, SAFETY)).isInstanceOf(LabelTaken.class);
          store.delete(SAFETY);
          store.delete(SYSTEM);
          publish(store, NEW);
          assertThat(list(at(folder)))
              .extracting(StoredArchive::label)
              .containsExactly(TENANT, NEW, FlatFolder.ODD);

          at(folder).convert();

          assertThat(list(at(folder)))
              .extracting(StoredArchive::label)
              .containsExactly(TENANT, NEW, FlatFolder.ODD);
          assertThat(at(folder).stat(TENANT).record()).isEqualTo(other);
          assertContent(at(folder), TENANT);
          assertThat(StoreFiles.names(folder))
              .as("of what was deleted nothing is left")
              .filteredOn(name -> !ArchiveFileName.isTemporary(name))
              .hasSize(5);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"layout\":3}", "{}", "", "[2]", "{\"layout\":\"2\"}", "layout: 2"})
  void a_folder_of_a_later_version_is_refused_and_stays_as_it_is(String marker) throws IOException {
    Path folder = FlatFolder.at(temp.resolve("backups"));
    Files.writeString(folder.resolve(MARKER), marker);
    List<String> before = StoreFiles.names(folder);
    DirectoryArchiveStore store = at(folder);

    List<Runnable> calls =
        List.of(
            () -> list(store),
            () -> store.stat(TENANT),
            () -> store.open(TENANT),
            () -> publish(store, NEW),
            () -> store.record(TENANT, ArchiveRecord.NONE),
            () -> store.delete(TENANT),
            store::convert);
    for (Runnable call : calls) {
      assertThatThrownBy(call::run)
          .isInstanceOf(OperationFailed.class)
          .hasMessageContaining(MARKER)
          .hasMessageContaining("Use a newer version");
    }

    assertThat(StoreFiles.names(folder)).isEqualTo(before);
  }

  @Test
  void a_marker_with_more_than_the_number_is_understood() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("backups"));
    Files.writeString(folder.resolve(MARKER), "{\"by\":{\"layout\":9},\"layout\":2}   ");

    publish(at(folder), TENANT);

    assertThat(StoreFiles.file(folder, TENANT, ".archive")).exists();
  }

  @Test
  void a_marker_that_cannot_be_read_now_makes_the_store_unavailable() throws IOException {
    Path folder = FlatFolder.at(temp.resolve("backups"));
    Files.createDirectories(folder.resolve(MARKER));

    assertThatThrownBy(() -> list(at(folder))).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> publish(at(folder), NEW)).isInstanceOf(StoreUnavailable.class);
  }

  @Test
  void archives_are_found_where_the_marker_was_lost() throws IOException {
    Path folder = FlatFolder.at(temp.resolve("backups"));
    at(folder).convert();
    Files.delete(folder.resolve(MARKER)); // as by cp -r backups/* elsewhere

    assertAllThere(at(folder));
    publish(at(folder), NEW);
    assertThat(StoreFiles.file(folder, NEW, ".archive")).exists();
    assertThat(folder.resolve(MARKER)).exists();
  }

  @Test
  void an_archive_beside_the_folders_is_named_and_taken_in_by_a_conversion() throws IOException {
    Path folder = temp.resolve("backups");
    publish(at(folder), TENANT);
    Files.writeString(folder.resolve(NEW + ".archive"), FlatFolder.content(NEW));
    Files.writeString(folder.resolve(NEW + ".marks.json"), "{\"pinned\":true}");
    DirectoryArchiveStore store = at(folder);

    assertThat(list(store)).extracting(StoredArchive::label).containsExactly(TENANT);
    assertThat(store.list(ArchiveOwner.anyone()).unreadable())
        .singleElement()
        .satisfies(
            beside -> {
              assertThat(beside.label()).isEqualTo(NEW);
              assertThat(beside.reason()).contains("tenant_7", "convert the store");
            });
    assertThatThrownBy(() -> publish(store, NEW)).isInstanceOf(LabelTaken.class);
    assertThat(store.convert()).containsExactly(NEW);

    assertThat(store.stat(NEW).record().pinned()).isTrue();
    assertContent(store, NEW);
    assertThat(inRoot(folder)).containsExactly(MARKER);
  }

  @Test
  void an_archive_in_the_folder_of_another_owner_is_named() throws IOException {
    Path folder = temp.resolve("backups");
    publish(at(folder), TENANT);
    Files.writeString(folder.resolve("tenant_7/tenant_8_20261122010100.tar.gz"), "rows");

    assertThat(at(folder).list(ArchiveOwner.anyone()).unreadable())
        .singleElement()
        .satisfies(other -> assertThat(other.reason()).contains("the folder tenant_8"));
    assertThat(at(folder).list(ArchiveOwner.of(TENANT)).unreadable()).isEmpty();
  }

  @Test
  void of_two_archives_with_one_label_neither_is_lost() throws IOException {
    Path folder = temp.resolve("backups");
    publish(at(folder), TENANT);
    Path beside = folder.resolve(TENANT + ".archive");
    Files.writeString(beside, "other rows");
    Files.writeString(folder.resolve(NEW + ".archive"), FlatFolder.content(NEW));

    assertThatThrownBy(() -> at(folder).convert())
        .isInstanceOf(OperationFailed.class)
        .hasMessageContaining(beside.getFileName().toString())
        .hasMessageContaining("a label of its own");

    assertThat(beside).hasContent("other rows");
    assertContent(at(folder), TENANT);
    assertContent(at(folder), NEW);
    assertThat(folder.resolve(SIGN)).doesNotExist();
  }

  @Test
  void a_link_in_the_place_of_an_owners_folder_is_not_followed() throws IOException {
    Path folder = temp.resolve("backups");
    publish(at(folder), TENANT);
    publish(at(folder), SYSTEM);
    Path elsewhere = temp.resolve("elsewhere");
    Files.move(folder.resolve("tenant_7"), elsewhere);
    Files.createSymbolicLink(folder.resolve("tenant_7"), elsewhere);
    ArchiveStore store = at(folder);

    assertThat(list(store)).extracting(StoredArchive::label).containsExactly(SYSTEM);
    for (Runnable call :
        List.<Runnable>of(
            () -> store.list(ArchiveOwner.of(TENANT)),
            () -> store.open(TENANT),
            () -> publish(store, NEW),
            () -> store.record(TENANT, ArchiveRecord.NONE),
            () -> store.delete(TENANT))) {
      assertThatThrownBy(call::run)
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("tenant_7 is not a folder");
    }
    assertThat(StoreFiles.names(elsewhere)).containsExactly(TENANT + ".archive");
  }

  @Test
  void a_tenant_that_no_label_fits_has_no_archives() throws IOException {
    ArchiveStore store = at(FlatFolder.at(temp.resolve("backups")));

    assertThat(store.list(ArchiveOwner.tenant(TenantId.of("x".repeat(300)))).complete()).isEmpty();
  }
}
