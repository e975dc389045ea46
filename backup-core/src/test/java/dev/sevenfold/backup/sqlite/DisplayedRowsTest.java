package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.source.RestorePlan.RowChange;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A preview names rows by their keys, and by what people know them by. */
class DisplayedRowsTest {

  private static final RestoreOptions SHOWN = RestoreOptions.DEFAULT.showingRows(50);

  @TempDir Path folder;

  private static TenantModel.Builder model() {
    return TenantModel.rootedAt("tenants").column("tenant_id").shared("countries");
  }

  private Lab shop() {
    return shop(folder);
  }

  private static Lab shop(Path folder) {
    return Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)",
            "CREATE TABLE countries (code TEXT PRIMARY KEY)",
            """
            CREATE TABLE customers (id INTEGER PRIMARY KEY, tenant_id TEXT REFERENCES tenants,
              country TEXT REFERENCES countries, age INTEGER, name VARCHAR(20), email TEXT,
              both TEXT AS (name || ' <' || email || '>'))""",
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers, n)",
            "INSERT INTO tenants VALUES (1, 'one'), (2, 'two')",
            "INSERT INTO countries VALUES ('no')",
            "INSERT INTO customers VALUES (17, 1, 'no', 30, 'Ann', 'a@x'), (18, 1, 'no', 31, 'Bob', 'b@x'), (19, 1, 'no', 32, NULL, 'c@x')",
            "INSERT INTO orders VALUES (1, 17, 'first'), (2, 18, 'second')")
        .owned(model());
  }

  private static List<String> named(RestorePlan plan, String table) {
    return plan.tables().stream()
        .filter(change -> change.table().equals(table))
        .flatMap(change -> change.rows().stream())
        .map(row -> row.kind() + " " + row.key().orElse("-") + ' ' + row.display().orElse("-"))
        .toList();
  }

  @Test
  void by_the_first_column_of_texts_that_is_no_reference() {
    Lab lab = shop();
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM orders WHERE id = 1",
        "DELETE FROM customers WHERE id = 17",
        "UPDATE customers SET name = 'Rob' WHERE id = 18",
        "UPDATE customers SET age = 1 WHERE id = 19",
        "INSERT INTO customers VALUES (20, 1, 'no', 1, 'Eve', 'e@x'), (21, 1, 'no', 1, '', 'e@x')");

    RestorePlan plan = lab.preview(1, label, SHOWN);

    assertThat(named(plan, "customers"))
        .containsExactly(
            "DELETED 20 Eve", "DELETED 21 -", "UPDATED 18 Rob", "UPDATED 19 -", "INSERTED 17 Ann");
    assertThat(named(plan, "orders")).containsExactly("INSERTED 1 -");
  }

  @Test
  void by_the_column_that_the_model_says_computed_ones_too() {
    for (Map.Entry<String, String> display :
        Map.of("EMAIL", "a@x", "both", "Ann <a@x>", "age", "30").entrySet()) {
      Lab lab = shop(display.getKey());
      Label label = lab.backup(1);
      lab.execute("DELETE FROM orders WHERE id = 1", "DELETE FROM customers WHERE id = 17");

      RestorePlan rows = lab.preview(1, label, SHOWN);
      RestorePlan along = lab.preview(1, label, SHOWN.creatingOnly().rows("orders", "1"));

      assertThat(named(rows, "customers")).containsExactly("INSERTED 17 " + display.getValue());
      assertThat(along.notes())
          .anySatisfy(
              note ->
                  assertThat(note)
                      .contains("customers come back too", "[17] (" + display.getValue() + ')'));
    }
  }

  private Lab shop(String display) {
    Path own = folder.resolve(display);
    assertThat(own.toFile().mkdir()).isTrue();
    return shop(own).owned(model().display("Customers", display));
  }

  @Test
  void keys_are_written_as_a_part_takes_them() {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            """
            CREATE TABLE "odd ""names" (a TEXT, "b/c" BLOB, tenant_id INTEGER, "what it is" TEXT,
              PRIMARY KEY (a, "b/c")) WITHOUT ROWID""",
            "CREATE TABLE bags (tenant_id INTEGER, what TEXT)",
            "INSERT INTO tenants VALUES (1)",
            "INSERT INTO \"odd \"\"names\" VALUES ('x/y\\z', x'00ff', 1, 'it' || char(10) || 's')",
            "INSERT INTO bags VALUES (1, 'bag')");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM \"odd \"\"names\"", "DELETE FROM bags");

    RestorePlan plan = lab.preview(1, label, SHOWN);
    List<RowChange> rows = plan.tables().get(1).rows();

    assertThat(named(plan, "bags")).containsExactly("INSERTED - bag");
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).key()).contains("x\\/y\\\\z/00ff");
    assertThat(rows.get(0).display()).contains("it\ns");
    lab.restore(
        1, label, RestoreOptions.DEFAULT.rows("odd \"names", rows.get(0).key().orElseThrow()));
    assertThat(lab.query("SELECT count(*) FROM \"odd \"\"names\"")).isEqualTo("1");
    assertThat(lab.query("SELECT count(*) FROM bags")).isEqualTo("0");
  }

  @Test
  void types_of_pairs_names_of_files_and_the_tenants_key_are_not_what_a_row_is_known_by()
      throws IOException {
    Files.writeString(Files.createDirectory(folder.resolve("files")).resolve("f00"), "file");
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE customers (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
                """
                CREATE TABLE notes (id INTEGER PRIMARY KEY, on_type TEXT, on_id TEXT,
                  owner TEXT, key TEXT, body CLOB)""",
                "INSERT INTO tenants VALUES (1)",
                "INSERT INTO customers VALUES (5, 1)",
                "INSERT INTO notes VALUES (7, 'Customer', '5', '1', 'f00', 'hello')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .ownedByColumn("notes", "owner")
                    .files(folder.resolve("files"), "notes", "{KEY}")
                    .polymorphic("notes", "on_type", "on_id", Map.of("Customer", "customers")));
    Label label = lab.service().backup(Lab.id(1)).restorePoint().label();
    lab.execute("DELETE FROM notes");

    assertThat(named(lab.preview(1, label, SHOWN), "notes")).containsExactly("INSERTED 7 hello");
  }

  @Test
  void a_column_that_is_not_there_or_of_no_owned_table_is_refused() {
    Lab lab = shop();
    for (TenantModel.Builder wrong :
        List.of(
            model().display("customers", "nme"),
            model().display("customer", "name"),
            model().display("countries", "code"),
            model().display("customers", "name").display("Customers", "email"))) {
      assertThatExceptionOfType(InvalidTenantModel.class)
          .isThrownBy(() -> lab.owned(wrong).backup(1))
          .withMessageContaining("display");
    }
    assertThat(
            lab.owned(model().display("customers", "name").display("Customers", "Name")).backup(1))
        .isNotNull();
  }
}
