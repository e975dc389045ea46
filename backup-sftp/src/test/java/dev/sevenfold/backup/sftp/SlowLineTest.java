package dev.sevenfold.backup.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.FolderArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantLabeler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A line is slow because each answer comes late. How often one is waited for must not grow with the
 * number of archives: four times as many take a few waits more, and not four times as many.
 */
class SlowLineTest {

  private static final ArchiveOwner ONE = ArchiveOwner.tenant(TenantId.of(1));
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final int SOME = 250;
  private static final int MANY = 4 * SOME;

  /** For those that do not fit into what a server opens at a time, and parts of larger folders. */
  private static final long A_FEW = 8;

  /** How a store is filled. */
  @FunctionalInterface
  private interface Filling {
    void fill(Path folder, int archives) throws IOException;
  }

  @TempDir static Path home;
  private static OpenSsh server;

  @BeforeAll
  static void start() throws IOException {
    server = OpenSsh.start(home.resolve("sshd"));
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Test
  void a_list_of_an_owner_with_many_archives() throws IOException {
    requireFewMoreWaits(
        ONE,
        (folder, archives) -> {
          setByOwner(folder);
          for (int n = 0; n < archives; n++) {
            put(folder.resolve("tenant_1"), 1, n);
          }
        });
  }

  @Test
  void a_list_of_many_owners() throws IOException {
    requireFewMoreWaits(
        ArchiveOwner.anyone(),
        (folder, archives) -> {
          setByOwner(folder);
          for (int tenant = 1; tenant <= archives; tenant++) {
            put(folder.resolve("tenant_" + tenant), tenant, 0);
          }
        });
  }

  @Test
  void a_list_of_a_folder_that_a_version_before_has_filled() throws IOException {
    requireFewMoreWaits(ONE, SlowLineTest::fillFlat);
    requireFewMoreWaits(ArchiveOwner.anyone(), SlowLineTest::fillFlat);
  }

  private static void fillFlat(Path folder, int archives) throws IOException {
    for (int n = 0; n < archives; n++) {
      put(folder, 1, n);
    }
  }

  @Test
  void a_list_of_archives_that_lie_in_the_wrong_place() throws IOException {
    requireFewMoreWaits(
        ArchiveOwner.anyone(),
        (folder, archives) -> {
          setByOwner(folder);
          fillFlat(folder, archives);
        });
  }

  @Test
  void a_list_of_archives_without_records() throws IOException {
    requireFewMoreWaits(
        ONE,
        (folder, archives) -> {
          setByOwner(folder);
          for (int n = 0; n < archives; n++) {
            put(folder.resolve("tenant_1"), 1, n);
            Files.delete(folder.resolve("tenant_1").resolve(label(1, n) + ".marks.json"));
          }
        });
  }

  @Test
  void requests_about_many_files_share_packets() throws IOException {
    Path folder = Files.createTempDirectory(home, "store");
    setByOwner(folder);
    long some = bytesSent(folder, SOME);
    long each = (bytesSent(folder, MANY) - some) / (MANY - SOME);
    int pathLength =
        folder.resolve("tenant_1").resolve(label(1, 0) + ".marks.json").toString().length();
    // Opening it by its path, reading it, and closing it. Three packets would add 40 bytes each.
    assertThat(each).isLessThan(pathLength + 21 + 29 + 17 + 40);
  }

  private static long bytesSent(Path folder, int archives) throws IOException {
    for (int n = 0; n < archives; n++) {
      put(folder.resolve("tenant_1"), 1, n);
    }
    try (CuttingProxy line = CuttingProxy.to(server.port());
        SftpArchiveStore store =
            OpenSsh.storeAt(line.port(), folder)
                .privateKey(server.file("id_ed25519"))
                .acceptAnyHostKeyDangerously()
                .build()) {
      store.list(ArchiveOwner.system());
      long before = line.sent();
      assertThat(store.list(ONE).archives()).hasSize(archives);
      return line.sent() - before;
    }
  }

  private static void requireFewMoreWaits(ArchiveOwner owner, Filling filling) throws IOException {
    long some = waits(owner, filling, SOME);
    assertThat(waits(owner, filling, MANY)).isLessThanOrEqualTo(some + A_FEW);
    assertThat(some).isLessThanOrEqualTo(3 * A_FEW);
  }

  private static long waits(ArchiveOwner owner, Filling filling, int archives) throws IOException {
    Path folder = Files.createTempDirectory(home, "store");
    filling.fill(folder, archives);
    SftpFolder remote = new SftpFolder(server.store(folder).settings());
    try (FolderArchiveStore store =
        new FolderArchiveStore(remote, Duration.ofSeconds(5), Duration.ofHours(6)) {}) {
      Listing listing = store.list(owner);
      assertThat(listing.archives().size() + listing.unreadable().size()).isEqualTo(archives);
      return remote.roundTrips();
    }
  }

  private static void setByOwner(Path folder) throws IOException {
    Files.writeString(folder.resolve(".sevenfold-store.json"), "{\"layout\":2}");
  }

  private static Label label(int tenant, int n) {
    return TenantLabeler.utc().backup(TenantId.of(tenant), NOON.plusSeconds(n));
  }

  private static void put(Path folder, int tenant, int n) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(label(tenant, n) + ".tar.gz"), new byte[10]);
    Files.writeString(
        folder.resolve(label(tenant, n) + ".marks.json"),
        "{\"pinned\":false,\"sequence\":" + (n + 1) + "}");
  }
}
