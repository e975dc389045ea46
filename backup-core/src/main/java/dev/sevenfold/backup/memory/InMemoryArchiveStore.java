package dev.sevenfold.backup.memory;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.store.Upload;
import dev.sevenfold.backup.tenant.Label;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Keeps archives in memory until the process ends, for tests and first steps. An archive can be as
 * large as an array, just below 2 GiB. Closing it forgets nothing. Thread-safe.
 */
public final class InMemoryArchiveStore implements ArchiveStore {

  /** An archive whose bytes nobody changes. Immutable. */
  private static final class Kept {
    final byte[] bytes;
    final ArchiveRecord record;

    Kept(byte[] bytes, ArchiveRecord record) {
      this.bytes = bytes;
      this.record = record;
    }

    StoredArchive as(Label label) {
      return new StoredArchive(label, bytes.length, record);
    }
  }

  private final NavigableMap<Label, Kept> archives = new TreeMap<>();
  private final Map<ArchiveOwner, Set<ArchiveDigest>> deleted = new HashMap<>();

  /** An empty store. */
  public InMemoryArchiveStore() {}

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(record, "record");
    Objects.requireNonNull(content, "content");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      Upload.run(label, content, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("Memory does not fail", e);
    }
    Kept kept = new Kept(bytes.toByteArray(), record);
    synchronized (archives) {
      requireFree(label);
      archives.put(label, kept);
    }
    return kept.as(label);
  }

  @Override
  public InputStream open(Label label, long offset) {
    byte[] bytes = find(label).bytes;
    if (offset < 0 || offset > bytes.length) {
      throw new IllegalArgumentException(
          "Archive " + label + " has " + bytes.length + " bytes; it cannot be read from " + offset);
    }
    return new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset);
  }

  @Override
  public StoredArchive stat(Label label) {
    return find(label).as(label);
  }

  @Override
  public Listing list(ArchiveOwner owner) {
    Objects.requireNonNull(owner, "owner");
    synchronized (archives) {
      return Listing.of(
          archives.entrySet().stream()
              .filter(archive -> owner.owns(archive.getKey()))
              .map(archive -> archive.getValue().as(archive.getKey()))
              .toList());
    }
  }

  @Override
  public StoredArchive record(Label label, ArchiveRecord record) {
    Objects.requireNonNull(record, "record");
    synchronized (archives) {
      Kept recorded = new Kept(find(label).bytes, record);
      archives.put(label, recorded);
      return recorded.as(label);
    }
  }

  @Override
  public void delete(Label label) {
    Objects.requireNonNull(label, "label");
    ArchiveOwner owner = ArchiveOwner.of(label);
    synchronized (archives) {
      Kept kept = archives.remove(label);
      if (kept != null) {
        kept.as(label)
            .remembered()
            .ifPresent(it -> deleted.computeIfAbsent(owner, any -> new HashSet<>()).add(it));
      }
    }
  }

  @Override
  public boolean remembers(ArchiveOwner owner, ArchiveDigest digest) {
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(digest, "digest");
    synchronized (archives) {
      return deleted.getOrDefault(owner, Set.of()).contains(digest);
    }
  }

  @Override
  public List<String> kept(ArchiveOwner owner) {
    synchronized (archives) {
      int remembered = deleted.getOrDefault(owner, Set.of()).size();
      return Stream.concat(
              ArchiveStore.super.kept(owner).stream(),
              Stream.of(remembered + " digests of deleted archives in memory")
                  .filter(any -> remembered > 0))
          .toList();
    }
  }

  @Override
  public void forget(ArchiveOwner owner) {
    synchronized (archives) {
      ArchiveStore.super.forget(owner);
      deleted.remove(owner);
    }
  }

  @Override
  public void close() {}

  private Kept find(Label label) {
    Objects.requireNonNull(label, "label");
    synchronized (archives) {
      Kept kept = archives.get(label);
      if (kept == null) {
        throw new ArchiveNotFound(
            "There is no archive " + label + " in memory",
            "List the archives to see what there is");
      }
      return kept;
    }
  }

  private void requireFree(Label label) {
    if (archives.containsKey(label)) {
      throw new LabelTaken(
          "There is already an archive " + label + " in memory", "Choose another label");
    }
  }
}
