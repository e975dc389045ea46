package dev.sevenfold.backup.link;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/** The archives that links can lead to; {@code BackupService} has them. Thread-safe. */
public interface LinkedArchives {

  /**
   * Finds an archive of exactly this tenant by its identity, never by its label.
   *
   * @throws StoreUnavailable if the store failed
   */
  Optional<LinkedArchive> find(TenantId tenant, Predicate<ArchiveDigest> which);

  /**
   * Opens an archive from the byte at {@code offset} on. The caller closes the stream.
   *
   * @throws ArchiveNotFound if it is gone, or another one is in its place
   * @throws StoreUnavailable if the store failed
   */
  InputStream open(LinkedArchive archive, long offset);

  /**
   * Where the store itself hands the archive out, to whoever has the address, until {@code
   * expiresAt}; empty if it does not, and then it is served from here.
   *
   * @throws ArchiveNotFound if it is gone, or another one is in its place
   */
  Optional<URI> elsewhere(LinkedArchive archive, Instant expiresAt);
}
