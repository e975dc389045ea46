package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that has room for three archives of a megabyte. */
class FullStoreTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  private Lab lab;
  private Path store;

  @BeforeEach
  void create() throws Exception {
    store = folder.resolve("store");
    lab =
        Lab.plain(
            Files.createDirectories(folder.resolve("live")),
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, content BLOB)",
            "INSERT INTO tenants VALUES (1)",
            "INSERT INTO notes VALUES (1, 1, randomblob(1000000))");
  }

  private BackupService service(RetentionPolicy policy) {
    return BackupService.builder(
            SqliteTenantSource.builder(
                    lab.file(), TenantModel.rootedAt("tenants").column("tenant_id").build())
                .build(),
            DirectoryArchiveStore.at(store))
        .retention(policy)
        .build();
  }

  private static List<Label> labels(BackupService service) {
    return service.restorePoints(ONE).stream().map(RestorePoint::label).toList();
  }

  @Test
  void makes_room_by_its_retention_and_takes_the_next_backup() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(store, 4);
        BackupService service = service(RetentionPolicy.keepLast(3))) {
      for (int i = 0; i < 3; i++) {
        service.backup(ONE);
      }
      List<Label> full = labels(service);

      Label fourth = service.backup(ONE).restorePoint().label();

      assertThat(labels(service)).containsExactly(fourth, full.get(0), full.get(1));
      assertThat(leftovers()).isEmpty();
    }
  }

  @Test
  void keeps_the_newest_verified_one_when_there_is_no_room_for_another() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(store, 4);
        BackupService service = service(RetentionPolicy.keepLast(1))) {
      Label newest = service.backup(ONE).restorePoint().label();
      Files.write(store.resolve("somebody-elses"), new byte[2_400_000]);

      assertThatExceptionOfType(StoreUnavailable.class)
          .isThrownBy(() -> service.backup(ONE))
          .withMessageContaining("No space left");

      assertThat(labels(service)).containsExactly(newest);
      assertThat(leftovers()).isEmpty();
    }
  }

  @Test
  void an_archive_can_be_deleted_by_hand_but_the_newest_verified_one() {
    try (BackupService service = service(RetentionPolicy.keepLast(3))) {
      Label older = service.backup(ONE).restorePoint().label();
      Label newest = service.backup(ONE).restorePoint().label();
      service.pin(older);

      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> service.delete(newest))
          .withMessageContaining(newest + " is the newest verified backup");
      service.delete(older);

      assertThat(labels(service)).containsExactly(newest);
      assertThatExceptionOfType(ArchiveNotFound.class).isThrownBy(() -> service.delete(older));
    }
  }

  @Test
  void is_pruned_without_a_backup_when_the_policy_has_changed() {
    try (BackupService service = service(RetentionPolicy.keepLast(3))) {
      for (int i = 0; i < 3; i++) {
        service.backup(ONE);
      }
    }
    try (BackupService service = service(RetentionPolicy.keepLast(1))) {
      List<Label> before = labels(service);

      assertThat(service.planRetention(ArchiveOwner.tenant(ONE)).deleted())
          .containsExactlyElementsOf(before.subList(1, 3));
      assertThat(labels(service)).isEqualTo(before);
      assertThat(service.archivedTenants()).containsExactly(ONE);
      assertThat(service.prune(ArchiveOwner.tenant(ONE)))
          .extracting(RestorePoint::label)
          .containsExactlyInAnyOrderElementsOf(before.subList(1, 3));
      assertThat(labels(service)).containsExactly(before.get(0));
    }
  }

  private List<Path> leftovers() throws Exception {
    try (Stream<Path> files = Files.list(store)) {
      return files.filter(file -> file.getFileName().toString().startsWith(".upload")).toList();
    }
  }
}
