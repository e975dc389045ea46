package dev.sevenfold.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.schedule.BackupTenantJob;
import dev.sevenfold.backup.schedule.CronSchedule;
import dev.sevenfold.backup.schedule.Job;
import dev.sevenfold.backup.schedule.JobStore;
import dev.sevenfold.backup.schedule.SqliteJobStore;
import dev.sevenfold.backup.schedule.StoredJob;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteJobStoreTest implements JobStoreContract {

  @TempDir Path folder;
  private @Nullable SqliteJobStore opened;

  private Path file() {
    return folder.resolve("jobs.sqlite3");
  }

  @Override
  public JobStore newStore() {
    SqliteJobStore store = SqliteJobStore.open(file());
    opened = store;
    return store;
  }

  @AfterEach
  void close() {
    if (opened != null) {
      opened.close();
    }
  }

  private static Job job() {
    return BackupTenantJob.forTenant(TenantId.of(42))
        .on(CronSchedule.parse("1 1 * * 2-6", ZoneOffset.UTC));
  }

  @Test
  void finds_everything_again_after_a_restart() {
    try (SqliteJobStore first = SqliteJobStore.open(file())) {
      first.save(job(), Optional.empty(), 0);
    }

    try (SqliteJobStore second = SqliteJobStore.open(file())) {
      assertThat(second.list()).extracting(StoredJob::job).containsExactly(job());
    }
  }

  @Test
  void writes_ahead_in_a_file_of_its_own() throws Exception {
    newStore();

    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement()) {
      assertThat(statement.executeQuery("PRAGMA journal_mode").getString(1)).isEqualTo("wal");
      assertThat(
              statement
                  .executeQuery(
                      "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
                          + " AND name NOT LIKE 'sevenfold_%' AND name NOT LIKE 'sqlite_%'")
                  .getInt(1))
          .isZero();
    }
  }

  @Test
  void refuses_tables_that_a_newer_version_has_made() throws Exception {
    SqliteJobStore.open(file()).close();
    try (Connection newer = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = newer.createStatement()) {
      statement.executeUpdate("UPDATE sevenfold_job_version SET version = 99");
    }

    assertThatThrownBy(() -> SqliteJobStore.open(file()))
        .isInstanceOf(OperationFailed.class)
        .hasMessageContaining("version 99");
  }

  @Test
  void says_what_is_wrong_with_a_file_that_is_no_database() throws Exception {
    Files.writeString(file(), "not a database, but long enough to be mistaken for one".repeat(50));

    assertThatThrownBy(() -> SqliteJobStore.open(file()))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining(file().toString());
  }

  @Test
  void says_that_it_is_closed() {
    JobStore store = newStore();
    store.close();
    store.close();

    assertThatThrownBy(store::list)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("closed");
  }

  @Test
  void a_failed_call_changes_nothing_and_the_next_one_works() throws Exception {
    JobStore store = newStore();
    store.save(job(), Optional.empty(), 0);
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement()) {
      statement.execute(
          "CREATE TRIGGER stop BEFORE UPDATE ON sevenfold_job BEGIN SELECT RAISE(ABORT, 'no'); END");
      long revision = store.find(job().key()).orElseThrow().revision();

      assertThatThrownBy(() -> store.save(job().withActive(false), Optional.empty(), revision))
          .isInstanceOf(StoreUnavailable.class);

      assertThat(store.list().get(0).job().active()).isTrue();
      statement.execute("DROP TRIGGER stop");
      assertThat(store.save(job().withActive(false), Optional.empty(), revision)).isTrue();
    }
  }
}
