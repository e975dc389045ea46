package dev.sevenfold.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.archive.Compression;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.retention.Lack;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

/** Archives to test stores with, and how they are checked. */
final class Archives {

  static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private static final TenantLabeler LABELER = TenantLabeler.utc();

  private Archives() {}

  /** A backup of a tenant, {@code n} seconds after noon. */
  static Label backup(String tenant, int n) {
    return LABELER.backup(TenantId.of(tenant), NOON.plusSeconds(n));
  }

  static Label safety(String tenant) {
    return LABELER.safety(TenantId.of(tenant), NOON);
  }

  static Label system() {
    return LABELER.system(NOON);
  }

  /** Bytes that look compressed: the same seed gives the same bytes. */
  static byte[] bytes(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** What a service would know of a backup of this tenant. */
  static ArchiveRecord record(String tenant, int n) {
    return ArchiveRecord.NONE
        .withSequence(OptionalLong.of(n + 1))
        .withSummary(
            new ArchiveRecord.Summary(
                ArchiveOwner.tenant(TenantId.of(tenant)),
                NOON.plusSeconds(n),
                OptionalLong.of(n + 1),
                new ArchiveDigest(Integer.toHexString(0x10000000 + n).repeat(8)),
                Lack.SOME,
                4_711 + n,
                Compression.ZSTD));
  }

  static ArchiveStore.Content content(byte[] bytes) {
    return out -> out.write(bytes);
  }

  static byte[] read(ArchiveStore store, Label label) throws IOException {
    return read(store, label, 0);
  }

  static byte[] read(ArchiveStore store, Label label, long offset) throws IOException {
    try (InputStream in = store.open(label, offset)) {
      return in.readAllBytes();
    }
  }

  static List<Label> labels(ArchiveStore store) {
    return labels(store, ArchiveOwner.anyone());
  }

  static List<Label> labels(ArchiveStore store, ArchiveOwner owner) {
    return store.list(owner).complete().stream().map(StoredArchive::label).toList();
  }

  /** No call gives away that there might be an archive under this label. */
  static void assertAbsent(ArchiveStore store, Label label) {
    assertThat(labels(store)).doesNotContain(label);
    assertThatThrownBy(() -> store.stat(label)).isInstanceOf(ArchiveNotFound.class);
    assertThatThrownBy(() -> store.open(label)).isInstanceOf(ArchiveNotFound.class);
  }

  /** The archive is there, listed once, and has exactly these bytes. */
  static void assertHolds(ArchiveStore store, Label label, byte[] bytes) throws IOException {
    assertThat(labels(store)).containsOnlyOnce(label);
    assertThat(store.stat(label).sizeBytes()).isEqualTo(bytes.length);
    assertThat(read(store, label)).isEqualTo(bytes);
  }
}
