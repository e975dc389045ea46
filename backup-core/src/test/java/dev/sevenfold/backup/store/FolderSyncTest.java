package dev.sevenfold.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.sevenfold.backup.io.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A file system that cannot see a folder to the disk, and says that the argument is invalid. */
class FolderSyncTest {

  private static final Path PROC = Path.of("/proc");

  @Test
  void is_no_failure_where_the_file_system_knows_no_such_thing() throws IOException {
    Assumptions.assumeTrue(
        Files.isDirectory(PROC.resolve("self")),
        "SKIPPED: there is no /proc here, the one file system at hand that refuses it");
    try (FileChannel folder = FileChannel.open(PROC, StandardOpenOption.READ)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> folder.force(true))
          .satisfies(e -> assertThat(e).hasMessageContaining("Invalid argument"));
    }

    assertThatNoException().isThrownBy(() -> new DurableFiles().sync(PROC));
    assertThatNoException().isThrownBy(() -> new DurableFolder(PROC).sync(PROC));
  }
}
