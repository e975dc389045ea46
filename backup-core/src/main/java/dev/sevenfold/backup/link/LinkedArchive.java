package dev.sevenfold.backup.link;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.Compression;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.Objects;

/**
 * An archive that a link leads to. Immutable.
 *
 * @param label what it is called now; a relabel changes it, and links go on to work
 * @param tenant whose it is, as the archive itself says
 * @param digest which archive it is
 * @param capturedAt the instant it restores to
 * @param sizeBytes how long a download of it is
 * @param compression how it is compressed
 */
public record LinkedArchive(
    Label label,
    TenantId tenant,
    ArchiveDigest digest,
    Instant capturedAt,
    long sizeBytes,
    Compression compression) {

  /** Requires all parts. */
  public LinkedArchive {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(capturedAt, "capturedAt");
    Objects.requireNonNull(compression, "compression");
  }

  /** The name of the file that a download makes: {@code tenant_42_20261122010100.tar.gz}. */
  public String fileName() {
    return label.value() + compression.fileSuffix();
  }
}
