package dev.sevenfold.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.ArchiveNotReadable;
import dev.sevenfold.backup.error.BackupException;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;

/** The ways in which every test reads an archive. */
final class Reading {

  private Reading() {}

  /** Extracts and verifies; both must refuse it for the same reason and leave nothing. */
  static BackupException refused(byte[] archive, Path folder) {
    return refused(ArchiveReader.withDefaults(), archive, folder);
  }

  static BackupException refused(ArchiveReader reader, byte[] archive, Path folder) {
    BackupException extracting =
        catchThrowableOfType(
            BackupException.class,
            () -> reader.extract(new ByteArrayInputStream(archive), folder, bytes -> {}));
    assertThat(extracting)
        .as("extracting is refused")
        .isInstanceOfAny(ArchiveCorrupt.class, ArchiveNotReadable.class);
    assertThat(folder).isEmptyDirectory();
    BackupException verifying =
        catchThrowableOfType(
            BackupException.class,
            () -> reader.verify(new ByteArrayInputStream(archive), bytes -> {}));
    assertThat(verifying).as("verifying is refused").hasSameClassAs(extracting);
    assertThat(verifying.what()).isEqualTo(extracting.what());
    return extracting;
  }
}
