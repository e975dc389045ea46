package dev.sevenfold.backup.link;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.Compression;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/** A few archives of nothing but bytes, to link to. Use from one thread. */
final class Shelf implements LinkedArchives {

  static final Instant CAPTURED = Instant.parse("2026-11-22T01:01:00Z");

  private final Map<LinkedArchive, byte[]> books = new LinkedHashMap<>();
  private boolean burning;
  private Optional<URI> elsewhere = Optional.empty();

  /** Puts an archive of {@code size} bytes there; {@code digit} makes up its digest. */
  LinkedArchive put(String label, String digit, int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    Label name = Label.parse(label);
    LinkedArchive archive =
        new LinkedArchive(
            name,
            name.tenant().orElseThrow(),
            new ArchiveDigest(digit.repeat(64)),
            CAPTURED,
            size,
            Compression.GZIP);
    books.put(archive, bytes);
    return archive;
  }

  void remove(LinkedArchive archive) {
    books.remove(archive);
  }

  byte[] bytes(LinkedArchive archive) {
    byte[] bytes = books.get(archive);
    if (bytes == null) {
      throw new ArchiveNotFound("No " + archive.label(), "Put it there");
    }
    return bytes;
  }

  /** Every call fails from now on. */
  void burn() {
    burning = true;
  }

  void handOutAt(URI address) {
    elsewhere = Optional.of(address);
  }

  @Override
  public Optional<LinkedArchive> find(TenantId tenant, Predicate<ArchiveDigest> which) {
    if (burning) {
      throw new StoreUnavailable("The shelf burns", "Fetch water");
    }
    return books.keySet().stream()
        .filter(archive -> archive.tenant().equals(tenant) && which.test(archive.digest()))
        .findFirst();
  }

  @Override
  public InputStream open(LinkedArchive archive, long offset) {
    byte[] bytes = bytes(archive);
    return new ByteArrayInputStream(Arrays.copyOfRange(bytes, (int) offset, bytes.length));
  }

  @Override
  public Optional<URI> elsewhere(LinkedArchive archive, Instant expiresAt) {
    return elsewhere;
  }
}
