package dev.sevenfold.backup;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Path;
import java.time.Clock;

/** Proves archives: reads them back from the store, restores them into scratch space, compares. */
final class ArchiveProof {

  private final Archives archives;
  private final Path scratch;
  private final Clock clock;

  ArchiveProof(Archives archives, Path scratch, Clock clock) {
    this.archives = archives;
    this.scratch = scratch;
    this.clock = clock;
  }

  /**
   * Proves one archive and marks it.
   *
   * @throws ArchiveCorrupt if it is not what it says; it is marked as not proven then
   */
  RestorePoint prove(Label label, Progress progress) {
    check(label, progress);
    return mark(label);
  }

  /**
   * Proves one archive, and leaves it to the caller to {@link #mark} it.
   *
   * @throws ArchiveCorrupt if it is not what it says; it is marked as not proven then
   */
  RestorePoint check(Label label, Progress progress) {
    try (Scratch folder = Scratch.in(scratch)) {
      StagedTenant staged = archives.stage(label, folder.newFolder("proof"), progress);
      assert staged.manifest().tenant().isPresent();
    } catch (ArchiveCorrupt e) {
      StoredArchive archive = archives.store().stat(label);
      archives.store().mark(label, archive.marks().withoutProof());
      throw e;
    }
    return archives.find(label);
  }

  /** Marks an archive that was just proven. */
  RestorePoint mark(Label label) {
    StoredArchive archive = archives.store().stat(label);
    archives.store().mark(label, archives.numbered(archive).withProvenAt(clock.instant()));
    return archives.find(label);
  }
}
