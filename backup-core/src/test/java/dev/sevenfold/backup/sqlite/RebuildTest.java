package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the application keeps of rows where no restore writes is named in the report. */
class RebuildTest {

  @TempDir Path folder;

  private Lab lab() {
    return Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, text)",
            "CREATE TABLE tags (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
            "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER)",
            "CREATE VIRTUAL TABLE found USING fts5(text)",
            "CREATE TRIGGER counted AFTER INSERT ON notes BEGIN UPDATE \"Counters\" SET value ="
                + " value + 1; INSERT INTO tags VALUES (NULL, new.tenant_id); END",
            "CREATE TRIGGER indexed AFTER INSERT ON notes BEGIN INSERT INTO found (rowid, text)"
                + " VALUES (new.id, new.text); END",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO notes VALUES (1, 1, 'one')")
        .owned(
            TenantModel.rootedAt("tenants")
                .column("tenant_id")
                .shared("counters")
                .ignored("found")
                .rebuildAfterRestore("the search of notes", "Notes")
                .rebuildAfterRestore("the cloud of tags", "tags"));
  }

  @Test
  void of_the_tables_that_changed() {
    Lab lab = lab();
    Label label = lab.backup(1);
    lab.execute("UPDATE notes SET text = 'changed'");

    RestoreReport report = lab.restore(1, label);

    assertThat(report.plan().rebuild()).containsExactly("the search of notes", "counters");
    assertThat(lab.undo(1).plan().rebuild()).containsExactly("the search of notes", "counters");
  }

  @Test
  void nothing_where_nothing_changes() {
    Lab lab = lab();
    Label label = lab.backup(1);

    assertThat(lab.preview(1, label).rebuild()).isEmpty();
  }
}
