package dev.sevenfold.backup;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;

/**
 * An archive file that was proven restorable. Immutable.
 *
 * @param tenant whose rows it holds
 * @param capturedAt the instant it restores to
 * @param rows how many rows it holds
 */
public record VerifiedFile(TenantId tenant, Instant capturedAt, long rows) {

  /** Requires all parts. */
  public VerifiedFile {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(capturedAt, "capturedAt");
  }

  static VerifiedFile of(Path file, ArchiveProof proof, Path scratch) {
    try (Scratch folder = Scratch.in(scratch);
        InputStream in = Files.newInputStream(file)) {
      StagedTenant staged = proof.stage(in, folder.newFolder("archive"), Progress.none());
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
