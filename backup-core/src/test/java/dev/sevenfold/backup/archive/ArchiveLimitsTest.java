package dev.sevenfold.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveLimitsTest {

  private static final int MIB = 1 << 20;

  @TempDir Path folder;

  @Test
  void a_bomb_is_refused_by_what_it_says_it_holds_before_anything_is_written() {
    byte[] bomb = zeros(8 * MIB).write(ArchiveWriter.withDefaults());

    assertThat(refused(ArchiveLimits.DEFAULT.withMaxBytes(MIB), bomb))
        .isEqualTo("The archive holds 8388633 bytes; the limit is 1048576");
  }

  @Test
  void too_many_entries_are_refused() {
    Content content = Content.tenant();
    for (int i = 0; i < 10; i++) {
      content.with("files/" + i, "x");
    }
    byte[] archive = content.write(ArchiveWriter.withDefaults());

    assertThat(refused(ArchiveLimits.DEFAULT.withMaxEntries(10), archive))
        .isEqualTo("The archive holds 11 entries; the limit is 10");
    assertAccepted(ArchiveLimits.DEFAULT.withMaxEntries(11), archive);
  }

  @Test
  void a_sparse_file_is_accepted_however_small_it_is_compressed() {
    for (Compression compression : Compression.values()) {
      byte[] archive =
          zeros(200 * MIB).write(ArchiveWriter.withDefaults().compressing(compression));

      assertAccepted(ArchiveLimits.DEFAULT, archive);
    }
  }

  @Test
  void not_a_byte_more_than_the_manifest_announces_is_taken_out() {
    Content said = zeros(MIB);
    byte[] archive =
        CraftedTar.of(said.manifest())
            .file(ArchiveManifest.TENANT_DATABASE, said.get(ArchiveManifest.TENANT_DATABASE))
            .file("files/zeros", new byte[100 * MIB])
            .gzip();

    assertThat(Reading.refused(archive, folder).what())
        .isEqualTo("The entry \"files/zeros\" has 104857600 bytes, and the manifest says 1048576");
  }

  @Test
  void the_head_of_an_archive_beyond_the_limits_can_still_be_listed() {
    byte[] archive = zeros(8 * MIB).write(ArchiveWriter.withDefaults());

    assertThat(
            ArchiveReader.withDefaults()
                .limitedTo(ArchiveLimits.DEFAULT.withMaxBytes(1))
                .readHead(new ByteArrayInputStream(archive))
                .manifest()
                .bytes())
        .isGreaterThan(8 * MIB);
  }

  @Test
  void a_manifest_that_says_it_is_huge_is_refused_unread() {
    byte[] archive =
        CraftedTar.empty()
            .file(ArchiveManifest.ENTRY_NAME, new byte[ManifestJson.MOST_BYTES + 1])
            .gzip();

    assertThat(refused(ArchiveLimits.DEFAULT, archive))
        .contains((ManifestJson.MOST_BYTES + 1) + " bytes");
  }

  @Test
  void limits_that_nothing_could_pass_are_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> ArchiveLimits.DEFAULT.withMaxBytes(0));
    assertThatIllegalArgumentException().isThrownBy(() -> ArchiveLimits.DEFAULT.withMaxEntries(0));
  }

  private String refused(ArchiveLimits limits, byte[] archive) {
    return Reading.refused(ArchiveReader.withDefaults().limitedTo(limits), archive, folder).what();
  }

  private static void assertAccepted(ArchiveLimits limits, byte[] archive) {
    ArchiveReader.withDefaults()
        .limitedTo(limits)
        .verify(new ByteArrayInputStream(archive), bytes -> {});
  }

  private static Content zeros(int length) {
    return Content.tenant().with("files/zeros", new byte[length]);
  }
}
