package dev.sevenfold.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.schedule.BackupTenantJob;
import dev.sevenfold.backup.schedule.JobStore;
import dev.sevenfold.backup.schedule.SqliteJobStore;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** The store on connections that the host hands out and gets back. */
class SqliteJobStoreOnHostConnectionsTest implements JobStoreContract {

  @TempDir Path folder;

  private SQLiteDataSource host() {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + folder.resolve("app.sqlite3"));
    source.setBusyTimeout(10_000);
    return source;
  }

  @Override
  public JobStore newStore() {
    return SqliteJobStore.using(host());
  }

  @Test
  void leaves_the_hosts_tables_and_journal_mode_alone() throws Exception {
    try (Connection connection = host().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE tenants (id INTEGER PRIMARY KEY)");
      JobStore store = newStore();
      store.save(BackupTenantJob.forTenant(TenantId.of(1)), Optional.empty(), 0);

      assertThat(statement.executeQuery("PRAGMA journal_mode").getString(1)).isEqualTo("delete");
      assertThat(statement.executeQuery("SELECT count(*) FROM tenants").getInt(1)).isZero();
    }
  }

  @Test
  void gives_a_connection_back_as_it_was() throws Exception {
    try (Connection only = host().getConnection()) {
      only.setAutoCommit(false);
      try (JobStore store = SqliteJobStore.using(new OneConnection(only))) {
        store.list();
      }

      assertThat(only.getAutoCommit()).isFalse();
      try (Statement statement = only.createStatement()) {
        assertThat(statement.executeQuery("PRAGMA busy_timeout").getInt(1)).isEqualTo(10_000);
      }
    }
  }
}
