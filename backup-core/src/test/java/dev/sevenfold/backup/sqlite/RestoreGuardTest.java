package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.BackupListener;
import dev.sevenfold.backup.report.RestoreGuard;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application says no, or stops its writers, before anything is written. */
class RestoreGuardTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  private Lab lab;
  private Label label;
  private Map<String, List<String>> before;
  private final List<String> told = new ArrayList<>();

  /** Writes down what it is asked. */
  private class Guard implements RestoreGuard {
    @Override
    public Optional<String> veto(RestorePlan plan) {
      told.add("veto " + plan.target() + " " + plan.tables().get(0).inserted());
      return Optional.empty();
    }

    @Override
    public Pause pause(RestorePlan plan) {
      told.add("pause");
      return () -> told.add("go on");
    }
  }

  private final BackupListener listener =
      new BackupListener() {
        @Override
        public void restoreStarted(TenantId tenant) {
          told.add("started");
        }

        @Override
        public void restoreCompleted(RestoreReport report) {
          told.add("completed");
        }

        @Override
        public void restoreFailed(TenantId tenant, BackupException failure) {
          told.add("failed");
        }
      };

  @BeforeEach
  void back_up_and_lose_a_note() {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, body TEXT UNIQUE)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO notes VALUES (1, 1, 'one'), (2, 1, 'two')");
    label = lab.backup(1);
    lab.execute("DELETE FROM notes WHERE id = 1");
    before = lab.dump();
  }

  private BackupService guarded(RestoreGuard guard) {
    return BackupService.builder(lab.source(), lab.store()).guard(guard).listener(listener).build();
  }

  private RestoreRefused refused(RestoreGuard guard) {
    BackupService backups = guarded(guard);
    RestoreRefused[] refused = new RestoreRefused[1];
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> backups.restore(ONE, label))
        .withMessageContaining("The application does not let tenant 1 be restored")
        .satisfies(e -> refused[0] = e);
    assertThat(lab.dump()).isEqualTo(before);
    assertThat(backups.safetyPoints(ONE)).isEmpty();
    return refused[0];
  }

  @Test
  void is_asked_before_and_goes_on_before_anybody_hears_of_the_restore() {
    BackupService backups = guarded(new Guard());

    backups.restore(ONE, label);
    backups.undo(ONE);

    assertThat(told)
        .containsExactly(
            "started",
            "veto 1 1",
            "pause",
            "go on",
            "completed",
            "started",
            "veto 1 0",
            "pause",
            "go on",
            "completed");
  }

  @Test
  void is_not_asked_where_nothing_would_be_written_or_something_stands_in_the_way() {
    BackupService backups = guarded(new Guard());
    lab.execute("INSERT INTO notes VALUES (9, 2, 'one')");
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> backups.restore(ONE, label));
    lab.execute("DELETE FROM notes WHERE id = 9", "INSERT INTO notes VALUES (1, 1, 'one')");

    backups.restore(ONE, label);
    backups.preview(ONE, label);

    assertThat(told).containsExactly("started", "failed", "started", "completed");
  }

  @Test
  void a_veto_leaves_everything_as_it_was() {
    RestoreRefused refused =
        refused(
            new Guard() {
              @Override
              public Optional<String> veto(RestorePlan plan) {
                return Optional.of("it is closed for its audit");
              }
            });

    assertThat(refused.reasons()).containsExactly("it is closed for its audit");
    assertThat(told).containsExactly("started", "failed");
  }

  @Test
  void an_exception_in_the_veto_or_the_pause_refuses() {
    IllegalStateException broken = new IllegalStateException("no connection to the host");

    assertThat(
            refused(
                new Guard() {
                  @Override
                  public Optional<String> veto(RestorePlan plan) {
                    throw broken;
                  }
                }))
        .hasCause(broken);
    assertThat(
            refused(
                new Guard() {
                  @Override
                  public Pause pause(RestorePlan plan) {
                    throw broken;
                  }
                }))
        .hasCause(broken);
    assertThat(told).doesNotContain("go on");
  }

  @Test
  void what_was_written_before_the_writers_stopped_is_part_of_what_is_taken_back() {
    BackupService backups =
        guarded(
            new Guard() {
              @Override
              public Pause pause(RestorePlan plan) {
                lab.execute("INSERT INTO notes VALUES (3, 1, 'late')");
                return super.pause(plan);
              }
            });

    backups.restore(ONE, label);
    assertThat(lab.query("SELECT body FROM notes ORDER BY id")).isEqualTo("one,two");
    lab.undo(1);
    assertThat(lab.query("SELECT body FROM notes ORDER BY id")).isEqualTo("two,late");
  }

  @Test
  void goes_on_also_after_a_restore_that_was_refused_under_way() {
    RestorePlan shown = lab.service().preview(ONE, label, RestoreOptions.DEFAULT);
    BackupService backups =
        guarded(
            new Guard() {
              @Override
              public Pause pause(RestorePlan plan) {
                lab.execute("UPDATE notes SET body = 'late' WHERE id = 2");
                return super.pause(plan);
              }
            });

    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> backups.restore(shown));

    assertThat(told).containsExactly("started", "veto 1 1", "pause", "go on", "failed");
    assertThat(backups.safetyPoints(ONE)).isEmpty();
  }

  @Test
  void what_cannot_go_on_is_no_failure_of_the_restore() {
    BackupService backups =
        guarded(
            new Guard() {
              @Override
              public Pause pause(RestorePlan plan) {
                return () -> {
                  throw new IllegalStateException("the queue is gone");
                };
              }
            });

    assertThat(backups.restore(ONE, label).safety()).isPresent();
    assertThat(lab.query("SELECT body FROM notes ORDER BY id")).isEqualTo("one,two");
  }
}
