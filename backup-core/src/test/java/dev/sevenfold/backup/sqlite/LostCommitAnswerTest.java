package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.SourceUnavailable;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import dev.sevenfold.testsupport.Interposed.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A commit is answered with an error: only the database can say whether it was done. */
class LostCommitAnswerTest {

  private static final TenantId ONE = TenantId.of(1);

  /** What becomes of the commit that writes the restored rows, and of what comes after it. */
  private enum Fault {
    NONE,
    DONE_AND_ANSWERED_WITH_AN_ERROR,
    NOT_DONE,
    DONE_AND_NO_CONNECTION_AFTER_IT
  }

  @TempDir Path folder;
  private Lab lab;
  private Fault fault = Fault.NONE;
  private boolean gone;
  private BackupService backups;
  private Label label;
  private Map<String, List<String>> then;
  private Map<String, List<String>> changed;

  @BeforeEach
  void create() throws IOException {
    Files.writeString(file(), "then");
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE papers (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, note TEXT)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO papers VALUES (1, 1, 'paper', 'then')");
    TenantModel model =
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .files(folder, "papers", "{name}")
            .build();
    backups =
        BackupService.builder(
                SqliteTenantSource.builder(connections(), model).build(),
                new InMemoryArchiveStore())
            .build();
    label = backups.backup(ONE).restorePoint().label();
    then = lab.dump();
    lab.execute("UPDATE papers SET note = 'changed'");
    Files.writeString(file(), "changed");
    changed = lab.dump();
  }

  private Path file() {
    return folder.resolve("paper");
  }

  @Test
  void a_restore_that_was_done_is_done() {
    fault = Fault.DONE_AND_ANSWERED_WITH_AN_ERROR;

    backups.restore(ONE, label);

    assertThat(lab.dump()).isEqualTo(then);
    assertThat(file()).hasContent("then");
    backups.undo(ONE);
    assertThat(lab.dump()).isEqualTo(changed);
    assertThat(file()).hasContent("changed");
  }

  @Test
  void a_restore_that_was_not_done_is_reverted() {
    fault = Fault.NOT_DONE;

    assertThatExceptionOfType(SourceUnavailable.class)
        .isThrownBy(() -> backups.restore(ONE, label));

    assertThat(lab.dump()).isEqualTo(changed);
    assertThat(file()).hasContent("changed");
    assertThat(backups.safetyPoints(ONE)).isEmpty();
    fault = Fault.NONE;
    backups.restore(ONE, label);
    assertThat(lab.dump()).isEqualTo(then);
  }

  @Test
  void a_restore_of_which_nobody_knows_is_left_to_the_next_one_who_can_ask() {
    fault = Fault.DONE_AND_NO_CONNECTION_AFTER_IT;

    assertThatExceptionOfType(OperationFailed.class)
        .isThrownBy(() -> backups.restore(ONE, label))
        .withMessageContaining("not known whether the restore of tenant 1 was committed");

    gone = false;
    backups.undo(ONE);
    assertThat(lab.dump()).isEqualTo(changed);
    assertThat(file()).hasContent("changed");
    backups.undo(ONE);
    assertThat(lab.dump()).isEqualTo(then);
    assertThat(file()).hasContent("then");
  }

  private DataSource connections() {
    return HostConnections.of(
        () -> {
          if (gone) {
            throw new SQLException("no connection");
          }
          return lab.connect();
        },
        (connection, sql, call) ->
            sql.equals("COMMIT") && HostConnections.isRestoring(connection)
                ? commit(call)
                : call.proceed());
  }

  private @Nullable Object commit(Call call) throws Throwable {
    Fault now = fault;
    fault = Fault.NONE;
    switch (now) {
      case NOT_DONE -> throw new SQLException("disk I/O error");
      case DONE_AND_ANSWERED_WITH_AN_ERROR, DONE_AND_NO_CONNECTION_AFTER_IT -> {
        call.proceed();
        gone = now == Fault.DONE_AND_NO_CONNECTION_AFTER_IT;
        throw new SQLException("disk I/O error");
      }
      default -> {
        return call.proceed();
      }
    }
  }
}
