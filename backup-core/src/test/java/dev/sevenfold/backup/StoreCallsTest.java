package dev.sevenfold.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.ArchiveList;
import dev.sevenfold.backup.report.HealthReport;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteSystemSource;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a network each call to a store is a wait: what was found is handed on, not asked again. */
class StoreCallsTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  private SharedDatabase database;
  private final Counting store = new Counting();

  @BeforeEach
  void create() {
    database = SharedDatabase.create(folder, 2, 7);
  }

  private BackupService service() {
    return BackupService.builder(
            SqliteTenantSource.builder(database.file(), database.model()).build(), store)
        .scratch(folder.resolve("scratch"))
        .build();
  }

  @Test
  void a_backup_reads_its_archive_once_and_lists_before_and_after() {
    try (BackupService backups = service()) {
      backups.backup(ONE);
      store.calls.clear();

      backups.backup(ONE);

      // The first list numbers it, the second one is what retention decides by. The stat is for a
      // pin that came while the archive was read.
      assertThat(store.calls).isEqualTo(Map.of("open", 1, "stat", 1, "record", 1, "list", 2));
    }
  }

  @Test
  void lists_of_recorded_archives_open_none_of_them() {
    try (BackupService backups = service()) {
      Label label = backups.backup(ONE).restorePoint().label();
      database.deleteAllOf(1);
      backups.restore(ONE, label);
      backups.backup(ONE);
      backups.backup(TenantId.of(2));
    }
    try (BackupService later = service()) {
      store.calls.clear();

      assertThat(later.restorePoints(ONE)).hasSize(2);
      assertThat(later.undoPoint(ONE)).isEqualTo(Optional.of(later.safetyPoints(ONE).get(0)));
      assertThat(later.unreadableArchives(ONE)).isEmpty();
      assertThat(later.planRetention(ONE).decisions()).hasSize(3);
      BackupHealth.builder(later).build().check();

      assertThat(store.calls).containsOnlyKeys("list");
    }
  }

  @Test
  void what_one_look_finds_of_an_owner_is_one_list() {
    try (BackupService backups = service()) {
      Label label = backups.backup(ONE).restorePoint().label();
      database.deleteAllOf(1);
      backups.restore(ONE, label);
      store.calls.clear();

      assertThat(backups.list(ArchiveOwner.tenant(ONE)))
          .isEqualTo(new ArchiveList(List.of(backups.restorePoint(label)), List.of()));
      ArchiveList safety = backups.listSafety(ONE);
      assertThat(safety.undoPoint()).contains(safety.points().get(0));

      assertThat(store.calls).isEqualTo(Map.of("list", 2, "stat", 1));
    }
  }

  @Test
  void a_check_of_all_tenants_and_the_system_is_one_list() {
    try (BackupService backups =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), database.model()).build(), store)
            .system(
                SystemBackups.builder(store)
                    .source(
                        SqliteSystemSource.builder().database("primary", database.file()).build()))
            .scratch(folder.resolve("scratch"))
            .build()) {
      backups.backupAll();
      Label label = backups.backupSystem().point().label();
      store.calls.clear();

      HealthReport report = BackupHealth.builder(backups).build().check();

      assertThat(store.calls).isEqualTo(Map.of("list", 1));
      assertThat(report.all()).allMatch(status -> status.archives() == 1);
      assertThat(report.system().orElseThrow().lastVerified().orElseThrow().label())
          .isEqualTo(label);
    }
  }

  @Test
  void a_check_of_the_system_alone_does_not_ask_for_the_archives_of_tenants() {
    try (BackupService backups = service()) {
      backups.backupAll();
    }
    try (SystemBackups backups = SystemBackups.builder(store).build()) {
      store.calls.clear();
      store.owners.clear();

      BackupHealth.builder(backups).build().check();

      assertThat(store.owners).containsExactly(ArchiveOwner.system());
    }
  }

  @Test
  void retention_lists_each_replica_once_however_many_have_a_policy_of_their_own() {
    Counting second = new Counting();
    MirroredArchiveStore mirror = MirroredArchiveStore.of(store, second);
    try (BackupService backups =
        BackupService.builder(
                SqliteTenantSource.builder(database.file(), database.model()).build(), mirror)
            .retention(RetentionPolicy.keepLast(1))
            .retention(second, RetentionPolicy.keepLast(2))
            .scratch(folder.resolve("scratch"))
            .build()) {
      Label first = backups.backup(ONE).restorePoint().label();
      backups.backup(ONE);
      store.calls.clear();
      second.calls.clear();

      assertThat(backups.prune(ArchiveOwner.tenant(ONE))).isEmpty();
      assertThat(store.calls).isEqualTo(Map.of("list", 1));
      assertThat(second.calls).isEqualTo(Map.of("list", 1));

      assertThat(backups.backup(ONE).deleted())
          .singleElement()
          .satisfies(gone -> assertThat(gone.label()).isEqualTo(first));
    }
  }

  @Test
  void what_has_no_summary_is_opened_by_lists_until_the_next_backup_has_noted_it() {
    try (BackupService backups = service()) {
      Label pinned = backups.backup(ONE).restorePoint().label();
      backups.backup(ONE);
      backups.pin(pinned);
      store.forgetSummaries();
      store.calls.clear();

      List<RestorePoint> before = backups.restorePoints(ONE);
      assertThat(store.calls).isEqualTo(Map.of("list", 1, "open", 2));
      backups.backup(ONE);

      store.calls.clear();
      assertThat(backups.restorePoints(ONE)).hasSize(3).containsAll(before);
      assertThat(store.calls).isEqualTo(Map.of("list", 1));
    }
  }

  @Test
  void a_verification_notes_what_the_archive_says() {
    try (BackupService backups = service()) {
      Label label = backups.backup(ONE).restorePoint().label();
      ArchiveRecord published = store.delegate.stat(label).record();
      store.forgetSummaries();
      store.calls.clear();

      backups.verify(label);

      assertThat(store.calls).isEqualTo(Map.of("open", 2, "stat", 2, "record", 1));
      assertThat(store.delegate.stat(label).record().summary()).isEqualTo(published.summary());
      store.calls.clear();
      backups.restorePoint(label);
      assertThat(store.calls).isEqualTo(Map.of("stat", 1));
    }
  }

  @Test
  void a_verification_reads_its_archive_once() {
    try (BackupService backups = service()) {
      Label label = backups.backup(ONE).restorePoint().label();
      store.calls.clear();

      backups.verify(label);

      assertThat(store.calls).isEqualTo(Map.of("open", 1, "stat", 2, "record", 1));
    }
  }

  @Test
  void a_preview_reads_its_archive_once() {
    try (BackupService backups = service()) {
      Label label = backups.backup(ONE).restorePoint().label();
      store.calls.clear();

      backups.preview(ONE, label);

      assertThat(store.calls).isEqualTo(Map.of("open", 1, "stat", 1));
    }
  }

  @Test
  void a_backup_of_the_system_reads_its_archive_and_the_head_of_the_one_before() {
    SqliteSystemSource source =
        SqliteSystemSource.builder().database("primary", database.file()).build();
    try (SystemBackups backups =
        SystemBackups.builder(store).source(source).scratch(folder.resolve("scratch")).build()) {
      backups.backup();
      store.calls.clear();

      backups.backup();

      // The archive, and what the one before had.
      assertThat(store.calls).isEqualTo(Map.of("open", 2, "stat", 1, "record", 1, "list", 2));
    }
  }

  /**
   * A store that counts what it is asked; a publication of a second that is taken is tried again.
   */
  private static final class Counting implements ArchiveStore {

    private final ArchiveStore delegate = new InMemoryArchiveStore();
    private final Map<String, Integer> calls = new TreeMap<>();
    private final List<ArchiveOwner> owners = new ArrayList<>();

    /** As if an earlier version had published what there is. */
    private void forgetSummaries() {
      for (StoredArchive archive : delegate.list(ArchiveOwner.anyone()).complete()) {
        delegate.record(archive.label(), archive.record().withoutSummary());
      }
    }

    private ArchiveStore counted(String call) {
      calls.merge(call, 1, Integer::sum);
      return delegate;
    }

    @Override
    public String describe() {
      return delegate.describe();
    }

    @Override
    public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
      return delegate.publish(label, record, content);
    }

    @Override
    public InputStream open(Label label, long offset) {
      return counted("open").open(label, offset);
    }

    @Override
    public StoredArchive stat(Label label) {
      return counted("stat").stat(label);
    }

    @Override
    public Listing list(ArchiveOwner owner) {
      owners.add(owner);
      return counted("list").list(owner);
    }

    @Override
    public StoredArchive record(Label label, ArchiveRecord record) {
      return counted("record").record(label, record);
    }

    @Override
    public void delete(Label label) {
      counted("delete").delete(label);
    }

    @Override
    public void close() {
      // Kept: the next service of the same test finds what this one made.
    }
  }
}
