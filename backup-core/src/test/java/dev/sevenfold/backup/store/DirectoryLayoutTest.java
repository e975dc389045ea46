package dev.sevenfold.backup.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator finds in the folder, and may do there. */
class DirectoryLayoutTest {

  private static final Label LABEL = Label.parse("tenant_1_20261122010100");
  private static final byte[] ZSTD = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 1, 2, 3};

  @TempDir Path temp;

  private Path folder;
  private ArchiveStore store;

  @BeforeEach
  void open() {
    folder = temp.resolve("srv/backups");
    store = DirectoryArchiveStore.at(folder);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static ArchiveStore.Content content(String text) {
    return out -> out.write(text.getBytes(UTF_8));
  }

  private static List<String> files(Path folder) throws IOException {
    return StoreFiles.names(folder);
  }

  /** A path in the folder of tenant 1, which is there. */
  private Path own(String name) throws IOException {
    return Files.createDirectories(folder.resolve("tenant_1")).resolve(name);
  }

  private List<Label> labels() {
    return store.list(ArchiveOwner.anyone()).complete().stream().map(StoredArchive::label).toList();
  }

  private String read(Label label) throws IOException {
    try (InputStream in = store.open(label)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void knows_its_own_files_by_their_names_and_leaves_all_others_to_the_host() throws IOException {
    store.publish(LABEL, content("archive"));
    store.record(LABEL, ArchiveRecord.NONE.withPinned(true));
    OwnPlace place = store.ownPlaces().get(0);

    assertThat(files(folder)).hasSize(2).allMatch(place::isOwnName);
    assertThat(List.of("tenant_1", "tenant_a%20b", "tenant_a.b_c", "system"))
        .allMatch(place::isOwnFolder);
    assertThat(List.of("tenant_", "tenant_a b", "safety_1", "systems", "uploads", ""))
        .noneMatch(place::isOwnFolder);
    assertThat(
            List.of(
                "tenant_a.b_20261122010100.tar.zst",
                "safety_1_20261122010100-2.age",
                "system_20261122010100.archive",
                ".upload-17",
                ".sevenfold-store.json",
                ".sevenfold-converting",
                ".claim-tenant_1_20261122010100"))
        .allMatch(place::isOwnName);
    assertThat(
            List.of(
                "README",
                "tenant_1.tar.gz",
                "tenant_1_20261122010100",
                ".env",
                "system",
                "tenant_1",
                ".sevenfold-jobs",
                "a.tar.gz",
                ".",
                ""))
        .noneMatch(place::isOwnName);
  }

  @Test
  void a_file_is_named_by_its_label_and_its_first_bytes() throws IOException {
    byte[] gzip = gzip("rows");
    store.publish(LABEL, out -> out.write(gzip));
    store.publish(LABEL.next(), out -> out.write(ZSTD));
    store.publish(LABEL.next().next(), content("age-encryption.org/v1\n-> X25519"));
    store.publish(LABEL.next().next().next(), content("rows"));

    assertThat(files(folder))
        .containsExactly(
            "tenant_1_20261122010100-2.tar.zst",
            "tenant_1_20261122010100-3.age",
            "tenant_1_20261122010100-4.archive",
            "tenant_1_20261122010100.tar.gz");
  }

  @Test
  void nobody_else_can_read_archives_marks_or_uploads() throws IOException {
    List<String> whileUploading = new ArrayList<>();

    store.publish(
        LABEL,
        out -> {
          for (String file : files(folder)) {
            whileUploading.add(file.replaceAll("-[-0-9a-f]+$", "") + mode(folder.resolve(file)));
          }
          out.write(1);
        });
    store.record(LABEL, ArchiveRecord.NONE.withPinned(true));

    assertThat(whileUploading).containsExactly(".uploadrw-------");
    assertThat(mode(folder)).isEqualTo("rwx------");
    assertThat(mode(folder.resolve("tenant_1"))).isEqualTo("rwx------");
    assertThat(mode(temp.resolve("srv"))).isEqualTo("rwx------");
    List<Path> files = StoreFiles.all(folder);
    for (Path file : files) {
      assertThat(mode(file)).as("%s", file).isEqualTo("rw-------");
    }
    assertThat(files).as("archive, marks and marker").hasSize(3);
  }

  @Test
  void a_folder_that_is_there_keeps_its_mode() throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));

    store.publish(LABEL, content("rows"));

    assertThat(mode(folder)).isEqualTo("rwxr-x---");
  }

  @Test
  void listing_creates_no_folder() {
    assertThat(labels()).isEmpty();
    assertThatThrownBy(() -> store.stat(LABEL)).isInstanceOf(ArchiveNotFound.class);
    store.delete(LABEL);

    assertThat(folder).doesNotExist();
  }

  @Test
  void an_archive_that_somebody_puts_there_is_listed() throws IOException {
    Files.write(own(LABEL + ".tar.gz"), gzip("rows"));
    Files.writeString(own(LABEL + ".marks.json"), "{\"pinned\": true}");

    assertThat(store.list(ArchiveOwner.anyone()).complete())
        .containsExactly(
            new StoredArchive(LABEL, gzip("rows").length, ArchiveRecord.NONE.withPinned(true)));
  }

  @Test
  void other_files_are_neither_listed_nor_touched() throws IOException {
    Files.createDirectories(own("tenant_2_20261122010100.tar.gz"));
    List<String> foreign =
        List.of(
            "README",
            "tenant_1_20261122010100",
            "tenant_1_20261122010100.tar",
            "tenant_1_20261122010100.tar.gz.part",
            "tenant_1_20261322010100.tar.gz",
            "Tenant_1_20261122010100.tar.gz",
            ".tenant_1_20261122010100.tar.gz.Xy12",
            "customers.tar.gz",
            "tenant_7_20261122010100.marks.json");
    for (String name : foreign) {
      Files.writeString(own(name), name);
    }

    store.publish(LABEL, content("rows"));
    assertThat(labels()).containsExactly(LABEL);
    store.delete(LABEL);

    for (String name : foreign) {
      assertThat(own(name)).hasContent(name);
    }
    assertThat(files(folder)).hasSameSizeAs(foreign);
  }

  @Test
  void a_label_is_taken_whatever_stands_behind_it() throws IOException {
    Files.createDirectories(own(LABEL + ".archive"));
    Files.writeString(temp.resolve("elsewhere"), "rows");
    Files.createSymbolicLink(own(LABEL.next() + ".tar.gz"), temp.resolve("elsewhere"));
    store.publish(LABEL.next().next(), out -> out.write(ZSTD));

    for (Label taken : List.of(LABEL, LABEL.next(), LABEL.next().next())) {
      assertThatThrownBy(() -> store.publish(taken, content("other rows")))
          .isInstanceOf(LabelTaken.class)
          .hasMessageContaining(taken.value());
    }
  }

  @Test
  void the_folder_may_be_a_symbolic_link() throws IOException {
    Files.createDirectories(temp.resolve("big-disk"));
    Path link = Files.createSymbolicLink(temp.resolve("backups"), temp.resolve("big-disk"));
    store = DirectoryArchiveStore.at(link);

    store.publish(LABEL, content("rows"));

    assertThat(labels()).containsExactly(LABEL);
    assertThat(StoreFiles.file(temp.resolve("big-disk"), LABEL, ".archive")).hasContent("rows");
  }

  @Test
  void a_symbolic_link_is_no_archive() throws IOException {
    Path secret = Files.writeString(temp.resolve("secret"), "not yours");
    Files.createSymbolicLink(own(LABEL + ".tar.gz"), secret);

    assertThat(labels()).isEmpty();
    assertThatThrownBy(() -> store.open(LABEL)).isInstanceOf(ArchiveNotFound.class);
    store.delete(LABEL);
    assertThat(secret).hasContent("not yours");
  }

  @Test
  void what_is_named_like_an_archive_and_is_none_is_told_of() throws IOException {
    Files.createDirectories(own(LABEL + ".tar.gz"));
    Files.createSymbolicLink(own(LABEL.next() + ".age"), temp.resolve("nowhere"));
    Files.writeString(own(LABEL.next() + ".marks.json"), "{\"pinned\":true}");
    Files.createDirectories(folder.resolve("tenant_2_20261122010100.tar.gz"));

    Listing listing = store.list(ArchiveOwner.of(LABEL));

    String reason = "it is a link or a folder, not a file of the store";
    assertThat(listing)
        .isEqualTo(
            new Listing(
                List.of(),
                List.of(),
                List.of(
                    new Listing.Unreadable(LABEL, ArchiveRecord.NONE, reason),
                    new Listing.Unreadable(
                        LABEL.next(), ArchiveRecord.NONE.withPinned(true), reason))));
    assertThat(listing.complete()).isEmpty();
  }

  @Test
  void of_two_files_with_one_label_neither_is_lost() throws IOException {
    store.publish(LABEL, content("first"));
    Files.writeString(own(LABEL + ".tar.gz"), "second");

    assertThat(labels()).containsExactly(LABEL);
    assertThat(read(LABEL)).isEqualTo("second");
    store.delete(LABEL);
    assertThat(labels()).containsExactly(LABEL);
    assertThat(read(LABEL)).isEqualTo("first");
  }

  @Test
  void the_folder_may_be_given_as_a_relative_path() {
    Path relative = Path.of("").toAbsolutePath().relativize(folder.toAbsolutePath());

    ArchiveStore same = DirectoryArchiveStore.at(relative);
    same.publish(LABEL, content("rows"));

    assertThat(labels()).containsExactly(LABEL);
    assertThat(store.describe()).isEqualTo("directory " + folder);
  }

  @Test
  void works_without_hard_links() throws Exception {
    ArchiveStore linkless =
        DirectoryArchiveStore.at(FaultyFileSystem.withoutLinks().path(folder.toAbsolutePath()));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 20; round++) {
        Label label = Label.parse("tenant_1_2026112201%02d00".formatted(round));
        List<Future<Integer>> publishers = new ArrayList<>();
        for (int publisher = 0; publisher < 4; publisher++) {
          String text = "rows of " + publisher;
          publishers.add(threads.submit(() -> tryPublish(linkless, label, content(text))));
        }
        int published = 0;
        for (Future<Integer> publisher : publishers) {
          published += publisher.get();
        }
        assertThat(published).as("archives that got label %s", label).isEqualTo(1);
        assertThat(read(label)).startsWith("rows of ");
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(labels()).hasSize(20);
    assertThat(files(folder)).as("nothing else is left").hasSize(20);
  }

  private static int tryPublish(ArchiveStore store, Label label, ArchiveStore.Content content) {
    try {
      store.publish(label, content);
      return 1;
    } catch (LabelTaken e) {
      return 0;
    }
  }
}
