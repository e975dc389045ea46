package dev.sevenfold.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Kind;
import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.io.Sha256;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ManyFilesTest {

  private static final int FILES = 450_000;

  @Test
  void a_system_of_450_000_uploads_has_a_manifest_that_can_be_read_back() {
    Instant now = Instant.parse("2026-11-22T01:01:00.123Z");
    String digest = Sha256.hexOf(new byte[0]);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      // As Active Storage names them, with a name of a person's behind.
      String name = "trees/uploads/%02x/%02x/%08x/minutes of the meeting of the board, %d.pdf";
      entries.add(
          new Entry(
              name.formatted(i & 255, i >> 8 & 255, i, i),
              i * 1_000L,
              digest,
              OptionalInt.of(0640),
              Optional.of(now)));
    }
    ArchiveManifest manifest =
        new ArchiveManifest(
            Kind.SYSTEM,
            Purpose.BACKUP,
            Optional.empty(),
            now,
            new ArchiveManifest.Source("sqlite", "3.50.1", OptionalLong.empty(), digest),
            "1",
            List.of(),
            entries,
            List.of(),
            List.of(new SystemPlace(SystemPlace.Role.TREE, "uploads", "uploads")),
            List.of(),
            List.of(),
            OptionalLong.of(7),
            Optional.empty());

    byte[] json = ManifestJson.write(manifest);

    assertThat(json.length).isGreaterThan(96 << 20);
    assertThat(ManifestJson.read(json).entries()).hasSize(FILES);
  }
}
