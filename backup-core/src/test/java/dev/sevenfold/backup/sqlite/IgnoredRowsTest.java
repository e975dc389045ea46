package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of ignored tables that point at rows which go: the session of a user who came later. */
class IgnoredRowsTest {

  @TempDir Path folder;

  private static TenantModel.Builder model() {
    return TenantModel.rootedAt("tenants").column("tenant_id").ignored("sessions", "clicks");
  }

  private Lab lab(String action) {
    return Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES"
                + " tenants, email TEXT UNIQUE)",
            "CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES"
                + " users "
                + action
                + ", email TEXT REFERENCES users (email))",
            "CREATE TABLE clicks (id INTEGER PRIMARY KEY, session_id INTEGER REFERENCES sessions)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO users VALUES (1, 1, 'ann'), (2, 2, 'bob')",
            "INSERT INTO sessions VALUES (10, 1, 'ann'), (20, 2, NULL)")
        .owned(model());
  }

  private static void cyCame(Lab lab) {
    lab.execute(
        "INSERT INTO users VALUES (3, 1, 'cy')",
        "INSERT INTO sessions VALUES (30, 3, NULL), (31, 3, NULL)",
        "INSERT INTO clicks VALUES (300, 30)");
  }

  @Test
  void are_in_the_way_and_the_message_names_the_keys_and_the_rule() {
    Lab lab = lab("");
    Label label = lab.backup(1);
    cyCame(lab);

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label))
        .withMessageContaining("[id] = [[30], [31]]")
        .withMessageContaining("deleteIgnored(\"sessions\")")
        .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("new ids"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ON DELETE RESTRICT", "ON DELETE SET NULL", "ON DELETE CASCADE"})
  void go_where_the_model_says_so_and_no_undo_brings_them_back(String action) {
    Lab lab = lab(action).owned(model().deleteIgnored("sessions").deleteIgnored("cl*"));
    Label label = lab.backup(1);
    cyCame(lab);

    RestorePlan plan = lab.preview(1, label);

    assertThat(plan.conflicts()).isEmpty();
    assertThat(plan.sideEffects())
        .containsExactlyInAnyOrder(
            new RestorePlan.SideEffect("sessions", "DELETE", 2),
            new RestorePlan.SideEffect("clicks", "DELETE", 1));
    assertThat(plan.notes())
        .contains(
            "2 rows of the ignored table sessions go with the rows that they point at, as the model"
                + " says, and no undo brings them back: [id] = [[30], [31]]");
    lab.restore(1, label);
    assertThat(lab.query("SELECT id FROM users")).isEqualTo("1,2");
    assertThat(lab.query("SELECT id FROM sessions")).isEqualTo("10,20");
    assertThat(lab.query("SELECT id FROM clicks")).isEmpty();
    assertThat(lab.damage()).isEmpty();
    lab.undo(1);
    assertThat(lab.query("SELECT id FROM users")).isEqualTo("1,2,3");
    assertThat(lab.query("SELECT id FROM sessions")).isEqualTo("10,20");
  }

  @Test
  void go_too_where_the_value_that_they_point_at_changes() {
    Lab lab = lab("").owned(model().deleteIgnored("sessions"));
    Label label = lab.backup(1);
    lab.execute(
        "PRAGMA foreign_keys = OFF",
        "UPDATE users SET email = 'anna' WHERE id = 1",
        "UPDATE sessions SET email = 'anna' WHERE id = 10",
        "PRAGMA foreign_keys = ON");

    lab.restore(1, label);

    assertThat(lab.query("SELECT email FROM users WHERE id = 1")).isEqualTo("ann");
    assertThat(lab.query("SELECT id FROM sessions")).isEqualTo("20");
  }

  @Test
  void the_rule_is_for_ignored_tables_alone() {
    Lab lab = lab("").owned(model().deleteIgnored("users"));

    assertThatExceptionOfType(InvalidTenantModel.class)
        .isThrownBy(() -> lab.source().explain())
        .withMessageContaining("There is no ignored table users");
  }
}
