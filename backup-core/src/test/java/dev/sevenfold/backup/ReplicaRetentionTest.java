package dev.sevenfold.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.archive.ArchiveReader;
import dev.sevenfold.backup.archive.ArchiveWriter;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.service.ArchiveCatalog;
import dev.sevenfold.backup.service.Retention;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keep few here, more there. */
class ReplicaRetentionTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  private final InMemoryArchiveStore local = new InMemoryArchiveStore();
  private final Outage outage = new Outage("another machine", new InMemoryArchiveStore());
  private final ArchiveStore remote = outage.store();
  private final MirroredArchiveStore mirror = MirroredArchiveStore.of(local, remote);
  private final List<Label> labels = new ArrayList<>();

  @BeforeEach
  void back_up_five_times() {
    SharedDatabase database = SharedDatabase.create(folder, 2, 7);
    try (BackupService backups =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), database.model()).build(), mirror)
            .scratch(folder.resolve("scratch"))
            .build()) {
      for (int i = 0; i < 5; i++) {
        labels.add(backups.backup(ONE).restorePoint().label());
      }
    }
  }

  private Retention retention(Map<ArchiveStore, RetentionPolicy> own) {
    return Retention.of(
        new ArchiveCatalog(
            mirror, ArchiveReader.withDefaults(), ArchiveWriter.withDefaults(), outage -> {}),
        RetentionPolicy.keepLast(4),
        own,
        Clock.systemUTC());
  }

  private static List<Label> labels(ArchiveStore store) {
    return store.list(ArchiveOwner.anyone()).complete().stream().map(StoredArchive::label).toList();
  }

  @Test
  void each_replica_keeps_what_its_own_policy_keeps() {
    Retention retention = retention(Map.of(local, RetentionPolicy.keepLast(2)));

    List<RestorePoint> gone = retention.apply(ArchiveOwner.tenant(ONE));

    assertThat(labels(local)).containsExactlyInAnyOrderElementsOf(labels.subList(3, 5));
    assertThat(labels(remote)).containsExactlyInAnyOrderElementsOf(labels.subList(1, 5));
    assertThat(labels(mirror)).containsExactlyInAnyOrderElementsOf(labels.subList(1, 5));
    assertThat(gone).extracting(RestorePoint::label).containsExactly(labels.get(0));
    assertThat(retention.apply(ArchiveOwner.tenant(ONE))).isEmpty();
  }

  @Test
  void a_pin_that_one_replica_missed_protects_the_archive_in_all() {
    remote.record(labels.get(0), remote.stat(labels.get(0)).record().withPinned(true));
    local.record(labels.get(1), local.stat(labels.get(1)).record().withPinned(true));
    Retention retention =
        retention(Map.of(local, RetentionPolicy.keepLast(1), remote, RetentionPolicy.keepLast(1)));

    retention.apply(ArchiveOwner.tenant(ONE));

    List<Label> kept = List.of(labels.get(0), labels.get(1), labels.get(4));
    assertThat(labels(local)).containsExactlyInAnyOrderElementsOf(kept);
    assertThat(labels(remote)).containsExactlyInAnyOrderElementsOf(kept);
  }

  @Test
  void while_a_replica_does_not_answer_nothing_is_deleted_anywhere() {
    Retention retention = retention(Map.of(local, RetentionPolicy.keepLast(2)));
    List<Label> before = labels(local);
    outage.begin();

    assertThatThrownBy(() -> retention.apply(ArchiveOwner.tenant(ONE)))
        .isInstanceOf(StoreUnavailable.class);

    assertThat(labels(local)).isEqualTo(before);
  }

  @Test
  void a_policy_for_a_store_that_is_no_replica_is_refused() {
    assertThatThrownBy(() -> retention(Map.of(new InMemoryArchiveStore(), RetentionPolicy.DEFAULT)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a replica of memory, mirrored to another machine");
  }
}
