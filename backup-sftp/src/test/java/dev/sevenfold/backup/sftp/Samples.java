package dev.sevenfold.backup.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import dev.sevenfold.testsupport.StoreFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Archives to test with, and how they are checked. */
final class Samples {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private Samples() {}

  /** A label of tenant 1, {@code n} seconds after noon. */
  static Label label(int n) {
    return TenantLabeler.utc().backup(TenantId.of("1"), NOON.plusSeconds(n));
  }

  static byte[] bytes(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static ArchiveStore.Content content(byte[] bytes) {
    return out -> out.write(bytes);
  }

  static byte[] read(ArchiveStore store, Label label) throws IOException {
    try (InputStream in = store.open(label)) {
      return in.readAllBytes();
    }
  }

  static List<Label> labels(ArchiveStore store) {
    return store.list(ArchiveOwner.anyone()).complete().stream().map(StoredArchive::label).toList();
  }

  /** The archive is whole, or it is not there: nothing in between. Gives whether it is there. */
  static boolean assertWholeOrAbsent(ArchiveStore store, Label label, byte[] bytes)
      throws IOException {
    try {
      assertThat(store.stat(label).sizeBytes()).isEqualTo(bytes.length);
    } catch (ArchiveNotFound e) {
      assertThat(labels(store)).doesNotContain(label);
      return false;
    }
    assertThat(read(store, label)).isEqualTo(bytes);
    assertThat(labels(store)).containsOnlyOnce(label);
    return true;
  }

  /** The names of all files in a store, also the hidden ones, but for its marker. */
  static List<String> files(Path folder) throws IOException {
    return StoreFiles.names(folder);
  }

  /** The names of the files right in a folder. */
  static List<String> filesOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }
}
