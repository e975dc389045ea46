package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Chains of rows that go round several tables, as {@link LongChainsTest} has them in one: row n is
 * in table n modulo their number, and points at row n − 1 in the table before.
 */
@Timeout(120)
class LongRingsTest {

  private static final int ROWS = 5_000;
  private static final String NUMBERS =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + ROWS + ") ";

  @TempDir Path folder;

  private static String[] ring(int tables, String top, String action, String... more) {
    List<String> sql = new ArrayList<>(List.of("CREATE TABLE tenants (id INTEGER PRIMARY KEY)"));
    sql.addAll(List.of(more));
    for (int i = 0; i < tables; i++) {
      sql.add(
          "CREATE TABLE r%d (id INTEGER PRIMARY KEY, before_id INTEGER REFERENCES r%d %s%s)"
              .formatted(i, (i + tables - 1) % tables, action, i == 1 ? ", " + top : ""));
    }
    sql.add("INSERT INTO tenants VALUES (1), (2)");
    return sql.toArray(String[]::new);
  }

  private static String[] rows(int tables, String top) {
    List<String> sql = new ArrayList<>();
    for (int i = 0; i < tables; i++) {
      String ofTable = NUMBERS + "SELECT i FROM n WHERE i %% %d = %d".formatted(tables, i);
      sql.add("INSERT INTO r%d (id) %s".formatted(i, ofTable));
    }
    for (int i = 0; i < tables; i++) {
      sql.add("UPDATE r%d SET before_id = nullif(id - 1, 0)".formatted(i));
    }
    sql.add("UPDATE r1 SET " + top + " WHERE id = 1");
    return sql.toArray(String[]::new);
  }

  private static LongStream inserted(RestorePlan plan) {
    return plan.tables().stream().mapToLong(RestorePlan.TableChange::inserted);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void what_is_owned_through_the_row_before_is_found_at_once(int tables) {
    String top = "tenant_id INTEGER REFERENCES tenants";
    Lab lab =
        Lab.with(folder, ring(tables, top, ""))
            .owned(TenantModel.rootedAt("tenants").column("tenant_id"));
    lab.execute(rows(tables, "tenant_id = 1"));

    Label label = lab.backup(1);
    // The third row is gone, so that all behind it are nobody's until it is back.
    String third = "r" + 3 % tables;
    String fourth = "r" + 4 % tables;
    lab.execute("UPDATE " + fourth + " SET before_id = NULL WHERE id = 4");
    lab.execute("DELETE FROM " + third + " WHERE id = 3");
    RestorePlan plan = lab.restore(1, label).plan();

    assertThat(inserted(plan).sum()).isEqualTo(1);
    assertThat(lab.query("SELECT before_id FROM " + fourth + " WHERE id = 4")).isEqualTo("3");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void what_comes_back_is_put_together_at_once(int tables) {
    String top = "tenant_id INTEGER REFERENCES tenants";
    Lab lab =
        Lab.with(folder, ring(tables, top, "ON DELETE CASCADE"))
            .owned(TenantModel.rootedAt("tenants").column("tenant_id"));
    lab.execute(rows(tables, "tenant_id = 1"));
    Label label = lab.backup(1);
    for (int i = 0; i < tables; i++) {
      lab.execute("PRAGMA foreign_keys = OFF", "DELETE FROM r%d WHERE id > 10".formatted(i));
    }

    assertThat(inserted(lab.restore(1, label).plan()).sum()).isEqualTo(ROWS - 10);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void what_goes_with_the_row_before_is_found_at_once(int tables) {
    Lab lab =
        Lab.with(
                folder,
                ring(
                    tables,
                    "user_id INTEGER REFERENCES users ON DELETE CASCADE",
                    "ON DELETE CASCADE",
                    "CREATE TABLE users (id INTEGER PRIMARY KEY,"
                        + " tenant_id INTEGER NOT NULL REFERENCES tenants)"))
            .owned(TenantModel.rootedAt("tenants").column("tenant_id").ignored("r0", "r1", "r2"));
    lab.execute("INSERT INTO users VALUES (1, 1)");
    Label label = lab.backup(1);
    lab.execute("INSERT INTO users VALUES (2, 1)");
    lab.execute(rows(tables, "user_id = 2"));
    lab.execute("INSERT INTO r1 (id, user_id) VALUES (100000, 1)");

    RestorePlan plan = lab.restore(1, label).plan();

    assertThat(plan.sideEffects()).hasSize(tables);
    assertThat(plan.sideEffects().stream().mapToLong(RestorePlan.SideEffect::rows).sum())
        .isEqualTo(ROWS);
    assertThat(lab.query("SELECT id FROM r1")).isEqualTo("100000");
    assertThat(lab.query("SELECT count(*) FROM r0")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void an_erased_row_takes_all_below_it_along_at_once(int tables) {
    Lab lab =
        Lab.with(
                folder,
                ring(
                    tables,
                    "tenant_id INTEGER REFERENCES tenants",
                    "ON DELETE CASCADE",
                    "CREATE TABLE forgotten (id INTEGER PRIMARY KEY)"))
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .shared("forgotten")
                    .eraseOnRestore("forgotten", "id", "r1", "id"));
    lab.execute(rows(tables, "tenant_id = 1"));
    Label label = lab.backup(1);
    lab.execute("INSERT INTO forgotten VALUES (1)");

    RestorePlan plan = lab.restore(1, label).plan();

    // A note for each pass.
    assertThat(plan.notes()).hasSizeLessThan(tables + 2);
    for (int i = 0; i < tables; i++) {
      assertThat(lab.query("SELECT count(*) FROM r" + i)).isEqualTo("0");
    }
  }

  @ParameterizedTest
  @CsvSource({"'', INTEGER", "TEXT, INTEGER", "INTEGER, TEXT", "'', TEXT"})
  void rows_that_point_at_keys_of_another_affinity_are_found_and_no_others(
      String key, String reference) {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE r0 (id %s PRIMARY KEY NOT NULL, before_id %s)"
                    .formatted(key, reference),
                "CREATE TABLE r1 (id %s PRIMARY KEY NOT NULL, before_id %s, tenant_id INTEGER)"
                    .formatted(key, reference),
                "INSERT INTO tenants VALUES (1), (2)",
                // Wide, where a pass for each row takes long, and four rows deep.
                "INSERT INTO r1 " + NUMBERS + "SELECT i, NULL, 1 + (i > 2) FROM n WHERE i < 4",
                "INSERT INTO r0 " + NUMBERS + "SELECT i, 1 + i % 2 FROM n",
                "INSERT INTO r1 " + NUMBERS + "SELECT i + 10, i, NULL FROM n",
                "INSERT INTO r0 VALUES (100000, 11), (100001, 3)")
            .owned(
                TenantModel.rootedAt("tenants")
                    .reference("r0", "before_id", "r1", "id")
                    .reference("r1", "before_id", "r0", "id")
                    .column("tenant_id"));

    Label label = lab.backup(1);
    lab.execute("DELETE FROM r0 WHERE id <> 100001", "DELETE FROM r1 WHERE tenant_id IS NOT 2");

    // Untyped keys are compared as they are: no number is a text.
    boolean equal = !key.isEmpty() || reference.equals("INTEGER");
    assertThat(inserted(lab.restore(1, label).plan()).sum())
        .isEqualTo(equal ? 2 + ROWS + ROWS + 1 : 2);
  }
}
