package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.sqlite.UnmountedWorld.ACCEPTED;
import static dev.sevenfold.backup.sqlite.UnmountedWorld.ONE;
import static dev.sevenfold.backup.sqlite.UnmountedWorld.TWO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.BackupOutcome;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.SystemBackupReport;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is not mounted is told from files that are missing, and can be accepted for a run.
 */
class UnmountedDiskTest {

  @TempDir Path folder;

  private UnmountedWorld world;

  @BeforeEach
  void create() throws IOException {
    world = UnmountedWorld.create(folder);
  }

  private void isRefused(String... words) {
    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(() -> world.backup(ONE))
        .satisfies(refused -> assertThat(refused.getMessage()).contains(words))
        .satisfies(refused -> assertThat(refused.advice()).contains("acceptingMissing"));
  }

  private void systemIsRefused(String... words) {
    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(() -> world.backupSystem())
        .satisfies(refused -> assertThat(refused.getMessage()).contains(words))
        .satisfies(refused -> assertThat(refused.advice()).contains("acceptingMissing"));
  }

  @Test
  void a_folder_that_is_not_there_refuses_the_tenant_whose_rows_name_files_in_it()
      throws IOException {
    world.lab().execute("DELETE FROM blobs WHERE tenant_id = 2");
    world.takeAway();

    isRefused(world.uploads() + " is not there", "10 files");
    assertThat(world.service().restorePoints(ONE)).isEmpty();
    assertThat(world.backup(TWO).warnings()).isEmpty();
  }

  @Test
  void whoever_knows_better_accepts_it_for_one_run() throws IOException {
    world.takeAway();

    BackupReport report = world.accepted(ONE);

    assertThat(report.restorePoint().verified()).isTrue();
    assertThat(report.warnings()).anyMatch(text -> text.contains("is not there"));
    isRefused("is not there");
  }

  @Test
  void an_empty_folder_is_one_with_nothing_but_what_a_file_system_and_git_put_into_it()
      throws IOException {
    world.unmount();
    isRefused("has no file in it");

    Files.createDirectories(world.uploads().resolve("lost+found"));
    Files.createDirectories(world.uploads().resolve("ab/cd"));
    Files.writeString(world.uploads().resolve(".keep"), "");
    isRefused("has no file in it");

    world.mount();
    assertThat(world.backup(ONE).files()).isEqualTo(10);
  }

  @Test
  void a_link_that_leads_nowhere_and_a_file_are_no_folders() throws IOException {
    world.takeAway();
    Files.createSymbolicLink(world.uploads(), folder.resolve("nowhere"));
    isRefused("is a link that leads to no folder");

    Files.delete(world.uploads());
    Files.writeString(world.uploads(), "a file");
    isRefused("is not a folder");
  }

  @Test
  void single_files_that_are_missing_are_reported() throws IOException {
    world.backup(ONE);
    world.deleteFirst(ONE, 5);

    BackupReport report = world.backup(ONE);

    assertThat(report.files()).isEqualTo(5);
    assertThat(report.warnings()).hasSize(5).allMatch(text -> text.contains("Missing file"));
  }

  @Test
  void most_files_gone_that_the_archive_before_had_are_refused() throws IOException {
    world.backup(ONE);
    world.deleteFirst(ONE, 6);

    isRefused("6 files that rows name are not there and 4 are", "has 10");
    assertThat(world.accepted(ONE).files()).isEqualTo(4);
    // What was accepted is what there is to be compared with.
    assertThat(world.backup(ONE).files()).isEqualTo(4);
  }

  @Test
  void files_that_are_still_to_come_are_not_gone() {
    world.backup(ONE);
    for (int i = 0; i < 30; i++) {
      world.lab().update("INSERT INTO blobs (tenant_id, key) VALUES (1, ?)", "late-" + i);
    }

    assertThat(world.backup(ONE).warnings()).hasSize(30);
  }

  @Test
  void a_disk_with_none_of_the_files_is_another_one() {
    world.backup(ONE);
    world.lab().execute("UPDATE blobs SET key = 'elsewhere-' || key WHERE tenant_id = 1");

    isRefused("10 files that rows name are not there and 0 are");
  }

  @Test
  void files_that_went_with_their_rows_are_not_missed() throws IOException {
    world.backup(ONE);
    world.deleteFirst(ONE, 9);
    world.lab().execute("DELETE FROM blobs WHERE tenant_id = 1 AND key <> 't1-9'");

    assertThat(world.backup(ONE).files()).isEqualTo(1);
  }

  @Test
  void a_run_over_all_refuses_only_those_whom_it_concerns() throws IOException {
    world.backup(ONE);
    world.backup(TWO);
    world.deleteFirst(TWO, 10);

    List<BackupOutcome> outcomes = world.service().backupAll();

    assertThat(outcomes.get(0).report()).isPresent();
    assertThat(outcomes.get(1).failure().orElseThrow()).isInstanceOf(BackupRefused.class);
    assertThat(world.service().backupAll(ACCEPTED))
        .allMatch(outcome -> outcome.report().isPresent());
  }

  @Test
  void a_database_without_tenants_is_refused_where_the_store_has_archives_of_some() {
    world.backup(ONE);
    world.lab().execute("DELETE FROM blobs", "DELETE FROM tenants");

    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(() -> world.service().backupAll())
        .withMessageContaining("no tenant");
    assertThat(world.service().backupAll(ACCEPTED)).isEmpty();
  }

  @Test
  void what_a_restore_takes_before_is_never_refused() throws IOException {
    Label label = world.backup(ONE).restorePoint().label();
    world.unmount();

    world.service().restore(ONE, label);

    assertThat(world.file(ONE, 3)).hasContent("file 3 of 1");
  }

  @Test
  void a_tree_that_is_not_there_refuses_the_system() throws IOException {
    world.takeAway();
    systemIsRefused("tree uploads", "is not there");
    assertThat(world.service().system().points()).isEmpty();

    Files.createSymbolicLink(world.uploads(), folder.resolve("nowhere"));
    systemIsRefused("is a link that leads to no folder");

    SystemBackupReport report = world.acceptedSystem();
    assertThat(report.warnings()).anyMatch(text -> text.contains("leads to no folder"));
    systemIsRefused("is a link that leads to no folder");
  }

  @Test
  void what_was_accepted_without_a_tree_can_be_restored() throws IOException {
    world.takeAway();
    Label label = world.acceptedSystem().point().label();
    Path into = Files.createDirectory(folder.resolve("into"));

    world.service().system().restore(label, SqliteSystemTarget.builder(into).build());

    assertThat(into.resolve("app.sqlite3")).isRegularFile();
  }

  @Test
  void a_tree_that_has_lost_every_file_refuses_the_system() throws IOException {
    world.backupSystem();
    world.unmount();
    systemIsRefused("tree uploads has 0 files", "20 are gone");

    Files.createDirectories(world.uploads().resolve("lost+found"));
    systemIsRefused("tree uploads");

    world.acceptedSystem();
    assertThat(world.backupSystem().warnings()).anyMatch(text -> text.contains("has no file"));
  }

  @Test
  void a_tree_that_has_lost_most_files_refuses_the_system_unless_others_came() throws IOException {
    world.backupSystem();
    world.deleteFirst(ONE, 10);
    assertThat(world.backupSystem().files()).isEqualTo(11);

    world.deleteFirst(TWO, 6);
    systemIsRefused("tree uploads has 4 files", "6 are gone");

    for (int i = 0; i < 6; i++) {
      Files.writeString(world.uploads().resolve("new-" + i), "new");
    }
    assertThat(world.backupSystem().files()).isEqualTo(11);
  }

  @Test
  void a_tree_that_never_had_a_file_is_a_warning() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    SystemBackups backups =
        SystemBackups.builder(new InMemoryArchiveStore())
            .source(
                SqliteSystemSource.builder()
                    .database("primary", world.lab().file())
                    .tree("empty", empty)
                    .build())
            .build();

    assertThat(backups.backup().warnings()).anyMatch(text -> text.contains("has no file"));
    assertThat(backups.backup().warnings()).anyMatch(text -> text.contains("has no file"));
  }

  @Test
  void a_database_without_tables_refuses_the_system_until_it_was_accepted() throws Exception {
    Path empty = Files.createFile(folder.resolve("queue.sqlite3"));
    SystemBackups backups =
        SystemBackups.builder(new InMemoryArchiveStore())
            .source(
                SqliteSystemSource.builder()
                    .database("primary", world.lab().file())
                    .database("queue", empty)
                    .build())
            .build();

    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(backups::backup)
        .withMessageContaining("queue.sqlite3, has no table");

    backups.backup(ACCEPTED, Progress.none());
    assertThat(backups.backup().warnings()).anyMatch(text -> text.contains("has no table"));
  }

  @Test
  void a_database_that_has_tables_and_no_row_any_more_refuses_the_system() {
    world.backupSystem();
    world.lab().execute("DELETE FROM blobs", "DELETE FROM tenants");

    systemIsRefused("no database has any row");
    assertThat(world.acceptedSystem().point().verified()).isTrue();
  }

  @Test
  void one_of_several_databases_may_be_without_rows_for_a_night() throws Exception {
    Path queue = folder.resolve("queue.sqlite3");
    SystemWorld.execute(queue, "CREATE TABLE jobs (id)", "INSERT INTO jobs VALUES (1)");
    SystemBackups backups =
        SystemBackups.builder(new InMemoryArchiveStore())
            .source(
                SqliteSystemSource.builder()
                    .database("primary", world.lab().file())
                    .database("queue", queue)
                    .build())
            .build();
    backups.backup();
    SystemWorld.execute(queue, "DELETE FROM jobs");

    assertThat(backups.backup().warnings()).anyMatch(text -> text.contains("no row in any table"));
  }
}
