package dev.sevenfold.examples.download;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.Compression;
import dev.sevenfold.backup.link.ArchiveDownload;
import dev.sevenfold.backup.link.DownloadLink;
import dev.sevenfold.backup.link.DownloadLinks;
import dev.sevenfold.backup.link.LinkKeys;
import dev.sevenfold.backup.link.LinkTerms;
import dev.sevenfold.backup.link.LinkedArchive;
import dev.sevenfold.backup.link.LinkedArchives;
import dev.sevenfold.backup.memory.InMemoryLinkStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/** One archive of 9 MB to download, whose store may fail in the middle. Thread-safe. */
final class OneArchive implements LinkedArchives {

  static final int SIZE = 9_000_000;
  static final TenantId TENANT = TenantId.of(42);

  private static final ArchiveDigest DIGEST = new ArchiveDigest("5e".repeat(32));

  final byte[] bytes = new byte[SIZE];
  final DownloadLinks links =
      DownloadLinks.builder(this, LinkKeys.of(new byte[32]), new InMemoryLinkStore()).build();
  final ArchiveDownload download = ArchiveDownload.of(links);
  private volatile int failingAt = Integer.MAX_VALUE;

  OneArchive() {
    new Random(7).nextBytes(bytes);
  }

  /** The next stream fails at this byte of the archive. */
  void failAt(int position) {
    failingAt = position;
  }

  DownloadLink link() {
    return links.issue(TENANT, DIGEST);
  }

  DownloadLink countedLink() {
    return links.issue(TENANT, DIGEST, LinkTerms.validFor(Duration.ofDays(1)).downloads(1));
  }

  @Override
  public Optional<LinkedArchive> find(TenantId tenant, Predicate<ArchiveDigest> which) {
    return which.test(DIGEST)
        ? Optional.of(
            new LinkedArchive(
                Label.parse("tenant_42_20261124010100"),
                TENANT,
                DIGEST,
                Instant.parse("2026-11-24T01:01:00Z"),
                SIZE,
                Compression.GZIP))
        : Optional.empty();
  }

  @Override
  public InputStream open(LinkedArchive archive, long offset) {
    InputStream in = new ByteArrayInputStream(Arrays.copyOfRange(bytes, (int) offset, SIZE));
    int until = failingAt;
    failingAt = Integer.MAX_VALUE;
    return new FilterInputStream(in) {
      private long position = offset;

      @Override
      public int read(byte[] buffer, int from, int length) throws IOException {
        if (position >= until) {
          throw new IOException("The store went away, as the test wants");
        }
        int read = super.read(buffer, from, length);
        position += Math.max(0, read);
        return read;
      }
    };
  }

  @Override
  public Optional<URI> elsewhere(LinkedArchive archive, Instant expiresAt) {
    return Optional.empty();
  }
}
