package dev.sevenfold.backup.age;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How large the archives are that encrypted ones hold. Takes the head of each file, once.
 * Thread-safe.
 */
final class PlainSizes {

  private record File(Label label, long size) {}

  private static final int MOST_KNOWN = 100_000;

  private final ArchiveStore inner;
  private final Map<File, Long> known = new ConcurrentHashMap<>();

  PlainSizes(ArchiveStore inner) {
    this.inner = inner;
  }

  /** The archive as its reader will see it. One that cannot be read keeps the size of its file. */
  StoredArchive plain(StoredArchive file) {
    File key = new File(file.label(), file.sizeBytes());
    Long size = known.get(key);
    if (size == null) {
      OptionalLong measured = measure(file);
      measured.ifPresent(plain -> remember(key, plain));
      size = measured.orElse(file.sizeBytes());
    }
    return new StoredArchive(file.label(), size, file.record());
  }

  /** The label may be used for another archive from now on. */
  void forget(Label label) {
    known.keySet().removeIf(file -> file.label().equals(label));
  }

  private void remember(File key, long size) {
    if (known.size() >= MOST_KNOWN) {
      known.clear();
    }
    known.put(key, size);
  }

  private OptionalLong measure(StoredArchive file) {
    try (InputStream in = inner.open(file.label())) {
      return AgeHeader.plainSize(in, file.sizeBytes());
    } catch (IOException e) {
      throw new StoreUnavailable(
          "The head of archive %s could not be read in %s: %s"
              .formatted(file.label(), inner.describe(), e.getMessage()),
          "Try again",
          e);
    }
  }
}
