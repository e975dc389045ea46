package dev.sevenfold.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteSystemSource;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
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
      assertThat(store.calls).isEqualTo(Map.of("open", 1, "stat", 1, "mark", 1, "list", 2));
    }
  }

  @Test
  void the_first_list_of_a_process_reads_each_head_once_and_the_next_one_none() {
    try (BackupService backups = service()) {
      backups.backup(ONE);
      backups.backup(ONE);
    }
    try (BackupService later = service()) {
      store.calls.clear();

      later.restorePoints(ONE);
      assertThat(store.calls).isEqualTo(Map.of("list", 1, "open", 2));

      later.restorePoints(ONE);
      assertThat(store.calls).isEqualTo(Map.of("list", 2, "open", 2));
    }
  }

  @Test
  void a_verification_reads_its_archive_once() {
    try (BackupService backups = service()) {
      Label label = backups.backup(ONE).restorePoint().label();
      store.calls.clear();

      backups.verify(label);

      assertThat(store.calls).isEqualTo(Map.of("open", 1, "stat", 2, "mark", 1));
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

      // The archive, its head for how long that takes, and what the one before had.
      assertThat(store.calls).isEqualTo(Map.of("open", 3, "stat", 1, "mark", 1, "list", 3));
    }
  }

  /**
   * A store that counts what it is asked; a publication of a second that is taken is tried again.
   */
  private static final class Counting implements ArchiveStore {

    private final ArchiveStore delegate = new InMemoryArchiveStore();
    private final Map<String, Integer> calls = new TreeMap<>();

    private ArchiveStore counted(String call) {
      calls.merge(call, 1, Integer::sum);
      return delegate;
    }

    @Override
    public String describe() {
      return delegate.describe();
    }

    @Override
    public StoredArchive publish(Label label, Content content) {
      return delegate.publish(label, content);
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
      return counted("list").list(owner);
    }

    @Override
    public StoredArchive record(Label label, ArchiveRecord record) {
      return counted("mark").record(label, record);
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
