package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.VerifiedFile;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.source.TenantProof;
import dev.sevenfold.backup.source.TenantSource;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Proves archives: reads them back from the store, has the source verify them and rehearse their
 * restore in scratch space. What is damaged loses its mark; of what could not be looked at nothing
 * is known, and nothing is marked.
 */
public final class ArchiveProof {

  private final Archives archives;
  private final TenantSource source;
  private final Path scratch;
  private final Clock clock;

  public ArchiveProof(Archives archives, TenantSource source, Path scratch, Clock clock) {
    this.archives = archives;
    this.source = source;
    this.scratch = scratch;
    this.clock = clock;
  }

  /** Reads an archive of the store into an empty folder, verified. */
  public StagedTenant stage(Label label, Path folder, Progress progress) {
    StagedTenant staged = archives.stage(label, folder, progress);
    verify(staged, progress);
    return staged;
  }

  /** Reads an archive from anywhere into an empty folder, verified. */
  public StagedTenant stage(InputStream in, Path folder, Progress progress) {
    StagedTenant staged = archives.stage(in, folder, progress);
    verify(staged, progress);
    return staged;
  }

  private TenantProof verify(StagedTenant staged, Progress progress) {
    return source.verify(staged, progress).require();
  }

  /**
   * Proves one archive and marks it.
   *
   * @param findings is told what a person should know, such as why a restore would be refused today
   * @throws ArchiveCorrupt if it is not what it says; it is marked as not proven then
   */
  public RestorePoint prove(Label label, Progress progress, Consumer<List<String>> findings) {
    check(label, progress, findings);
    return mark(label);
  }

  /**
   * Proves one archive, and leaves it to the caller to {@link #mark} it.
   *
   * @throws ArchiveCorrupt if it is not what it says; it is marked as not proven then
   */
  RestorePoint check(Label label, Progress progress, Consumer<List<String>> findings) {
    Unproven.requireKnown(
        label,
        () -> {
          try (Scratch folder = Scratch.in(scratch)) {
            look(label, folder, progress, findings);
          } catch (ArchiveCorrupt e) {
            archives.markDamaged(label, e);
            throw e;
          }
        });
    return archives.find(label);
  }

  private void look(
      Label label, Scratch folder, Progress progress, Consumer<List<String>> findings) {
    StagedTenant staged = archives.stage(label, folder.newFolder("proof"), progress);
    List<String> found = new ArrayList<>(verify(staged, progress).findings());
    found.addAll(source.rehearse(staged, folder.newFolder("rehearsal"), progress));
    if (!found.isEmpty()) {
      findings.accept(found);
    }
  }

  /** Marks an archive that was just proven. */
  RestorePoint mark(Label label) {
    StoredArchive archive = archives.store().stat(label);
    archives.store().mark(label, archives.numbered(archive).withProvenAt(clock.instant()));
    return archives.find(label);
  }

  /** Verifies a file that is in no store, and says what it holds. */
  public VerifiedFile prove(Path file, Path scratch) {
    try (Scratch folder = Scratch.in(scratch);
        InputStream in = Files.newInputStream(file)) {
      StagedTenant staged = stage(in, folder.newFolder("archive"), Progress.none());
      return new VerifiedFile(
          staged.manifest().tenant().orElseThrow(),
          staged.manifest().capturedAt(),
          staged.manifest().rows());
    } catch (IOException e) {
      throw new OperationFailed(
          "The file " + file + " could not be read: " + e.getMessage(), "Check the path", e);
    }
  }
}
