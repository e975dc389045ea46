package dev.sevenfold.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;

/** The ways in which every test reads an archive. */
final class Reading {

  private Reading() {}

  /** Extracts and verifies; both must refuse it for the same reason and leave nothing. */
  static ArchiveCorrupt refused(byte[] archive, Path folder) {
    return refused(ArchiveReader.withDefaults(), archive, folder);
  }

  static ArchiveCorrupt refused(ArchiveReader reader, byte[] archive, Path folder) {
    ArchiveCorrupt extracting =
        catchThrowableOfType(
            ArchiveCorrupt.class,
            () -> reader.extract(new ByteArrayInputStream(archive), folder, bytes -> {}));
    assertThat(extracting).as("extracting is refused").isNotNull();
    assertThat(folder).isEmptyDirectory();
    ArchiveCorrupt verifying =
        catchThrowableOfType(
            ArchiveCorrupt.class,
            () -> reader.verify(new ByteArrayInputStream(archive), bytes -> {}));
    assertThat(verifying).as("verifying is refused").isNotNull();
    assertThat(verifying.what()).isEqualTo(extracting.what());
    return extracting;
  }
}
