package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.Replacement;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that must be unique over all tenants, and what the model says becomes of them. */
class ReplacedValuesTest {

  @TempDir Path folder;
  Lab lab;
  Label label;

  @BeforeEach
  void create() {
    lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY, slug TEXT UNIQUE)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER, email TEXT NOT NULL,"
                + " sso TEXT UNIQUE, phone TEXT, country TEXT)",
            "CREATE UNIQUE INDEX emails ON users (lower(email))",
            "CREATE UNIQUE INDEX phones ON users (country, phone) WHERE phone <> ''",
            "CREATE TABLE handles (name TEXT, tenant_id INTEGER, kind TEXT, UNIQUE (name),"
                + " PRIMARY KEY (tenant_id, name)) WITHOUT ROWID",
            "INSERT INTO tenants VALUES (1, 'one'), (2, 'two')",
            "INSERT INTO users VALUES (1, 1, 'Ann@x.com', 's1', '11', 'dk'), (2, 1, 'bob@x.com',"
                + " 's2', '', 'dk'), (3, 1, 'ann+copy@x.com', NULL, '11', 'de')",
            "INSERT INTO handles VALUES ('acme', 1, 'main'), ('acme-copy', 1, 'other')");
    lab.owned(rules());
    label = lab.backup(1);
  }

  private static TenantModel.Builder model() {
    return TenantModel.rootedAt("tenants").column("tenant_id");
  }

  private static TenantModel.Builder rules() {
    return model()
        .replaceTaken("users", "email", Replacement.addressTagged("copy"))
        .replaceTaken("users", "sso", Replacement.cleared())
        .replaceTaken("users", "phone", Replacement.suffixed("x"))
        .replaceTaken("handles", "name", Replacement.suffixed("-copy"))
        .replaceTaken("tenants", "slug", Replacement.suffixed("-copy"));
  }

  private String users(int tenant) {
    return lab.query(
        "SELECT email || ' ' || coalesce(sso, '-') || ' ' || phone FROM users WHERE tenant_id = "
            + tenant
            + " ORDER BY id");
  }

  @Test
  void a_clone_has_others_and_the_source_keeps_its_own() {
    Map<String, List<String>> before = lab.dump();

    RestorePlan preview = lab.preview(2, label, Lab.NEW_IDS);
    RestorePlan done = lab.restore(2, label, Lab.NEW_IDS).plan();

    assertThat(done).isEqualTo(preview);
    assertThat(done.notes())
        .anyMatch(note -> note.contains("3 rows of table users get another email"))
        .anyMatch(note -> note.contains("bob@x.com -> bob+copy@x.com"))
        .anyMatch(note -> note.contains("2 rows of table users get another phone"));
    // ann+copy is a user of the archive already.
    assertThat(users(2))
        .isEqualTo("Ann+copy2@x.com - 11x,bob+copy@x.com - ,ann+copy+copy@x.com - 11x");
    assertThat(lab.query("SELECT name || kind FROM handles WHERE tenant_id = 2 ORDER BY 1"))
        .isEqualTo("acme-copy-copyother,acme-copy2main");
    before.forEach((table, rows) -> assertThat(lab.dump().get(table)).containsAll(rows));
    assertThat(lab.query("SELECT slug FROM tenants WHERE id = 2")).isEqualTo("two");
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void secrets_are_drawn_anew_and_in_no_note() throws IOException {
    Lab secrets =
        Lab.with(
                Files.createDirectory(folder.resolve("secrets")),
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INT, token TEXT UNIQUE)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO users VALUES (1, 1, '00ff17-cafe'), (2, 1, 'Ab3dE')")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .replaceTaken("users", "token", Replacement.random()));
    Label one = secrets.backup(1);

    RestorePlan done = secrets.restore(2, one, Lab.NEW_IDS).plan();

    assertThat(done.notes())
        .contains(
            "2 rows of table users get another token, as theirs belongs to other rows by now");
    assertThat(secrets.query("SELECT token FROM users WHERE tenant_id = 2 ORDER BY length(token)"))
        .matches("[A-Z][a-z][0-9][a-z][A-Z],[0-9a-f]{6}-[0-9a-f]{4}")
        .doesNotContain("cafe", "Ab3dE");
    secrets.execute(
        "DELETE FROM users WHERE id = 1", "INSERT INTO users VALUES (9, 2, '00ff17-cafe')");
    assertThat(secrets.preview(1, one).conflicts())
        .anyMatch(conflict -> conflict.contains("[token]"))
        .noneMatch(conflict -> conflict.contains("cafe"));
  }

  @Test
  void a_second_clone_and_its_undo_are_like_the_first() {
    lab.restore(2, label, Lab.NEW_IDS);
    String first = users(2);
    Map<String, List<String>> before = lab.dump();

    lab.restore(2, label, Lab.NEW_IDS);
    assertThat(users(2)).isEqualTo(first);

    lab.undo(2);
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_new_tenant_gets_a_name_of_its_own() {
    lab.restore(7, label, Lab.NEW_IDS);

    assertThat(lab.query("SELECT slug FROM tenants WHERE id = 7")).isEqualTo("one-copy");
    assertThat(users(7)).contains("bob+copy@x.com");
  }

  @Test
  void in_place_only_what_was_taken_changes() {
    lab.execute(
        "DELETE FROM users WHERE id = 2",
        "INSERT INTO users VALUES (9, 2, 'BOB@x.com', 's9', '', 'dk')");

    assertThat(lab.preview(1, label).conflicts())
        .singleElement()
        .asString()
        .contains("lower(email)", "restored with new ids, these rows get other values");
    lab.restore(1, label, Lab.NEW_IDS);

    assertThat(users(1)).isEqualTo("Ann@x.com s1 11,bob+copy@x.com s2 ,ann+copy@x.com - 11");
    assertThat(users(2)).isEqualTo("BOB@x.com s9 ");
  }

  @Test
  void without_a_rule_they_are_listed_with_advice() {
    lab.owned(model());
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(2, label, Lab.NEW_IDS))
        .withMessageContaining("lower(email)")
        .withMessageContaining("bob@x.com")
        .withMessageContaining("[sso]")
        .withMessageContaining("[country, phone]")
        .withMessageContaining("replaceTaken(\"users\", …)");
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_value_that_the_schema_forbids_is_refused() {
    lab.owned(model().replaceTaken("users", "email", Replacement.cleared()));
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(2, label, Lab.NEW_IDS))
        .withMessageContaining("users.email")
        .withMessageContaining("NOT NULL");
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_replacement_that_never_finds_a_free_value_is_refused() {
    lab.owned(model().replaceTaken("users", "email", (value, attempt) -> "bob@x.com"));
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(2, label, Lab.NEW_IDS))
        .withMessageContaining("No free value was found for users.email");
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_rule_for_a_column_that_is_not_there_is_wrong() {
    lab.owned(model().replaceTaken("users", "mail", Replacement.cleared()));

    assertThatExceptionOfType(InvalidTenantModel.class)
        .isThrownBy(() -> lab.source().explain())
        .withMessageContaining("no column mail");
  }

  @Test
  void tags_and_suffixes_are_checked() {
    assertThat(Replacement.addressTagged("copy").replace("no address", 2))
        .isEqualTo("no address+copy2");
    assertThat(Replacement.suffixed("-x").replace(7L, 1)).isEqualTo("7-x");
    assertThatIllegalArgumentException().isThrownBy(() -> Replacement.suffixed(""));
    assertThatIllegalArgumentException().isThrownBy(() -> Replacement.addressTagged("a b"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Replacement.suffixed("x").replace(new byte[1], 1));
  }
}
