package dev.sevenfold.backup;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.link.LinkedArchive;
import dev.sevenfold.backup.link.LinkedArchives;
import dev.sevenfold.backup.service.Archives;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/** What links lead to: the tenants' archives of a store. Thread-safe. */
final class StoreLinks implements LinkedArchives {

  private final Archives archives;

  StoreLinks(Archives archives) {
    this.archives = archives;
  }

  @Override
  public Optional<LinkedArchive> find(TenantId tenant, Predicate<ArchiveDigest> which) {
    return archives.findLinked(tenant, which);
  }

  @Override
  public InputStream open(LinkedArchive archive, long offset) {
    return archives.store().open(archive.label(), offset);
  }

  @Override
  public Optional<URI> elsewhere(LinkedArchive archive, Instant expiresAt) {
    return archives.store().presign(archive.label(), archive.fileName(), expiresAt);
  }
}
