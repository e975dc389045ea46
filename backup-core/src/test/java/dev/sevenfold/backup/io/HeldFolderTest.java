package dev.sevenfold.backup.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever puts a link in the place of a folder leads nothing that is done in it elsewhere. */
class HeldFolderTest {

  private static final int ROUNDS = 2_000;
  private static final Path FILE = Path.of("file");
  private static final Path FRESH = Path.of("fresh");

  @TempDir Path given;
  private Path inside;
  private Path aside;
  private Path outside;
  private Path staged;
  private final DurableFiles disk = new DurableFiles();

  @BeforeEach
  void create() throws IOException {
    Path folder = given.toRealPath();
    inside = Files.createDirectories(folder.resolve("root/inside"));
    aside = folder.resolve("root/aside");
    outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(inside.resolve("file"), "of the tenant");
    Files.writeString(outside.resolve("file"), "of somebody else");
    staged = Files.writeString(folder.resolve("staged"), "restored");
  }

  private void requireHolding() throws IOException {
    try (var top = Files.newDirectoryStream(given)) {
      assumeTrue(top instanceof SecureDirectoryStream, "SKIPPED: this platform holds no folders");
    }
  }

  private void swap() throws IOException {
    Files.move(inside, aside);
    Files.createSymbolicLink(inside, outside);
  }

  private void swapBack() throws IOException {
    Files.delete(inside);
    Files.move(aside, inside);
  }

  private void assertUntouched() throws IOException {
    assertThat(outside.resolve("file")).hasContent("of somebody else");
    assertThat(DurableFiles.list(outside)).containsExactly(outside.resolve("file"));
  }

  @Test
  void a_folder_that_a_link_leads_to_is_not_opened() throws IOException {
    swap();

    assertThatIOException()
        .isThrownBy(() -> HeldFolder.open(inside))
        .withMessageContaining(inside + ": a link has come to be on the way");
    assertThatIOException()
        .isThrownBy(() -> HeldFolder.openFile(inside.resolve("file")))
        .withMessageContaining("a link has come to be on the way");
  }

  @Test
  void what_is_done_in_a_folder_is_done_there_whatever_its_path_leads_to_by_now()
      throws IOException {
    requireHolding();
    try (HeldFolder folder = HeldFolder.open(inside)) {
      swap();

      disk.copy(staged, folder, FRESH);
      FileOwners.giveAsReplaced(folder, FRESH, FILE);
      disk.force(folder, FRESH);
      disk.replace(folder, FRESH, FILE);
      assertThat(aside.resolve("file")).hasContent("restored");
      try (var in = folder.read(FILE)) {
        assertThat(in.size()).isEqualTo("restored".length());
      }
      disk.delete(folder, FILE);
    }
    assertThat(DurableFiles.list(aside)).isEmpty();
    assertUntouched();
  }

  @Test
  void a_folder_that_is_made_through_a_link_stays_empty_and_is_said() throws IOException {
    requireHolding();
    try (HeldFolder folder = HeldFolder.open(inside)) {
      swap();

      assertThatExceptionOfType(FileSystemException.class)
          .isThrownBy(() -> disk.createFolder(folder, Path.of("new")));
    }
    assertThat(DurableFiles.list(outside.resolve("new"))).isEmpty();
  }

  @Test
  void a_link_in_the_place_of_a_file_is_neither_read_nor_written_through() throws IOException {
    Files.createSymbolicLink(inside.resolve("link"), outside.resolve("file"));
    Path link = Path.of("link");

    try (HeldFolder folder = HeldFolder.open(inside)) {
      assertThatIOException().isThrownBy(() -> folder.read(link));
      assertThatIOException().isThrownBy(() -> disk.copy(staged, folder, link));
      disk.delete(folder, link);
    }
    assertUntouched();
  }

  @Test
  void a_folder_that_may_be_entered_and_not_read_is_named_where_others_may_exchange_it()
      throws IOException {
    requireHolding();
    Files.createDirectory(inside.resolve("below"));
    PosixModes.set(inside, 0311);
    try {
      assumeTrue(!Files.isReadable(inside), "SKIPPED: root may read every folder");
      HeldFolder.open(inside.resolve("below")).close();
      PosixModes.set(given.toRealPath().resolve("root"), 0777);

      assertThatExceptionOfType(AccessDeniedException.class)
          .isThrownBy(() -> HeldFolder.open(inside.resolve("below")))
          .withMessageContaining("folder " + inside + " may not be read by this process");
    } finally {
      PosixModes.set(inside, 0755);
    }
  }

  @Test
  void missing_folders_are_made_and_a_missing_one_is_told_by_its_whole_path() throws IOException {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> HeldFolder.open(inside.resolve("a/b")))
        .withMessage(inside.resolve("a").toString());

    disk.createHeld(inside.resolve("a/b")).close();

    assertThat(inside.resolve("a/b")).isDirectory();
  }

  @Test
  void nothing_is_led_elsewhere_while_somebody_swaps_the_folder_all_the_time() throws Exception {
    requireHolding();
    AtomicBoolean ended = new AtomicBoolean();
    Thread hostile =
        new Thread(
            () -> {
              try {
                while (!ended.get()) {
                  swap();
                  swapBack();
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    hostile.start();
    try {
      for (int i = 0; i < ROUNDS; i++) {
        restoreOnce();
      }
    } finally {
      ended.set(true);
      hostile.join();
    }
    assertUntouched();
  }

  private void restoreOnce() throws IOException {
    try (HeldFolder folder = HeldFolder.open(inside)) {
      disk.copy(staged, folder, FRESH);
      FileOwners.giveAsReplaced(folder, FRESH, FILE);
      disk.replace(folder, FRESH, FILE);
    } catch (FileSystemException e) {
      // The link was there, or nothing was: that is what is refused.
      assertThat(e.getFile()).startsWith(inside.toString());
    }
    try (InputStream in = HeldFolder.openFile(inside.resolve("file"))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .isNotEqualTo("of somebody else");
    } catch (FileSystemException e) {
      assertThat(e.getFile()).startsWith(inside.toString());
    }
  }
}
