package dev.sevenfold.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.io.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtractionFolderTest {

  @TempDir Path temp;

  @Test
  void a_folder_that_is_not_empty_is_refused_and_left_alone() throws IOException {
    Path file = Files.writeString(temp.resolve("precious"), "mine");

    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> extract(Content.tenant(), temp))
        .withMessageContaining("it is not empty");
    assertThat(file).hasContent("mine");
    assertThat(temp).isDirectoryContaining(file::equals);
  }

  @Test
  void a_folder_that_is_not_there_is_refused() {
    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> extract(Content.tenant(), temp.resolve("missing")))
        .withMessageContaining("missing");
  }

  @Test
  void a_file_instead_of_a_folder_is_refused() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "mine");

    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> extract(Content.tenant(), file));
    assertThat(file).hasContent("mine");
  }

  @Test
  void a_disk_that_is_too_small_is_reported_before_anything_is_written() {
    List<Entry> entries =
        List.of(new Entry(ArchiveManifest.TENANT_DATABASE, 1L << 60, Sha256.hexOf(new byte[0])));
    byte[] archive = CraftedTar.of(Content.manifest(entries)).file("any", new byte[1]).gzip();
    ArchiveReader reader =
        ArchiveReader.withDefaults().limitedTo(ArchiveLimits.DEFAULT.withMaxBytes(Long.MAX_VALUE));

    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> reader.extract(new ByteArrayInputStream(archive), temp, bytes -> {}))
        .withMessageContaining("need 1152921504606851072 bytes")
        .withMessageContaining("are free");
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void a_file_that_the_disk_does_not_take_is_no_corrupt_archive_and_leaves_nothing() {
    Content content =
        Content.tenant().with("files/a/b/c", "written before").with("x".repeat(300), "too long");

    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> extract(content, temp))
        .withMessageContaining("cannot be extracted into " + temp);
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void a_link_that_somebody_puts_in_its_way_is_not_followed() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Path folder = Files.createDirectory(temp.resolve("scratch"));
    ExtractionFolder target = new ExtractionFolder(EntryPlaces.in(folder));
    Files.createSymbolicLink(folder.resolve("files"), outside);
    Files.createSymbolicLink(folder.resolve("file"), outside.resolve("new"));

    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> target.begin(new Entry("files/x", 1, Sha256.hexOf(new byte[1]))));
    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> target.begin(new Entry("file", 1, Sha256.hexOf(new byte[1]))));
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void a_relative_folder_is_as_good_as_an_absolute_one() {
    Path relative = Path.of("").toAbsolutePath().relativize(temp);

    extract(Content.tenant().with("files/a", "a"), relative);

    assertThat(temp.resolve("files/a")).hasContent("a");
  }

  private static void extract(Content content, Path folder) {
    byte[] archive = content.write(ArchiveWriter.withDefaults());
    ArchiveReader.withDefaults().extract(new ByteArrayInputStream(archive), folder, bytes -> {});
  }
}
