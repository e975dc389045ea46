package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.source.PlanDigest;
import dev.sevenfold.backup.source.PlannedRestore;
import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.StagedTenant;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan would write has an identity, whenever and wherever it is worked out. */
class PlanDigestTest {

  private static final TenantId ONE = TenantId.of(1);

  @TempDir Path folder;
  Path files;
  Lab lab;
  SqliteTenantSource source;
  StagedTenant archive;
  PlanDigest digest;

  /** One note and one file of each kind: to come back, to change, to go. */
  @BeforeEach
  void archive_a_state_and_go_on() throws IOException {
    files = Files.createDirectory(folder.resolve("files"));
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, body, file TEXT)",
            "CREATE TABLE lines (tenant_id INTEGER, line)",
            "CREATE TABLE sessions (id INTEGER PRIMARY KEY,"
                + " note_id INTEGER REFERENCES notes (id) ON DELETE SET NULL)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO notes VALUES (1, 1, 'gone', 'gone'), (2, 1, 'then', 'changed'),"
                + " (9, 2, 'other', 'other')",
            "INSERT INTO lines VALUES (1, 'a'), (1, 'a'), (1, 'b')");
    source = source(Clock.systemUTC());
    write("gone", "then");
    write("changed", "then");
    write("other", "other");
    archive =
        Staged.of(
            source.extract(ONE, Files.createTempDirectory(folder, "extract"), Progress.none()),
            folder);
    lab.execute(
        "DELETE FROM notes WHERE id = 1",
        "UPDATE notes SET body = 5 WHERE id = 2",
        "INSERT INTO notes VALUES (3, 1, 'new', 'new'), (4, 1, 'newer', NULL)",
        "DELETE FROM lines WHERE rowid = 1");
    Files.delete(files.resolve("gone"));
    write("changed", "now");
    write("new", "now");
    digest = plan().digest();
  }

  @Test
  void two_plans_of_one_archive_on_the_same_data_are_the_same() throws IOException {
    PlannedRestore again = plan();

    assertThat(again.plan().isEmpty()).isFalse();
    assertThat(again.digest()).isEqualTo(digest);
    assertThat(again.digest()).isEqualTo(digest);
  }

  @Test
  void what_others_do_and_when_does_not_matter() throws IOException {
    lab.execute("UPDATE notes SET body = 'more' WHERE id = 9", "VACUUM");
    write("other", "more");
    source = source(Clock.offset(Clock.systemUTC(), Duration.ofDays(400)));

    assertThat(plan().digest()).isEqualTo(digest);
  }

  @Test
  void a_value_that_is_written_over_belongs_to_it() throws IOException {
    assertAnother("UPDATE notes SET body = 6 WHERE id = 2");
  }

  @Test
  void a_value_of_another_type_alone_makes_another() throws IOException {
    assertAnother("UPDATE notes SET body = '5' WHERE id = 2");
    assertAnother("UPDATE notes SET body = 5.0 WHERE id = 2");
    assertAnother("UPDATE notes SET body = x'35' WHERE id = 2");
  }

  @Test
  void a_value_that_goes_belongs_to_it() throws IOException {
    assertAnother("UPDATE notes SET body = 'newest' WHERE id = 3");
  }

  @Test
  void a_row_more_or_less_makes_another() throws IOException {
    assertAnother("INSERT INTO notes VALUES (1, 1, 'gone', NULL)");
    assertAnother("UPDATE notes SET id = 5 WHERE id = 4");
    assertAnother("DELETE FROM notes WHERE id = 5");
    assertAnother("INSERT INTO lines VALUES (1, 'b')");
  }

  @Test
  void a_row_of_others_that_an_action_reaches_belongs_to_it() throws IOException {
    assertAnother("INSERT INTO sessions VALUES (1, 3)");
    assertAnother("UPDATE sessions SET id = 2");
  }

  @Test
  void a_file_that_is_replaced_removed_or_made_belongs_to_it() throws IOException {
    write("changed", "later");
    digest = assertAnother();
    write("new", "later");
    digest = assertAnother();
    write("gone", "then");
    digest = assertAnother();
    Files.delete(files.resolve("new"));
    assertAnother();
  }

  @Test
  void the_archive_belongs_to_it() throws IOException {
    lab.update("UPDATE notes SET body = 'then' WHERE id = 2");
    StagedTenant other =
        Staged.of(
            source.extract(ONE, Files.createTempDirectory(folder, "extract"), Progress.none()),
            folder);
    lab.update("UPDATE notes SET body = 5 WHERE id = 2");

    assertThat(plan().digest()).isEqualTo(digest);
    archive = other;
    assertAnother();
  }

  @Test
  void what_it_stands_for_can_be_executed_after_it_was_asked_for() throws IOException {
    PlannedRestore planned = plan();
    planned.digest();

    planned.announce().apply(Progress.none()).settled();

    assertThat(lab.query("SELECT body FROM notes WHERE tenant_id = 1 ORDER BY id"))
        .isEqualTo("gone,then");
    assertThat(plan().plan().isEmpty()).isTrue();
  }

  private void assertAnother(String change) throws IOException {
    lab.execute(change);
    digest = assertAnother();
  }

  private PlanDigest assertAnother() throws IOException {
    PlanDigest now = plan().digest();
    assertThat(now).isNotEqualTo(digest);
    return now;
  }

  private PlannedRestore plan() throws IOException {
    return source.plan(
        archive,
        ONE,
        RestoreOptions.DEFAULT,
        Files.createTempDirectory(folder, "restore"),
        Progress.none());
  }

  private SqliteTenantSource source(Clock clock) {
    return SqliteTenantSource.builder(
            lab.file(),
            TenantModel.rootedAt("tenants")
                .column("tenant_id")
                .ignored("sessions")
                .files(files, "notes", "{file}")
                .build())
        .clock(clock)
        .build();
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(files.resolve(name), content);
  }
}
