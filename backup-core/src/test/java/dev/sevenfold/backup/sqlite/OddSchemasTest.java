package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is broken or strange in a schema and holds no rows of the tenant is in nobody's way. */
class OddSchemasTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE VIEW broken AS SELECT a FROM nowhere",
        "CREATE VIEW round AS SELECT * FROM round2; CREATE VIEW round2 AS SELECT * FROM round",
        "CREATE TABLE o (\"\" TEXT, \" \" INTEGER, tenant_id INTEGER)",
        "CREATE TABLE \"\" (id INTEGER PRIMARY KEY)",
        "CREATE TABLE \"a''b\"\"c[d]`\" (\"x''y\"\"z\" PRIMARY KEY, tenant_id INTEGER)",
        "CREATE TABLE o (id INTEGER PRIMARY KEY, p INTEGER REFERENCES nowhere, q REFERENCES v (x))",
        "CREATE TABLE o (id INTEGER PRIMARY KEY, p INTEGER REFERENCES keyless)",
        "CREATE TABLE o (a, b, tenant_id INTEGER, FOREIGN KEY (a, b) REFERENCES tenants)",
        "CREATE TABLE o (a, b, tenant_id INTEGER, FOREIGN KEY (a, b) REFERENCES tenants (id, nope))",
        "CREATE TABLE o (a INTEGER REFERENCES tenants (nope), tenant_id INTEGER)",
        "CREATE TABLE o (a INTEGER PRIMARY KEY, b INTEGER AS (a + 1) STORED, tenant_id INTEGER) STRICT",
        "CREATE TABLE o (a ANY, b ANY, tenant_id INTEGER, PRIMARY KEY (b, a)) STRICT, WITHOUT ROWID",
        "CREATE TABLE sqlitelike (id INTEGER PRIMARY KEY); PRAGMA writable_schema = ON;"
            + " UPDATE sqlite_schema SET name = 'sqlite_odd', tbl_name = 'sqlite_odd',"
            + " sql = 'CREATE TABLE sqlite_odd (id INTEGER PRIMARY KEY)' WHERE name = 'sqlitelike'",
        "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES ('table', 'gone', 'gone', 0,"
            + " 'CREATE VIRTUAL TABLE gone USING no_such_module(a, b)')"
      })
  void is_beside_rows_that_are_restored(String odd) {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "INSERT INTO tenants VALUES (1), (2)",
                "CREATE TABLE keyless (a)",
                "CREATE VIEW v AS SELECT 1 AS x",
                "CREATE TABLE papers (id INTEGER PRIMARY KEY, tenant_id INTEGER, text TEXT)",
                "INSERT INTO papers VALUES (1, 1, 'a'), (2, 2, 'b')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .ignored("keyless", "o", "", "sqlite_odd", "gone"));
    lab.execute(odd.split("; ", -1));
    Label label = lab.backup(1);
    lab.execute("DELETE FROM papers WHERE id = 1");

    lab.restore(1, label);

    assertThat(lab.query("SELECT id || text FROM papers ORDER BY id")).isEqualTo("1a,2b");
  }
}
