package dev.sevenfold.backup.store;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.Compression;
import dev.sevenfold.backup.retention.Lack;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.OptionalLong;

/** Records to test stores with. */
final class Records {

  private Records() {}

  /** That of a tenant's archive with this number. */
  static ArchiveRecord of(String tenant, long sequence) {
    return ArchiveRecord.NONE
        .withSequence(OptionalLong.of(sequence))
        .withSummary(
            new ArchiveRecord.Summary(
                ArchiveOwner.tenant(TenantId.of(tenant)),
                Instant.parse("2026-11-22T01:01:00.123Z"),
                OptionalLong.of(sequence),
                new ArchiveDigest("0123456789abcdef".repeat(4)),
                Lack.SOME,
                4711,
                Compression.ZSTD));
  }
}
