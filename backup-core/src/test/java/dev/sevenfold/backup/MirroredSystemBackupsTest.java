package dev.sevenfold.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.source.SystemSource;
import dev.sevenfold.backup.sqlite.SharedDatabase;
import dev.sevenfold.backup.sqlite.SqliteSystemSource;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.store.MirroredArchiveStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system here and on another machine. */
class MirroredSystemBackupsTest {

  @TempDir Path folder;
  private final InMemoryArchiveStore local = new InMemoryArchiveStore();
  private ArchiveStore remote = new InMemoryArchiveStore();
  private SystemSource source;

  @BeforeEach
  void create() {
    source =
        SqliteSystemSource.builder()
            .database("primary", SharedDatabase.create(folder, 2, 7).file())
            .build();
  }

  private SystemBackups.Builder backups(ArchiveStore store) {
    return SystemBackups.builder(store).source(source).scratch(folder.resolve("scratch"));
  }

  @Test
  void each_place_keeps_what_its_own_policy_keeps() {
    SystemBackups backups =
        backups(MirroredArchiveStore.of(local, remote))
            .retention(local, RetentionPolicy.keepLast(2))
            .retention(remote, RetentionPolicy.keepLast(3))
            .build();

    for (int i = 0; i < 4; i++) {
      backups.backup();
    }

    assertThat(local.list(ArchiveOwner.system()).complete()).hasSize(2);
    assertThat(remote.list(ArchiveOwner.system()).complete()).hasSize(3);
    assertThat(backups.points()).hasSize(3).allMatch(RestorePoint::verified);
  }

  @Test
  void a_policy_for_a_replica_needs_a_mirror() {
    SystemBackups.Builder builder = backups(local).retention(remote, RetentionPolicy.keepLast(2));

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("There is a retention policy for a replica, and memory is no mirror");
  }

  @Test
  void what_is_kept_here_counts_while_the_other_machine_is_down() throws IOException {
    // Nobody, root neither, can make files in a folder that is a file.
    remote = DirectoryArchiveStore.at(Files.writeString(folder.resolve("remote"), "no folder"));
    SystemBackups backups = backups(MirroredArchiveStore.of(local, remote)).build();

    assertThatThrownBy(backups::backup)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("is kept in memory, but not everywhere");

    assertThat(SystemBackups.builder(local).build().latest().verified()).isTrue();
  }

  @Test
  void two_backups_of_one_day_are_both_kept() {
    SystemBackups backups = backups(local).build();

    RestorePoint night = backups.backup().point();
    RestorePoint noon = backups.backup().point();

    assertThat(backups.points()).containsExactly(noon, night);
  }
}
