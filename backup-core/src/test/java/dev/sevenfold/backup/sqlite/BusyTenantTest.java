package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.scratch.SqliteErrors;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tenant's own people are at work while it is restored: at last it is restored all the same,
 * and an undo gives back what was there right before, with what they wrote in between.
 */
class BusyTenantTest {

  private static final Set<String> PLANNING = Set.of("stage", "extract", "files");

  @TempDir Path folder;
  private Lab lab;
  private Label label;
  private Map<String, List<String>> then;
  private int attempts;
  private int written;
  private boolean published;
  private boolean merged;

  @BeforeEach
  void create() throws IOException {
    lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE papers (id TEXT PRIMARY KEY, tenant_id INTEGER, name TEXT, note)",
                "CREATE TABLE lines (paper_id TEXT REFERENCES papers, text)",
                "CREATE INDEX of_tenant ON papers (tenant_id)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO papers VALUES ('z', 2, 'other', 'then')",
                "INSERT INTO papers VALUES ('a', 1, 'a', 'then'), ('b', 1, 'b', 'then')",
                "INSERT INTO papers VALUES ('c', 1, 'same', 'then'), ('d', 1, NULL, 'then')",
                "INSERT INTO lines VALUES ('a', 'then'), ('z', 'of 2'), ('b', 'then')")
            .owned(model());
    for (String name : List.of("a", "b", "same", "other")) {
      Files.writeString(file(name), "then");
    }
    label = lab.backup(1);
    then = lab.dump();
    // Removed rows in between, so that a VACUUM numbers those behind them anew.
    lab.execute(
        "DELETE FROM lines WHERE paper_id = 'b'",
        "DELETE FROM papers WHERE id = 'b'",
        "DELETE FROM lines WHERE paper_id = 'a'",
        "INSERT INTO papers VALUES ('e', 1, 'e', 'came later')",
        "INSERT INTO lines VALUES ('a', 'came later')");
    Files.writeString(file("a"), "changed");
    Files.delete(file("b"));
    Files.writeString(file("e"), "came later");
  }

  private TenantModel.Builder model() {
    return TenantModel.rootedAt("tenants").column("tenant_id").files(folder, "papers", "{name}");
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private interface Meanwhile {
    void at(String step, int attempt) throws IOException, SQLException;
  }

  private void restore(Meanwhile meanwhile) {
    restore(RestoreOptions.DEFAULT, meanwhile);
  }

  private void restore(RestoreOptions options, Meanwhile meanwhile) {
    try (BackupService service = lab.service()) {
      service.restore(
          Lab.id(1), label, options, (step, unit, done, all) -> heard(meanwhile, step, done));
    }
  }

  private void heard(Meanwhile meanwhile, String step, long done) {
    if (step.equals("extract") && done == 0) {
      attempts++;
    }
    merged |= step.equals("merge");
    // When the safety archive of the first attempt is read back, and while a later one is planned.
    boolean isRead = attempts == 1 && step.equals("verify");
    boolean first = isRead && !published;
    published |= isRead;
    if (first || (attempts > 1 && !merged && PLANNING.contains(step))) {
      try {
        meanwhile.at(step, attempts);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (SQLException e) {
        assertThat(SqliteErrors.isBusy(e)).as(e.toString()).isTrue();
      }
    }
  }

  private void atOnce(String... statements) throws SQLException {
    try (Connection connection = lab.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 0");
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private void write(int number) throws IOException, SQLException {
    atOnce("UPDATE papers SET note = 'late " + number + "' WHERE id IN ('a', 'd')");
    Files.writeString(file("a"), "late " + number);
    written = number;
  }

  private void requireRestored() {
    assertThat(notesAndFiles()).isEqualTo("a:then,b:then,c:then,d:then / then then then -");
    assertThat(lab.rows("lines")).containsExactlyInAnyOrderElementsOf(then.get("lines"));
    assertThat(lab.damage()).isEmpty();
  }

  private String notesAndFiles() {
    StringBuilder all =
        new StringBuilder(
            lab.query("SELECT id || ':' || note FROM papers WHERE tenant_id = 1 ORDER BY id"));
    all.append(" /");
    for (String name : List.of("a", "b", "same", "e")) {
      all.append(' ').append(content(file(name)));
    }
    return all.toString();
  }

  private static String content(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "-";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requireUndone(String a, String d) {
    lab.undo(1);
    assertThat(notesAndFiles())
        .isEqualTo("a:%s,c:then,d:%s,e:came later / %s - then came later".formatted(a, d, a));
    lab.undo(1);
    requireRestored();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void what_was_written_in_between_comes_back_with_an_undo(int attempts) {
    restore(
        (step, attempt) -> {
          if (attempt <= attempts && written < attempt) {
            write(attempt);
          }
        });

    assertThat(this.attempts).isEqualTo(attempts + 1);
    requireRestored();
    requireUndone("late " + attempts, "late " + attempts);
  }

  @Test
  void a_tenant_that_never_rests_is_restored_under_the_lock() {
    restore((step, attempt) -> write(written + 1));

    assertThat(attempts).as("the last one").isEqualTo(4);
    assertThat(written).isGreaterThan(2);
    requireRestored();
    requireUndone("late " + written, "late " + written);
  }

  @Test
  void what_was_shown_is_not_restored_over_what_was_written_in_between() {
    RestorePlan shown = lab.service().preview(Lab.id(1), label);

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(
            () ->
                restore(
                    shown.exactly(),
                    (step, attempt) -> {
                      if (written == 0) {
                        write(1);
                      }
                    }))
        .satisfies(
            e ->
                assertThat(e.reasons())
                    .containsExactly("papers: 1 inserted, 2 updated, 1 deleted"));

    assertThat(notesAndFiles())
        .isEqualTo("a:late 1,c:then,d:late 1,e:came later / late 1 - then came later");
    assertThat(lab.service().undoPoint(Lab.id(1))).isEmpty();
  }

  @Test
  void what_was_shown_is_restored_although_others_never_rest() {
    RestorePlan shown = lab.service().preview(Lab.id(1), label);

    restore(
        shown.exactly(),
        (step, attempt) -> atOnce("UPDATE papers SET note = 'more ' || random() WHERE id = 'z'"));

    requireRestored();
  }

  @Test
  void a_part_leaves_alone_what_is_written_all_the_time_beside_it() {
    RestoreOptions part = RestoreOptions.DEFAULT.creatingOnly();
    restore(part, (step, attempt) -> write(written + 1));

    assertThat(attempts).as("the last one").isEqualTo(4);
    String others = "a:%1$s,%2$sc:then,d:%1$s,e:came later / %1$s %3$s then came later";
    String late = "late " + written;
    assertThat(notesAndFiles()).isEqualTo(others.formatted(late, "b:then,", "then"));
    assertThat(lab.query("SELECT text FROM lines ORDER BY 1"))
        .isEqualTo("came later,of 2,then,then");

    lab.undo(1);

    assertThat(notesAndFiles()).isEqualTo(others.formatted(late, "", "-"));
    assertThat(lab.query("SELECT text FROM lines ORDER BY 1")).isEqualTo("came later,of 2");
  }

  @Test
  void a_part_that_was_shown_is_restored_while_people_write_what_it_does_not_touch() {
    RestorePlan shown =
        lab.service().preview(Lab.id(1), label, RestoreOptions.DEFAULT.rows("papers", "b"));

    restore(shown.exactly(), (step, attempt) -> write(written + 1));

    assertThat(written).isPositive();
    assertThat(lab.query("SELECT note FROM papers WHERE id = 'b'")).isEqualTo("then");
    assertThat(lab.query("SELECT note FROM papers WHERE id = 'a'")).isEqualTo("late " + written);
    assertThat(file("b")).hasContent("then");
    assertThat(file("a")).hasContent("late " + written);
  }

  @Test
  void a_part_that_was_shown_is_not_restored_over_what_is_written_into_it() {
    RestorePlan shown =
        lab.service().preview(Lab.id(1), label, RestoreOptions.DEFAULT.rows("papers", "a"));

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(
            () ->
                restore(
                    shown.exactly(),
                    (step, attempt) ->
                        atOnce("INSERT OR IGNORE INTO lines VALUES ('a', 'came later still')")));

    assertThat(lab.query("SELECT text FROM lines WHERE paper_id = 'a' LIMIT 1"))
        .isEqualTo("came later");
    assertThat(file("a")).hasContent("changed");
    assertThat(lab.service().undoPoint(Lab.id(1))).isEmpty();
  }

  @Test
  void a_file_that_another_tenant_came_to_use_in_between_is_not_replaced() {
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(
            () ->
                restore(
                    (step, attempt) ->
                        atOnce("INSERT OR IGNORE INTO papers VALUES ('y', 2, 'a', 'of 2')")))
        .withMessageContaining("another tenant's row names it");

    assertThat(file("a")).hasContent("changed");
    assertThat(lab.query("SELECT note FROM papers WHERE id = 'y'")).isEqualTo("of 2");
  }

  @Test
  void a_file_that_alone_was_written_in_between_comes_back_with_an_undo() {
    restore(
        (step, attempt) -> {
          if (attempt == 1) {
            Files.writeString(file("a"), "rewritten in between");
          }
        });

    assertThat(attempts).isEqualTo(2);
    requireRestored();
    lab.undo(1);
    assertThat(file("a")).hasContent("rewritten in between");
  }

  @Test
  void a_file_that_comes_to_the_place_of_a_restored_one_in_between_comes_back_with_an_undo() {
    restore(
        (step, attempt) -> {
          if (attempt == 1) {
            Files.writeString(file("b"), "nobody's");
          }
        });

    requireRestored();
    lab.undo(1);
    assertThat(file("b")).hasContent("nobody's");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VACUUM",
        "ANALYZE",
        "CREATE TABLE ignored_new (x)",
        "CREATE TABLE sevenfold_restore_0123456789abcdef0123456789abcdef (done)",
        "CREATE VIEW seen AS SELECT * FROM papers",
        "UPDATE papers SET note = 'of 2' WHERE tenant_id = 2"
      })
  void what_is_no_change_of_the_tenant_takes_no_other_attempt(String statement) {
    // Nothing is numbered anew any more.
    lab.owned(model().ignored("ignored_*"));
    lab.execute("VACUUM");

    restore(
        (step, attempt) -> {
          if (attempt == 1) {
            atOnce(statement);
          }
        });

    assertThat(attempts).isEqualTo(1);
    requireRestored();
    requireUndone("then", "then", "changed");
  }

  private void requireUndone(String a, String d, String content) {
    lab.undo(1);
    assertThat(notesAndFiles())
        .isEqualTo("a:%s,c:then,d:%s,e:came later / %s - then came later".formatted(a, d, content));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VACUUM",
        "CREATE UNIQUE INDEX notes ON papers (id, note)",
        "ALTER TABLE papers ADD COLUMN more",
        "CREATE TABLE more (paper_id TEXT REFERENCES papers ON DELETE CASCADE)"
      })
  void what_changes_what_the_plan_stands_on_takes_another_attempt(String statement) {
    restore(
        (step, attempt) -> {
          if (attempt == 1) {
            atOnce(statement);
          }
        });

    assertThat(attempts).isEqualTo(2);
    assertThat(notesAndFiles()).isEqualTo("a:then,b:then,c:then,d:then / then then then -");
    lab.undo(1);
    assertThat(notesAndFiles())
        .isEqualTo("a:then,c:then,d:then,e:came later / changed - then came later");
  }

  @Test
  void vacuum_all_the_time_keeps_nobody_from_a_restore() {
    restore(
        (step, attempt) ->
            atOnce(
                "INSERT INTO lines VALUES ('z', 'of 2')",
                "DELETE FROM lines WHERE rowid = (SELECT min(rowid) FROM lines WHERE paper_id = 'z')",
                "VACUUM"));

    assertThat(notesAndFiles()).isEqualTo("a:then,b:then,c:then,d:then / then then then -");
    assertThat(lab.query("SELECT text FROM lines ORDER BY 1")).isEqualTo("of 2,then,then");
    lab.undo(1);
    assertThat(lab.query("SELECT text FROM lines ORDER BY 1")).isEqualTo("came later,of 2");
  }
}
