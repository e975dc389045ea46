package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.memory.InMemoryArchiveStore;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.retention.RetentionPolicy;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every restore can be taken back, and so can that. */
class UndoTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  Lab lab;
  BackupService backups;
  Label first;
  Label second;

  @BeforeEach
  void back_up_twice_and_go_on() {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users, text)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO users VALUES (1, 1, 'first'), (9, 2, 'other')");
    backups = lab.service();
    first = backups.backup(ONE).restorePoint().label();
    lab.execute("UPDATE users SET name = 'second' WHERE id = 1");
    second = backups.backup(ONE).restorePoint().label();
    lab.execute("UPDATE users SET name = 'third' WHERE id = 1");
  }

  private String name() {
    return lab.query("SELECT name FROM users WHERE tenant_id = 1");
  }

  @Test
  void goes_back_and_forth_between_the_two_states_of_the_last_restore() {
    backups.restore(ONE, second);
    backups.restore(ONE, first);

    backups.undo(ONE);
    assertThat(name()).isEqualTo("second");
    backups.undo(ONE);
    assertThat(name()).isEqualTo("first");
    backups.undo(ONE);
    assertThat(name()).isEqualTo("second");
    List<RestorePoint> points = backups.safetyPoints(ONE);
    assertThat(points)
        .hasSize(5)
        .isSortedAccordingTo((a, b) -> b.capturedAt().compareTo(a.capturedAt()));
    assertThat(backups.undoPoint(ONE)).contains(points.get(0));

    // What was before the first of the restores is there to go back to, by its label.
    backups.restore(ONE, points.get(4).label());
    assertThat(name()).isEqualTo("third");
  }

  @Test
  void takes_back_the_last_restore_that_happened_and_not_one_that_was_refused() {
    backups.restore(ONE, second);
    RestorePoint undo = backups.undoPoint(ONE).orElseThrow();
    lab.execute("INSERT INTO users VALUES (5, 1, 'new')", "INSERT INTO notes VALUES (1, 5, 'n')");
    lab.execute("CREATE TABLE bills (id INTEGER PRIMARY KEY, note_id REFERENCES notes)");
    Label other = backups.backup(TenantId.of(2)).restorePoint().label();
    lab.execute("ALTER TABLE users RENAME COLUMN name TO title");

    for (Label refused : List.of(first, other)) {
      assertThatExceptionOfType(RestoreRefused.class)
          .isThrownBy(() -> backups.restore(ONE, refused));
      assertThat(backups.undoPoint(ONE)).contains(undo);
    }

    lab.execute("ALTER TABLE users RENAME COLUMN title TO name");
    backups.undo(ONE);
    assertThat(name()).isEqualTo("third");
  }

  @Test
  void is_refused_where_others_took_an_id_and_gives_a_new_one_on_request() {
    lab.execute("INSERT INTO users VALUES (5, 1, 'new')", "INSERT INTO notes VALUES (1, 5, 'n')");
    backups.restore(ONE, second);
    lab.execute("INSERT INTO users VALUES (5, 2, 'took it')");
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> backups.undo(ONE))
        .withMessageContaining("[id] = [[5]]")
        .withMessageContaining("restore with new ids");
    assertThat(lab.dump()).isEqualTo(before);
    backups.undo(ONE, Lab.NEW_IDS);

    assertThat(lab.query("SELECT name || text FROM users JOIN notes ON user_id = users.id"))
        .isEqualTo("newn");
    assertThat(lab.query("SELECT name FROM users WHERE id = 5")).isEqualTo("took it");
  }

  @Test
  void without_a_restore_is_refused() {
    assertThat(backups.undoPoint(ONE)).isEmpty();
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> backups.undo(ONE))
        .withMessageContaining("no restore of tenant 1 to take back");
  }

  @Test
  void what_it_needs_has_a_retention_of_its_own() {
    // Within one second, so that labels are used again.
    Clock still = Clock.fixed(Instant.parse("2026-11-22T01:02:03Z"), ZoneOffset.UTC);
    BackupService few =
        BackupService.builder(lab.source(still), new InMemoryArchiveStore())
            .retention(RetentionPolicy.keepLast(2).withSafety(RetentionPolicy.keepLast(1)))
            .clock(still)
            .build();
    Label label = few.backup(ONE).restorePoint().label();
    few.backup(ONE);
    for (int i = 0; i < 4; i++) {
      lab.update("UPDATE users SET name = ? WHERE id = 1", "before " + i);
      few.restore(ONE, label);
    }

    assertThat(few.restorePoints(ONE)).hasSize(2);
    assertThat(few.safetyPoints(ONE)).hasSize(1);
    few.undo(ONE);
    assertThat(name()).isEqualTo("before 3");
  }
}
