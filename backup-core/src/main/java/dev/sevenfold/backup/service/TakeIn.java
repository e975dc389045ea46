package dev.sevenfold.backup.service;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.Marks;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** Takes an archive back into the store that a tenant kept elsewhere. */
public final class TakeIn {

  private final Archives archives;
  private final ArchiveProof proof;
  private final TenantLabeler labeler;
  private final Clock clock;
  private final Path scratch;
  private final Listeners told;

  public TakeIn(
      Archives archives,
      ArchiveProof proof,
      TenantLabeler labeler,
      Clock clock,
      Path scratch,
      Listeners told) {
    this.archives = archives;
    this.proof = proof;
    this.labeler = labeler;
    this.clock = clock;
    this.scratch = scratch;
    this.told = told;
  }

  public RestorePoint takeIn(TenantId tenant, Path file, Progress progress) {
    try (Scratch folder = Scratch.in(scratch)) {
      // A copy of our own: what is verified is what is published, whoever writes to the file.
      Path copy = folder.newFolder("file").resolve("archive");
      Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
      requireOf(tenant, copy, folder.newFolder("archive"), progress);
      Instant now = clock.instant();
      Label label = archives.unmistakable(labeler.relabel(tenant, now), now);
      // Its place among the tenant's. The number in its manifest is of where it was made.
      OptionalLong sequence = archives.nextSequence(ArchiveOwner.tenant(tenant));
      Published published = archives.publish(label, out -> Files.copy(copy, out));
      return published.proven(kept -> pinAndProve(kept, sequence, progress));
    } catch (IOException e) {
      throw new OperationFailed(
          "The file " + file + " could not be read: " + e.getMessage(), "Check the path", e);
    }
  }

  private RestorePoint pinAndProve(Label label, OptionalLong sequence, Progress progress) {
    Marks marks = archives.store().stat(label).marks();
    archives.store().mark(label, marks.withPinned(true).withSequence(sequence));
    return proof.prove(label, progress, findings -> told.archiveFindings(label, findings));
  }

  private void requireOf(TenantId tenant, Path file, Path folder, Progress progress)
      throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      TenantId archived = proof.stage(in, folder, progress).manifest().tenant().orElseThrow();
      if (!archived.equals(tenant)) {
        throw new RestoreRefused(
            "The file is an archive of tenant " + archived + ", not of tenant " + tenant,
            List.of(),
            "Ask tenant " + tenant + " for a file of its own");
      }
    }
  }
}
