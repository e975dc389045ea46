package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Actions that the host declared never reach another tenant's rows. */
class CascadeIntoOthersTest {

  @TempDir Path folder;
  private Lab lab;

  @BeforeEach
  void create() {
    lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE teams (id INTEGER PRIMARY KEY, tenant_id INTEGER, code TEXT UNIQUE)",
                "CREATE TABLE ignored_a (id INTEGER PRIMARY KEY, team_id INTEGER REFERENCES teams ON"
                    + " DELETE CASCADE)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO teams VALUES (1, 1, 'a'), (3, 2, 'c')")
            .owned(TenantModel.rootedAt("tenants").column("tenant_id").ignored("ignored_*"));
  }

  private Label withMembers(String action) {
    lab.execute(
        "CREATE TABLE members (id INTEGER PRIMARY KEY, tenant_id INTEGER, team_id INTEGER DEFAULT 1"
            + " REFERENCES teams "
            + action
            + ", code TEXT REFERENCES teams (code) ON UPDATE CASCADE)",
        "CREATE TABLE notes (member_id INTEGER REFERENCES members ON DELETE CASCADE, n, PRIMARY KEY"
            + " (member_id, n)) WITHOUT ROWID");
    Label label = lab.backup(1);
    lab.execute(
        "INSERT INTO teams VALUES (9, 1, 'new')",
        "INSERT INTO ignored_a VALUES (1, 9), (2, 3)",
        "INSERT INTO members VALUES (1, 2, 9, NULL), (2, 1, 9, NULL), (3, 2, 3, NULL)",
        "INSERT INTO notes VALUES (1, 'hers'), (2, 'mine')");
    return label;
  }

  private void refused(Label label, String... parts) {
    Map<String, List<String>> before = lab.dump();
    assertThat(String.join("\n", lab.preview(1, label).conflicts())).contains(parts);
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void another_tenants_row_and_what_hangs_below_it_are_not_deleted() {
    refused(
        withMembers("ON DELETE CASCADE"),
        "1 rows of table members ([id] = [1] leads to [2]) are another tenant's, and ON DELETE"
            + " CASCADE would reach them",
        "1 rows of table notes ([member_id, n] = [1, hers] leads to [2])");
  }

  @Test
  void another_tenants_reference_is_not_taken_away() {
    refused(
        withMembers("ON DELETE SET NULL"),
        "1 rows of table members",
        "[1] leads to [2]",
        "SET NULL would reach them");
  }

  @Test
  void another_tenants_reference_is_not_given_another_target() {
    refused(
        withMembers("ON DELETE SET DEFAULT"),
        "1 rows of table members",
        "[1] leads to [2]",
        "SET DEFAULT would reach them");
  }

  @Test
  void another_tenants_row_does_not_follow_a_value_that_changes() {
    Label label = withMembers("ON DELETE CASCADE");
    lab.execute(
        "DELETE FROM members WHERE id = 1 AND tenant_id = 2",
        "UPDATE teams SET code = 'b' WHERE id = 1",
        "UPDATE members SET code = 'b' WHERE id = 3");
    refused(
        label, "1 rows of table members", "[3] leads to [2]", "ON UPDATE CASCADE would reach them");
  }

  @Test
  void rows_of_nobody_and_of_ignored_tables_go_as_declared_and_come_back() {
    Label label = withMembers("ON DELETE SET NULL");
    lab.execute("UPDATE members SET tenant_id = NULL, team_id = NULL WHERE id = 1");
    Map<String, List<String>> before = lab.dump();

    RestorePlan done = lab.restore(1, label).plan();

    assertThat(done.sideEffects())
        .containsExactly(new RestorePlan.SideEffect("ignored_a", "CASCADE", 1));
    assertThat(lab.query("SELECT id FROM members")).isEqualTo("1,3");
    lab.undo(1);
    before.remove("ignored_a");
    Map<String, List<String>> undone = lab.dump();
    undone.remove("ignored_a");
    assertThat(undone).isEqualTo(before);
  }
}
