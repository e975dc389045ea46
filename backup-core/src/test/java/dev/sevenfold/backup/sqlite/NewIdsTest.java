package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New ids are made in the manner of the old ones, whatever those are. */
class NewIdsTest {

  @TempDir Path folder;

  private Lab lab(String idType, String... ids) {
    return labWithCheck("", idType, ids);
  }

  private Lab labWithCheck(String check, String idType, String... ids) {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE items (id "
                    + idType
                    + " PRIMARY KEY, tenant_id INTEGER"
                    + (check.isEmpty() ? ")" : ", CHECK (" + check + "))"),
                "CREATE TABLE parts (n INTEGER PRIMARY KEY, item_id "
                    + idType
                    + " NOT NULL"
                    + " REFERENCES items (id))",
                "INSERT INTO tenants VALUES (1), (2), (3)")
            .owned(model());
    for (String id : ids) {
      lab.execute(
          "INSERT INTO items VALUES (" + id + ", 1)",
          "INSERT INTO parts (item_id) VALUES (" + id + ")");
    }
    return lab;
  }

  private static TenantModel.Builder model() {
    return TenantModel.rootedAt("tenants").column("tenant_id");
  }

  private static String idOf(Lab lab, int tenant) {
    return lab.query(
        "SELECT CASE typeof(i.id) WHEN 'blob' THEN hex(i.id) ELSE i.id END FROM items i JOIN parts p"
            + " ON p.item_id = i.id WHERE tenant_id = "
            + tenant
            + " ORDER BY typeof(i.id), length(i.id)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          red                                  | red-2
          0042                                 | 0043
          41                                   | 42
          report-2024-annual                   | report-2024-annual-2
          internationalization                 | internationalization-2
          3f2504e0-4f89-41d3-9a0c-0305e82c3301 | [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}
          3F2504E0-4F89-41D3-9A0C-0305E82C3301 | [0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}
          018f2504-4f89-71d3-9a0c-0305e82c3301 | 018f2504-4f89-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}
          01ARZ3NDEKTSV4RRFFQ69G5FAV           | 01ARZ3NDEK[0-9A-HJKMNP-TV-Z]{16}
          507f1f77bcf86cd799439011             | [0-9a-f]{24}
          cus_9s6XKzkNRiz8i3                   | cus_[0-9A-Za-z]{14}
          """)
  void a_text(String old, String pattern) {
    Lab lab = lab("TEXT", "'" + old + "'");
    Label label = lab.backup(1);

    lab.restore(2, label, Lab.NEW_IDS);
    lab.restore(3, label, Lab.NEW_IDS);

    assertThat(idOf(lab, 1)).isEqualTo(old);
    assertThat(idOf(lab, 2)).matches(pattern).isNotEqualTo(old);
    assertThat(idOf(lab, 3))
        .isNotEqualTo(old)
        .isNotEqualTo(idOf(lab, 2))
        .hasSameSizeAs(idOf(lab, 2));
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void bytes_get_as_many_bytes() {
    Lab lab = lab("BLOB", "x'0102030405060708'", "x'000102030405060708090a0b0c0d0e0f'");

    lab.restore(2, lab.backup(1), Lab.NEW_IDS);

    assertThat(idOf(lab, 2)).matches("[0-9A-F]{16},[0-9A-F]{32}").isNotEqualTo(idOf(lab, 1));
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void ids_of_several_types_in_one_column_get_new_ones_of_their_own_type() {
    Lab lab =
        lab("ANY", "7", "'seven'", "'3f2504e0-4f89-41d3-9a0c-0305e82c3301'", "x'0102030405060708'");

    lab.restore(2, lab.backup(1), Lab.NEW_IDS);

    assertThat(lab.query("SELECT typeof(id) FROM items WHERE tenant_id = 2 ORDER BY 1, length(id)"))
        .isEqualTo("blob,integer,text,text");
    assertThat(idOf(lab, 2)).matches("[0-9A-F]{16},8,seven-2,[0-9a-f-]{36}");
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void a_text_that_another_tenant_took_gets_a_new_id_in_place() {
    Lab lab = lab("TEXT", "'red'", "'blue'");
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM parts WHERE item_id = 'red'",
        "DELETE FROM items WHERE id = 'red'",
        "INSERT INTO items VALUES ('red', 2), ('red-2', 2)");
    Map<String, List<String>> before = lab.dump();
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label))
        .withMessageContaining("[id] = [[red]]")
        .withMessageContaining("restore with new ids");
    assertThat(lab.dump()).isEqualTo(before);

    assertThat(lab.restore(1, label, Lab.NEW_IDS).plan().notes())
        .contains("1 rows of table items get new ids");

    assertThat(idOf(lab, 1).split(",")).containsExactlyInAnyOrder("blue", "red-3");
    assertThat(lab.query("SELECT id FROM items WHERE tenant_id = 2 ORDER BY 1"))
        .isEqualTo("red,red-2");
    assertThat(lab.damage()).isEmpty();
    lab.undo(1);
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void the_host_makes_ids_its_own_way_and_is_asked_again_where_they_are_taken() {
    Lab lab = lab("TEXT", "'I-1'", "'I-2'");
    lab.owned(
        model()
            .replaceTaken(
                "items", "id", (id, attempt) -> "N-" + (id.equals("I-1") ? attempt : attempt + 1)));

    lab.restore(2, lab.backup(1), Lab.NEW_IDS);

    assertThat(idOf(lab, 2)).isEqualTo("N-1,N-2");
  }

  @Test
  void an_id_that_the_host_clears_or_the_schema_forbids_is_refused() {
    Lab lab = labWithCheck("length(id) = 3", "TEXT", "'red'");
    Label label = lab.backup(1);
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(2, label, Lab.NEW_IDS))
        .withMessageContaining("items.id")
        .withMessageContaining("replacement");
    lab.owned(model().replaceTaken("items", "id", (id, attempt) -> null));
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(2, label, Lab.NEW_IDS))
        .withMessageContaining("clears items.id");
    assertThat(lab.dump()).isEqualTo(before);

    lab.owned(model().replaceTaken("items", "id", (id, attempt) -> "RED".substring(attempt - 1)));
    lab.restore(2, label, Lab.NEW_IDS);
    assertThat(idOf(lab, 2)).isEqualTo("RED");
  }

  @Test
  void a_key_of_several_columns_gets_a_new_one_and_what_refers_to_it_follows() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE years (year INTEGER, number INTEGER, tenant_id INTEGER, title,"
                    + " PRIMARY KEY (year, number)) WITHOUT ROWID",
                "CREATE TABLE pages (id INTEGER PRIMARY KEY, year INTEGER, number INTEGER, text,"
                    + " FOREIGN KEY (year, number) REFERENCES years (year, number))",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO years VALUES (2024, 1, 1, 'a'), (2024, 2, 1, 'b'), (2025, 1, 1, 'c')",
                "INSERT INTO pages VALUES (1, 2024, 1, 'of a'), (2, 2024, 2, 'of b'),"
                    + " (3, 2025, 1, 'of c')")
            .owned(model());
    Label label = lab.backup(1);
    String facts =
        "SELECT y.title || p.text || y.year FROM years y JOIN pages p ON p.year = y.year AND"
            + " p.number = y.number WHERE y.tenant_id = %d ORDER BY 1";
    String before = lab.query(facts.formatted(1));

    lab.restore(2, label, Lab.NEW_IDS);

    assertThat(lab.query(facts.formatted(2))).isEqualTo(before).hasSize(29);
    assertThat(lab.query(facts.formatted(1))).isEqualTo(before);

    lab.execute(
        "DELETE FROM pages WHERE id = 1",
        "DELETE FROM years WHERE title = 'a' AND tenant_id = 1",
        "INSERT INTO years VALUES (2024, 1, 2, 'taken')");
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label));
    lab.restore(1, label, Lab.NEW_IDS);

    assertThat(lab.query(facts.formatted(1))).isEqualTo(before);
    assertThat(lab.query("SELECT title FROM years WHERE year = 2024 AND number = 1"))
        .isEqualTo("taken");
    assertThat(lab.damage()).isEmpty();
  }
}
