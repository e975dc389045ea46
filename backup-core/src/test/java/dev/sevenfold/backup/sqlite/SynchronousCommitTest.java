package dev.sevenfold.backup.sqlite;

import static dev.sevenfold.backup.sqlite.HostConnections.ask;
import static dev.sevenfold.backup.sqlite.HostConnections.isRestoring;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.io.DurableFiles;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.testsupport.Interposed;
import dev.sevenfold.testsupport.Interposed.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A host lends connections whose commits may be lost in a power cut. Files move after a commit, so
 * that this one may not; and the host gets its connections back as they were.
 */
class SynchronousCommitTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  private Lab lab;
  private String lent = "";
  private String mode = "";

  /** What was in force at each commit that writes, and at each end of a marker. */
  private final List<String> commits = new ArrayList<>();

  private final List<String> ends = new ArrayList<>();
  private final List<String> givenBack = new ArrayList<>();

  @BeforeEach
  void create() {
    lab =
        Lab.plain(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE papers (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, note TEXT)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO papers VALUES (1, 1, 'paper', 'then')");
  }

  @ParameterizedTest
  @CsvSource({
    "WAL, 0, 2",
    "WAL, 1, 2",
    "WAL, 2, 2",
    "WAL, 3, 3",
    "DELETE, 0, 3",
    "DELETE, 1, 3",
    "DELETE, 2, 3",
    "TRUNCATE, 1, 3"
  })
  void the_commit_that_files_follow_reaches_the_disk(String mode, String synchronous, String full)
      throws IOException {
    this.mode = mode;
    lent = synchronous;
    Path file = Files.writeString(folder.resolve("paper"), "then");
    try (BackupService backups =
        BackupService.builder(
                SqliteTenantSource.builder(connections(), model()).build(),
                new InMemoryArchiveStore())
            .build()) {
      Label label = backups.backup(ONE).restorePoint().label();
      lab.execute("UPDATE papers SET note = 'changed'");
      Files.writeString(file, "changed");

      backups.restore(ONE, label);
      backups.undo(ONE);
    }

    assertThat(file).hasContent("changed");
    assertThat(commits).as("a restore and an undo").containsExactly(full, full);
    assertThat(ends).containsExactly(full, full);
    assertThat(givenBack).isNotEmpty().containsOnly(synchronous);
  }

  @ParameterizedTest
  @CsvSource({"WAL, 1, 2", "DELETE, 0, 3"})
  void so_does_the_end_of_a_restore_that_was_killed(String mode, String synchronous, String full)
      throws IOException {
    this.mode = mode;
    lent = synchronous;
    Path file = Files.writeString(folder.resolve("paper"), "then");
    InMemoryArchiveStore store = new InMemoryArchiveStore();
    SqliteTenantSource.Builder source = SqliteTenantSource.builder(connections(), model());
    try (BackupService backups =
        BackupService.builder(source.disk(MortalDisk::dyingAtTheFirstMove).build(), store)
            .build()) {
      Label label = backups.backup(ONE).restorePoint().label();
      lab.execute("UPDATE papers SET note = 'changed'");
      Files.writeString(file, "changed");
      backups.restore(ONE, label);
    } catch (MortalDisk.Killed e) {
      assertThat(ends).isEmpty();
    }

    BackupService.builder(source.disk(DurableFiles::new).build(), store).build().close();

    assertThat(file).hasContent("then");
    assertThat(ends).isNotEmpty().containsOnly(full);
    assertThat(givenBack).containsOnly(synchronous);
  }

  private TenantModel model() {
    return TenantModel.rootedAt("tenants")
        .column("tenant_id")
        .files(folder, "papers", "{name}")
        .build();
  }

  private DataSource connections() {
    return HostConnections.of(
        () -> {
          Connection connection = lab.connect();
          ask(connection, "PRAGMA journal_mode = " + mode);
          ask(connection, "PRAGMA synchronous = " + lent);
          return Interposed.before(connection, Connection.class, call -> given(connection, call));
        },
        this::executed);
  }

  private @Nullable Object given(Connection connection, Call call) throws Throwable {
    if (call.is("close")) {
      givenBack.add(ask(connection, "PRAGMA synchronous"));
    }
    return call.proceed();
  }

  private @Nullable Object executed(Connection connection, String sql, Call call) throws Throwable {
    if (sql.equals("COMMIT") && isRestoring(connection)) {
      commits.add(ask(connection, "PRAGMA synchronous"));
    } else if (sql.startsWith("DROP TABLE") && sql.contains("sevenfold_restore_")) {
      ends.add(ask(connection, "PRAGMA synchronous"));
    }
    return call.proceed();
  }
}
