package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables and columns that were dropped since the backup are left out with consent. */
class DroppedSinceTest {

  private static final RestoreOptions CONSENT = RestoreOptions.DEFAULT.leavingOutDropped();

  @TempDir Path folder;

  private Lab lab() {
    return Lab.with(
        folder,
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, text, color TEXT)",
        "CREATE TABLE stars (id INTEGER PRIMARY KEY, note_id INTEGER REFERENCES notes)",
        "INSERT INTO tenants VALUES (1), (2)",
        "INSERT INTO notes VALUES (1, 1, 'one', 'red'), (2, 1, 'two', NULL), (3, 2, 'x', 'blue')",
        "INSERT INTO stars VALUES (1, 1), (2, 2), (3, 3)");
  }

  private static void drift(Lab lab) {
    lab.execute(
        "DROP TABLE stars",
        "ALTER TABLE notes DROP COLUMN color",
        "UPDATE notes SET text = 'changed' WHERE tenant_id = 1");
  }

  @Test
  void without_consent_the_message_says_how_to_give_it() {
    Lab lab = lab();
    Label label = lab.backup(1);
    drift(lab);

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label))
        .withMessageContaining("table stars was dropped or renamed; 2 archived rows would be lost")
        .withMessageContaining("column notes.color was dropped or renamed; 1 archived values")
        .withMessageContaining("leavingOutDropped()");
  }

  @Test
  void with_consent_preview_and_report_say_what_is_left_out() {
    Lab lab = lab();
    Label label = lab.backup(1);
    drift(lab);

    RestorePlan plan = lab.preview(1, label, CONSENT);
    RestoreReport report = lab.restore(1, label, CONSENT);

    assertThat(plan.conflicts()).isEmpty();
    assertThat(plan.notes())
        .contains(
            "Table stars was dropped or renamed; 2 archived rows are left out",
            "Column notes.color was dropped or renamed; 1 archived values are left out");
    assertThat(report.plan().notes()).containsAll(plan.notes());
    assertThat(lab.query("SELECT text FROM notes")).isEqualTo("one,two,x");
    lab.undo(1);
    assertThat(lab.query("SELECT text FROM notes")).isEqualTo("changed,changed,x");
  }

  @Test
  void an_undo_over_a_migration_can_be_consented_to_as_well() {
    Lab lab = lab();
    Label label = lab.backup(1);
    lab.execute("DELETE FROM stars", "UPDATE notes SET text = 'changed' WHERE tenant_id = 1");
    lab.restore(1, label);
    lab.execute("ALTER TABLE notes DROP COLUMN color");

    lab.service().undo(Lab.id(1), CONSENT);

    assertThat(lab.query("SELECT text FROM notes")).isEqualTo("changed,changed,x");
  }

  @Test
  void values_that_would_be_altered_are_still_in_the_way() {
    Lab lab = lab();
    Label label = lab.backup(1);
    lab.execute(
        "DROP TABLE stars",
        "DROP TABLE notes",
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, text INTEGER CHECK"
            + " (typeof(text) = 'integer'))");

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label, CONSENT))
        .withMessageContaining("break a rule that it has now");
  }
}
