package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables whose row ids are no column: a row comes back under the one that it had, where it can. */
class RowIdTest {

  private static final String USERS = "SELECT rowid || ':' || n FROM users ORDER BY rowid";

  @TempDir Path folder;

  @Test
  void a_row_comes_back_under_its_row_id_unless_another_row_has_it() {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id BLOB PRIMARY KEY, tenant_id INTEGER, n)",
            "CREATE TABLE lines (tenant_id INTEGER, n)",
            "INSERT INTO tenants VALUES (1), (2)",
            "INSERT INTO users VALUES (x'01', 1, 'a'), (x'02', 1, 'b'), (x'03', 2, 'c'),"
                + " (x'04', 1, 'd'), (x'05', 1, 'e')",
            "INSERT INTO lines VALUES (1, 'a'), (2, 'b'), (1, 'c')");
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM users WHERE n IN ('a', 'd', 'e')",
        "DELETE FROM lines WHERE n = 'a'",
        "INSERT INTO users (rowid, id, tenant_id, n) VALUES (4, x'06', 2, 'taken')");

    lab.restore(1, label);

    assertThat(lab.query(USERS)).isEqualTo("1:a,2:b,3:c,4:taken,5:e,6:d");
    assertThat(lab.query("SELECT rowid || ':' || n FROM lines ORDER BY rowid"))
        .isEqualTo("1:a,2:b,3:c");
    lab.undo(1);
    assertThat(lab.query(USERS)).isEqualTo("2:b,3:c,4:taken");
  }
}
