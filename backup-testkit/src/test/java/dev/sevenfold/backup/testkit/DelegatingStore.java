package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.io.InputStream;
import java.util.List;

/** A store that works, for a test to break in one point. */
class DelegatingStore implements ArchiveStore {

  final ArchiveStore sound = new InMemoryArchiveStore();

  @Override
  public String describe() {
    return sound.describe();
  }

  @Override
  public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
    return sound.publish(label, record, content);
  }

  @Override
  public InputStream open(Label label, long offset) {
    return sound.open(label, offset);
  }

  @Override
  public StoredArchive stat(Label label) {
    return sound.stat(label);
  }

  @Override
  public Listing list(ArchiveOwner owner) {
    return sound.list(owner);
  }

  @Override
  public StoredArchive record(Label label, ArchiveRecord record) {
    return sound.record(label, record);
  }

  @Override
  public void delete(Label label) {
    sound.delete(label);
  }

  @Override
  public boolean remembers(ArchiveOwner owner, ArchiveDigest digest) {
    return sound.remembers(owner, digest);
  }

  @Override
  public List<String> kept(ArchiveOwner owner) {
    return sound.kept(owner);
  }

  @Override
  public void forget(ArchiveOwner owner) {
    sound.forget(owner);
  }

  @Override
  public void close() {
    sound.close();
  }
}
