package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.io.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One crafted archive for each thing that an archive must not be able to do. */
class HostileArchiveTest {

  private static final String FILE = "files/x";
  private static final byte[] CONTENT = "content".getBytes(UTF_8);
  private static final Content HONEST = Content.tenant().with(FILE, CONTENT);
  private static final byte[] DATABASE = HONEST.get(ArchiveManifest.TENANT_DATABASE);

  @TempDir Path temp;
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temp.resolve("scratch"));
  }

  @Test
  void the_honest_one_that_the_others_are_made_from_is_accepted() {
    byte[] archive = CraftedTar.of(HONEST.manifest()).files(HONEST).end().gzip();

    ArchiveReader.withDefaults().extract(new ByteArrayInputStream(archive), folder, bytes -> {});

    assertThat(Content.read(folder)).containsExactlyInAnyOrderEntriesOf(HONEST.entries());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil",
        "files/../../evil",
        "/tmp/sevenfold-evil",
        "files\\\\..\\\\evil",
        "C:/x"
      })
  void a_manifest_that_names_a_path_outside_is_refused(String name) {
    String manifest = json().replace(FILE, name);
    byte[] archive =
        CraftedTar.of(manifest).file(database(), DATABASE).file(name, CONTENT).end().gzip();

    assertThat(Reading.refused(archive, folder)).hasMessageContaining("entry name");
    assertNothingOutside();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "/tmp/sevenfold-evil", "../scratch/files/x", "./files/x"})
  void a_tar_that_names_a_path_outside_is_refused(String name) {
    byte[] archive = honestBut().file(name, CONTENT).end().gzip();

    assertThat(Reading.refused(archive, folder))
        .hasMessageContaining("where the manifest has \"files/x\"");
    assertNothingOutside();
  }

  @Test
  void a_symbolic_link_is_refused() {
    assertTypeRefused(TarConstants.LF_SYMLINK, "/etc/passwd");
  }

  @Test
  void a_hard_link_is_refused() {
    assertTypeRefused(TarConstants.LF_LINK, "tenant.sqlite3");
  }

  @Test
  void a_character_device_is_refused() {
    assertTypeRefused(TarConstants.LF_CHR, "");
  }

  @Test
  void a_block_device_is_refused() {
    assertTypeRefused(TarConstants.LF_BLK, "");
  }

  @Test
  void a_fifo_is_refused() {
    assertTypeRefused(TarConstants.LF_FIFO, "");
  }

  @Test
  void a_folder_is_refused() {
    assertTypeRefused(TarConstants.LF_DIR, "");
  }

  @Test
  void a_type_that_nobody_has_heard_of_is_refused() {
    assertTypeRefused((byte) '\n', "");
  }

  @Test
  void a_link_through_which_a_later_entry_would_be_written_is_refused() {
    byte[] archive =
        honestBut()
            .special("files", TarConstants.LF_SYMLINK, temp.toString())
            .file(FILE, CONTENT)
            .end()
            .gzip();

    Reading.refused(archive, folder);
    assertNothingOutside();
  }

  @Test
  void a_sparse_file_is_refused() {
    byte[] archive =
        honestBut()
            .extension("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=7")
            .file(FILE, Arrays.copyOf("1\n0\n7\ncontent".getBytes(UTF_8), 512 + 7))
            .end()
            .gzip();

    assertThat(Reading.refused(archive, folder)).hasMessageContaining("not an ordinary file");
  }

  @Test
  void an_entry_that_is_there_twice_is_refused() {
    byte[] archive = honestBut().file(database(), DATABASE).file(FILE, CONTENT).end().gzip();

    Reading.refused(archive, folder);
  }

  @Test
  void an_entry_that_the_manifest_does_not_declare_is_refused() {
    byte[] archive = honestBut().file(FILE, CONTENT).file("more", CONTENT).end().gzip();

    assertThat(Reading.refused(archive, folder))
        .hasMessageContaining("goes on after the last entry");
  }

  @Test
  void an_entry_that_is_missing_is_refused() {
    assertThat(Reading.refused(honestBut().end().gzip(), folder)).hasMessageContaining("missing");
  }

  @Test
  void entries_in_another_order_are_refused() {
    byte[] archive =
        CraftedTar.of(HONEST.manifest())
            .file(FILE, CONTENT)
            .file(database(), DATABASE)
            .end()
            .gzip();

    assertThat(Reading.refused(archive, folder))
        .hasMessageContaining("\"files/x\" where the manifest has \"tenant.sqlite3\"");
  }

  @Test
  void a_manifest_that_does_not_come_first_is_refused() {
    byte[] archive =
        CraftedTar.empty()
            .files(HONEST)
            .file(ArchiveManifest.ENTRY_NAME, ManifestJson.write(HONEST.manifest()))
            .end()
            .gzip();

    assertThat(Reading.refused(archive, folder))
        .hasMessageContaining("does not begin with manifest.json");
  }

  @Test
  void a_second_manifest_is_refused() {
    byte[] archive =
        CraftedTar.of(HONEST.manifest())
            .file(ArchiveManifest.ENTRY_NAME, ManifestJson.write(HONEST.manifest()))
            .files(HONEST)
            .end()
            .gzip();

    Reading.refused(archive, folder);
  }

  @Test
  void a_manifest_that_is_a_link_is_refused() {
    byte[] archive =
        CraftedTar.empty()
            .special(ArchiveManifest.ENTRY_NAME, TarConstants.LF_SYMLINK, "/etc/passwd")
            .files(HONEST)
            .end()
            .gzip();

    Reading.refused(archive, folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[[[[[[[[", "{\"formatVersion\": 1}"})
  void a_manifest_that_is_none_is_refused(String manifest) {
    byte[] archive = CraftedTar.of(manifest).files(HONEST).end().gzip();

    assertThat(Reading.refused(archive, folder)).hasMessageContaining("manifest");
  }

  @Test
  void a_newer_format_is_refused_by_its_version() {
    byte[] archive = CraftedTar.of("{\"formatVersion\": 3}").end().gzip();

    assertThat(Reading.refused(archive, folder))
        .hasMessageContaining("format version 3; this library reads up to version 2");
  }

  @Test
  void a_size_that_the_tar_says_otherwise_is_refused() {
    byte[] archive = honestBut().file(FILE, new byte[8]).end().gzip();

    assertThat(Reading.refused(archive, folder))
        .hasMessageContaining("has 8 bytes, and the manifest says 7");
  }

  @Test
  void other_content_of_the_same_size_is_refused() {
    byte[] archive = honestBut().file(FILE, new byte[7]).end().gzip();

    assertThat(Reading.refused(archive, folder)).hasMessageContaining("SHA-256");
  }

  @Test
  void sizes_that_lie_about_what_is_there_are_refused() {
    List<Entry> entries =
        List.of(
            HONEST.manifest().entries().get(0),
            new Entry(FILE, Long.MAX_VALUE / 2, Sha256.hexOf(CONTENT)));
    TarArchiveEntry header = new TarArchiveEntry(FILE);
    header.setSize(Long.MAX_VALUE / 2);
    byte[] lying =
        CraftedTar.of(Content.manifest(entries))
            .file(database(), DATABASE)
            .header(header)
            .raw(Arrays.copyOf(CONTENT, 512))
            .end()
            .gzip();

    assertThat(Reading.refused(lying, folder)).hasMessageContaining("the limit is");
    ArchiveReader unlimited =
        ArchiveReader.withDefaults().limitedTo(ArchiveLimits.DEFAULT.withMaxBytes(Long.MAX_VALUE));
    assertThatExceptionOfType(ArchiveCorrupt.class)
        .isThrownBy(() -> unlimited.verify(new ByteArrayInputStream(lying), bytes -> {}));
  }

  @Test
  void a_name_in_a_header_extension_without_end_is_refused() {
    byte[] name = "x".repeat(10 << 20).getBytes(UTF_8);
    TarArchiveEntry longName =
        new TarArchiveEntry(TarConstants.GNU_LONGLINK, TarConstants.LF_GNUTYPE_LONGNAME);
    longName.setSize(name.length);
    byte[] archive = CraftedTar.empty().entry(longName, name).file("x", CONTENT).end().gzip();

    assertThat(Reading.refused(archive, folder)).hasMessageContaining("must end");
  }

  @Test
  void header_extensions_one_after_the_other_without_end_are_refused() {
    CraftedTar tar = CraftedTar.empty();
    for (int i = 0; i < 20_000; i++) {
      tar.extension("comment=x");
    }

    assertThat(Reading.refused(tar.files(HONEST).end().gzip(), folder))
        .hasMessageContaining("must end");
  }

  @Test
  void a_file_name_in_the_gzip_header_without_end_is_refused() {
    byte[] endless = new byte[64 << 20];
    Arrays.fill(endless, (byte) 'x');
    byte[] honest = HONEST.write(ArchiveWriter.withDefaults());
    System.arraycopy(honest, 0, endless, 0, 10);
    endless[3] = 8; // a file name follows

    assertThat(Reading.refused(endless, folder)).hasMessageContaining("hold nothing");
  }

  @Test
  void bytes_in_the_padding_after_the_last_entry_are_refused() {
    byte[] tar = CraftedTar.of(HONEST.manifest()).files(HONEST).end().tar();
    tar[tar.length - 1_025] = 1;

    Reading.refused(CraftedTar.gzip(tar), folder);
  }

  @Test
  void bytes_after_the_end_of_the_tar_are_refused() {
    byte[] archive =
        CraftedTar.of(HONEST.manifest()).files(HONEST).end().raw(new byte[] {1}).gzip();

    assertThat(Reading.refused(archive, folder)).hasMessageContaining("goes on after");
  }

  @Test
  void zeros_without_end_after_the_end_of_the_tar_are_refused() {
    byte[] archive =
        CraftedTar.of(HONEST.manifest()).files(HONEST).end().raw(new byte[2 << 20]).gzip();

    Reading.refused(archive, folder);
  }

  @Test
  void a_tar_without_its_end_is_refused() {
    byte[] archive = CraftedTar.of(HONEST.manifest()).files(HONEST).gzip();

    assertThat(Reading.refused(archive, folder)).hasMessageContaining("cut short");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 100, 100_000})
  void bytes_after_the_end_of_the_compression_are_refused(int length) {
    for (Compression compression : Compression.values()) {
      byte[] archive = HONEST.write(ArchiveWriter.withDefaults().compressing(compression));

      Reading.refused(concat(archive, new byte[length]), folder);
      Reading.refused(concat(archive, archive), folder);
      Reading.refused(concat(archive, Arrays.copyOf(archive, length)), folder);
    }
  }

  @Test
  void a_zip_is_refused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(ArchiveManifest.ENTRY_NAME));
      zip.write(ManifestJson.write(HONEST.manifest()));
    }

    assertThat(Reading.refused(bytes.toByteArray(), folder))
        .hasMessageContaining("neither gzip nor zstd")
        .hasMessageContaining("504b0304");
  }

  @Test
  void a_tar_that_is_not_compressed_is_refused() {
    Reading.refused(CraftedTar.of(HONEST.manifest()).files(HONEST).end().tar(), folder);
  }

  @Test
  void something_else_compressed_is_refused() {
    Reading.refused(CraftedTar.gzip("x".repeat(100_000).getBytes(UTF_8)), folder);
    Reading.refused(CraftedTar.gzip(new byte[100_000]), folder);
    Reading.refused(CraftedTar.gzip(new byte[0]), folder);
  }

  @Test
  void an_empty_file_is_refused() {
    assertThat(Reading.refused(new byte[0], folder)).hasMessageContaining("it is empty");
  }

  private static String json() {
    return new String(ManifestJson.write(HONEST.manifest()), UTF_8);
  }

  private static String database() {
    return ArchiveManifest.TENANT_DATABASE;
  }

  /** The honest archive without its last entry. */
  private static CraftedTar honestBut() {
    return CraftedTar.of(HONEST.manifest()).file(database(), DATABASE);
  }

  private void assertTypeRefused(byte type, String target) {
    byte[] archive = honestBut().special(FILE, type, target).end().gzip();

    assertThat(Reading.refused(archive, folder))
        .hasMessageContaining("not an ordinary file")
        .message()
        .doesNotContain("\n");
  }

  private void assertNothingOutside() {
    assertThat(temp).isDirectoryNotContaining(path -> !path.equals(folder));
    assertThat(Path.of("/tmp/sevenfold-evil")).doesNotExist();
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
