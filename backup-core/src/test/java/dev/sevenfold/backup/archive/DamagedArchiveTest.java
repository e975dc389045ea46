package dev.sevenfold.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every cut and every flipped bit of a small archive is refused. */
class DamagedArchiveTest {

  private static final Content CONTENT =
      Content.tenant().with("files/a", "some content").with("files/b", "some more");

  @TempDir Path temp;
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temp.resolve("scratch"));
  }

  @ParameterizedTest
  @EnumSource
  void an_archive_cut_at_any_byte_is_refused(Compression compression) {
    byte[] archive = CONTENT.write(ArchiveWriter.withDefaults().compressing(compression));

    for (int length = 0; length < archive.length; length++) {
      Reading.refused(Arrays.copyOf(archive, length), folder);
    }
  }

  @Test
  void an_archive_that_an_empty_gzip_member_follows_is_refused() throws IOException {
    byte[] tar = CraftedTar.of(CONTENT.manifest()).files(CONTENT).end().tar();
    for (byte[] archive :
        new byte[][] {CONTENT.write(ArchiveWriter.withDefaults()), CraftedTar.gzip(tar)}) {
      ByteArrayOutputStream longer = new ByteArrayOutputStream();
      longer.write(archive);
      longer.write(CraftedTar.gzip(new byte[0]));

      assertThat(Reading.refused(longer.toByteArray(), folder).what())
          .isEqualTo("The archive has a gzip member that holds nothing");
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_archive_with_any_bit_flipped_is_refused(Compression compression) {
    byte[] archive = CONTENT.write(ArchiveWriter.withDefaults().compressing(compression));

    for (int position = 0; position < archive.length; position++) {
      Reading.refused(flipped(archive, position, 0xff), folder);
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        InputStream in = new ByteArrayInputStream(flipped(archive, position, 1 << bit));
        assertThatExceptionOfType(ArchiveCorrupt.class)
            .as("bit %d of byte %d of %d", bit, position, archive.length)
            .isThrownBy(() -> ArchiveReader.withDefaults().verify(in, bytes -> {}));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_archive_that_somebody_compressed_again_is_read(Compression compression)
      throws IOException {
    byte[] archive = CONTENT.write(ArchiveWriter.withDefaults().compressing(compression));
    byte[] tar = compression.decompress(new ByteArrayInputStream(archive)).readAllBytes();

    ArchiveReader.withDefaults()
        .extract(new ByteArrayInputStream(CraftedTar.gzip(tar)), folder, bytes -> {});

    assertThat(Content.read(folder)).containsExactlyInAnyOrderEntriesOf(CONTENT.entries());
  }

  @Test
  void a_tar_cut_anywhere_is_refused_though_its_compression_is_whole() {
    byte[] tar = CraftedTar.of(CONTENT.manifest()).files(CONTENT).end().tar();

    for (int length = 0; length < tar.length; length += 13) {
      Reading.refused(CraftedTar.gzip(Arrays.copyOf(tar, length)), folder);
    }
  }

  @Test
  void a_flipped_byte_of_the_tar_never_gives_other_content() throws IOException {
    byte[] tar = CraftedTar.of(CONTENT.manifest()).files(CONTENT).end().tar();

    for (int position = 0; position < tar.length; position += 3) {
      isRefusedOrHarmless(CraftedTar.gzip(flipped(tar, position, 1 << position % 8)));
    }
  }

  @Test
  void a_flipped_bit_of_the_manifest_is_refused_when_it_is_signed() throws IOException {
    SigningKeys keys = SigningKeys.of("k", new byte[32]);
    byte[] archive = CONTENT.write(ArchiveWriter.withDefaults().signing(keys));
    byte[] tar = Compression.GZIP.decompress(new ByteArrayInputStream(archive)).readAllBytes();
    int manifest = ManifestJson.write(CONTENT.manifest()).length;

    for (int position = 512; position < 512 + manifest; position++) {
      byte[] forged = CraftedTar.gzip(flipped(tar, position, 1));
      assertThat(Reading.refused(ArchiveReader.withDefaults().requiring(keys), forged, folder))
          .hasMessageContaining("signature is wrong");
    }
  }

  private boolean isRefusedOrHarmless(byte[] archive) throws IOException {
    try {
      ArchiveReader.withDefaults().extract(new ByteArrayInputStream(archive), folder, b -> {});
    } catch (ArchiveCorrupt e) {
      assertThat(folder).isEmptyDirectory();
      return true;
    }
    // Accepted: then what was hit told nothing about the content.
    Map<String, byte[]> files = Content.read(folder);
    assertThat(files).containsExactlyInAnyOrderEntriesOf(CONTENT.entries());
    Files.delete(folder.resolve("files/a"));
    Files.delete(folder.resolve("files/b"));
    Files.delete(folder.resolve("files"));
    Files.delete(folder.resolve(ArchiveManifest.TENANT_DATABASE));
    return false;
  }

  private static byte[] flipped(byte[] bytes, int position, int flip) {
    byte[] flipped = bytes.clone();
    flipped[position] ^= (byte) flip;
    return flipped;
  }
}
