package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows that point at each other in one long chain, which takes minutes if followed row by row. */
@Timeout(120)
class LongChainsTest {

  private static final int ROWS = 20_000;
  private static final String NUMBERS =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + ROWS + ") ";

  @TempDir Path folder;

  @Test
  void rows_that_are_owned_because_the_one_before_points_at_them_are_found_at_once() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY, first_id INTEGER)",
                "CREATE TABLE steps (id INTEGER PRIMARY KEY, next_id INTEGER)",
                "INSERT INTO tenants VALUES (1, 1), (2, NULL)",
                "INSERT INTO steps " + NUMBERS + "SELECT i, nullif(i + 1, 20001) FROM n")
            .owned(
                TenantModel.rootedAt("tenants")
                    .referencedBy("steps", "tenants", "first_id")
                    .referencedBy("steps", "steps", "next_id"));

    Label label = lab.backup(1);
    lab.execute("DELETE FROM steps WHERE id > 10");
    RestorePlan.TableChange steps = lab.restore(1, label).plan().tables().get(0);

    assertThat(steps.inserted()).isEqualTo(ROWS - 10);
    assertThat(steps.unchanged()).isEqualTo(10);
  }

  @Test
  void rows_that_go_with_the_one_before_are_found_at_once() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES"
                    + " tenants)",
                "CREATE TABLE logs (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users ON"
                    + " DELETE CASCADE, before_id INTEGER REFERENCES logs ON DELETE CASCADE)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO users VALUES (1, 1)")
            .owned(TenantModel.rootedAt("tenants").column("tenant_id").ignored("logs"));
    Label label = lab.backup(1);
    lab.execute(
        "INSERT INTO users VALUES (2, 1)",
        "INSERT INTO logs " + NUMBERS + "SELECT i, iif(i = 1, 2, NULL), nullif(i - 1, 0) FROM n",
        "INSERT INTO logs VALUES (30000, 1, NULL)");

    RestorePlan plan = lab.restore(1, label).plan();

    assertThat(plan.sideEffects())
        .containsExactly(new RestorePlan.SideEffect("logs", "CASCADE", ROWS));
    assertThat(lab.query("SELECT id FROM logs")).isEqualTo("30000");
  }

  @Test
  void an_erased_row_takes_the_whole_chain_below_it_along() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER REFERENCES tenants,"
                    + " before_id INTEGER REFERENCES notes ON DELETE CASCADE)",
                "CREATE TABLE forgotten (id INTEGER PRIMARY KEY)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO notes VALUES (100000, 1, NULL)",
                "INSERT INTO notes "
                    + NUMBERS
                    + "SELECT i, iif(i = 1, 1, NULL), nullif(i - 1, 0) FROM n")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .shared("forgotten")
                    .eraseOnRestore("forgotten", "id", "notes", "id"));
    Label label = lab.backup(1);
    lab.execute("INSERT INTO forgotten VALUES (1)");

    RestorePlan plan = lab.restore(1, label).plan();

    assertThat(plan.notes())
        .contains(ROWS - 1 + " rows of table notes go with rows of table notes");
    assertThat(lab.query("SELECT id FROM notes")).isEqualTo("100000");
  }
}
