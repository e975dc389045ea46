package dev.sevenfold.backup.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.tenant.SuggestedModel;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables and columns whose names say little, in the manner of Laravel and Django. */
class SuggestedFromRowsTest {

  @TempDir Path folder;

  /** Makes a database with a table {@code n} of the numbers from 1 to 400, which is ignored. */
  private Path database(String script) throws Exception {
    Path file = Files.createFile(folder.resolve("app.sqlite3"));
    Suggesting.execute(
        file,
        "CREATE TABLE n (i INTEGER PRIMARY KEY)",
        "INSERT INTO n WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i <"
            + " 400) SELECT i FROM c",
        script);
    return file;
  }

  private static final TenantModel TENANTS =
      TenantModel.rootedAt("tenants").column("tenant_id").ignored("n").build();

  @Test
  void keys_of_tenants_are_known_whatever_their_column_is_called() throws Exception {
    Path database =
        database(
            """
            CREATE TABLE tenants (id TEXT PRIMARY KEY);
            CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id TEXT);
            CREATE TABLE roles (id INTEGER PRIMARY KEY, name TEXT, scope TEXT);
            INSERT INTO tenants SELECT printf('%032d', i * i) FROM n WHERE i <= 6;
            INSERT INTO users SELECT i, printf('%032d', (1 + i % 6) * (1 + i % 6)) FROM n WHERE i <= 40;
            INSERT INTO roles SELECT i, 'r', printf('%032d', (1 + i % 6) * (1 + i % 6)) FROM n WHERE i <= 40;
            """);
    assertThat(Suggesting.complete(database, TENANTS).yaml())
        .contains("{table: roles, references: {scope: tenants.id}}  # 6 of 6 values found");
  }

  @Test
  void a_column_with_the_small_numbers_that_are_keys_of_tenants_is_asked_about() throws Exception {
    Path database =
        database(
            """
            CREATE TABLE tenants (id INTEGER PRIMARY KEY);
            CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER);
            CREATE TABLE roles (id INTEGER PRIMARY KEY, name TEXT, scope INTEGER);
            CREATE TABLE levels (id INTEGER PRIMARY KEY, position INTEGER, flag INTEGER);
            INSERT INTO tenants SELECT i FROM n WHERE i <= 6;
            INSERT INTO users SELECT i, 1 + i % 6 FROM n WHERE i <= 40;
            INSERT INTO roles SELECT i, 'r', 1 + i % 6 FROM n WHERE i <= 40;
            INSERT INTO levels SELECT i, i, i % 2 FROM n WHERE i <= 6;
            """);
    SuggestedModel suggested = Suggesting.complete(database, TENANTS);
    assertThat(suggested.yaml()).contains("- roles  # 40 rows; none of them leads to a tenant");
    assertThat(suggested.questions())
        .singleElement()
        .asString()
        .startsWith("Does roles.scope lead to tenants?")
        .contains("40 rows");
  }

  private static final String USERS_OF_SEVERAL_TENANTS =
      """
      CREATE TABLE tenants (id INTEGER PRIMARY KEY, owner_id INTEGER);
      CREATE TABLE accounts (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT, created_by INTEGER);
      CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, created_by INTEGER);
      CREATE TABLE tenant_user (tenant_id INTEGER, user_id INTEGER, PRIMARY KEY (tenant_id, user_id));
      INSERT INTO tenants SELECT i, i FROM n WHERE i <= 6;
      INSERT INTO accounts SELECT i, 1 + i % 6, 'a', 1 + i % 30 FROM n WHERE i <= 200;
      INSERT INTO notes SELECT i, 1 + i % 6, 1 + i * i % 30 FROM n;
      INSERT OR IGNORE INTO tenant_user SELECT 1 + i % 6, 1 + i % 30 FROM n WHERE i <= 30;
      INSERT OR IGNORE INTO tenant_user SELECT 1 + (i + 1) % 6, 1 + i % 30 FROM n WHERE i <= 30;
      """;

  @Test
  void users_of_several_tenants_made_by_one_another_are_no_tenants() throws Exception {
    Path database =
        database(
            USERS_OF_SEVERAL_TENANTS
                + """
                CREATE TABLE users (id INTEGER PRIMARY KEY, created_by INTEGER, avatar_item INTEGER);
                CREATE TABLE roles (id INTEGER PRIMARY KEY, created_by INTEGER);
                CREATE TABLE role_user (role_id INTEGER, user_id INTEGER, PRIMARY KEY (role_id, user_id));
                INSERT INTO users SELECT i, 1 + i / 2, NULL FROM n WHERE i <= 30;
                INSERT INTO roles SELECT i, i FROM n WHERE i <= 8;
                INSERT INTO role_user SELECT 1 + i % 8, i FROM n WHERE i <= 30;
                """);
    SuggestedModel suggested = Suggesting.complete(database, TENANTS);
    assertThat(suggested.yaml())
        .contains("- users  # 0 of 30 rows are named by one tenant alone, 30 by several")
        .contains("- roles  #", "- role_user  #");
    assertThat(suggested.questions()).isEmpty();
  }

  @Test
  void a_user_has_a_tenant_of_the_moment_and_is_several_tenants() throws Exception {
    Path database =
        database(
            USERS_OF_SEVERAL_TENANTS
                + """
                CREATE TABLE users (id INTEGER PRIMARY KEY, current_tenant_id INTEGER);
                INSERT INTO users SELECT i, (SELECT min(tenant_id) FROM tenant_user WHERE user_id = i) FROM n WHERE i <= 30;
                """);
    SuggestedModel suggested = Suggesting.complete(database, TENANTS);
    assertThat(suggested.yaml()).contains("- users  # 0 of 30 rows are named by one tenant alone");
    assertThat(suggested.questions())
        .singleElement()
        .asString()
        .isEqualTo(
            "Is users shared? Its rows are named by several tenants, though current_tenant_id leads"
                + " to tenants");
  }

  @Test
  void numbers_of_types_are_looked_up_beside_the_ids_that_they_are_of() throws Exception {
    Path database =
        database(
            """
            CREATE TABLE tenants (id INTEGER PRIMARY KEY);
            CREATE TABLE django_content_type (id INTEGER PRIMARY KEY, app_label TEXT, model TEXT);
            CREATE TABLE crm_deal (id INTEGER PRIMARY KEY, tenant_id INTEGER);
            CREATE TABLE crm_callback (id INTEGER PRIMARY KEY, tenant_id INTEGER);
            CREATE TABLE crm_calltype (id INTEGER PRIMARY KEY, tenant_id INTEGER);
            CREATE TABLE crm_call (id INTEGER PRIMARY KEY, tenant_id INTEGER, call_type_id INTEGER, call_id INTEGER);
            CREATE TABLE acts_action (id INTEGER PRIMARY KEY, actor_content_type_id INTEGER, actor_object_id TEXT, scope_type_id INTEGER, scope_id INTEGER);
            CREATE TABLE acts_entry (id INTEGER PRIMARY KEY, content_type_id INTEGER, object_id INTEGER, data_content_type_id INTEGER);
            INSERT INTO tenants SELECT i FROM n WHERE i <= 6;
            INSERT INTO django_content_type VALUES (1, 'crm', 'tenant'), (2, 'crm', 'deal'), (3, 'crm', 'callback'), (4, 'acts', 'action');
            INSERT INTO crm_deal SELECT i, 1 + i % 6 FROM n WHERE i <= 100;
            INSERT INTO crm_callback SELECT i, 1 + i / 2 % 6 FROM n WHERE i <= 100;
            INSERT INTO crm_calltype SELECT i, 1 + i % 6 FROM n WHERE i <= 12;
            INSERT INTO crm_call SELECT i, 1 + i % 6, 1 + i % 6 + 6 * (i % 2) - 1 + (i % 6 = 0) * 0, NULL FROM n WHERE i <= 50;
            UPDATE crm_call SET call_type_id = CASE tenant_id WHEN 1 THEN 6 ELSE tenant_id - 1 END;
            INSERT INTO acts_action SELECT i, 2 + i % 2, i, 2, i FROM n WHERE i <= 60 AND i % 2 = 0;
            INSERT INTO acts_entry SELECT i, 2 + i % 2, i, 1 + i % 4 FROM n WHERE i <= 90;
            """);
    assertThat(Suggesting.complete(database, TENANTS).yaml())
        .contains(
            "{table: acts_action, polymorphic: {type: actor_content_type_id, id: actor_object_id, targets: {\"2\": crm_deal}}}",
            "{table: acts_action, polymorphic: {type: scope_type_id, id: scope_id, targets: {\"2\": crm_deal}}}",
            "{table: acts_entry, polymorphic: {type: content_type_id, id: object_id, targets: {\"2\": crm_deal, \"3\": crm_callback}}}",
            "{table: crm_call, references: {call_type_id: crm_calltype.id}}")
        .doesNotContain("type: data_content_type_id", "type: call_type_id");
  }

  @Test
  void a_pair_whose_ids_are_all_found_comes_before_a_name_whose_numbers_are_not() throws Exception {
    Path database =
        database(
            """
            CREATE TABLE tenants (id INTEGER PRIMARY KEY);
            CREATE TABLE groups (id INTEGER PRIMARY KEY, tenant_id INTEGER);
            CREATE TABLE addressbooks (id INTEGER PRIMARY KEY, tenant_id INTEGER);
            CREATE TABLE logs (id INTEGER PRIMARY KEY, group_id INTEGER, loggable_type TEXT, loggable_id INTEGER);
            INSERT INTO tenants SELECT i FROM n WHERE i <= 6;
            INSERT INTO groups SELECT i, 1 + i % 6 FROM n WHERE i <= 40;
            INSERT INTO addressbooks SELECT i, 1 + i % 6 FROM n WHERE i <= 60;
            INSERT INTO logs SELECT i, 1 + i * i % 50, 'App\\Models\\AddressBook', i FROM n WHERE i <= 60;
            """);
    SuggestedModel suggested = Suggesting.complete(database, TENANTS);
    assertThat(suggested.yaml())
        .contains("{\"App\\\\Models\\\\AddressBook\": addressbooks}}}  # ")
        .doesNotContain("group_id");
    assertThat(suggested.questions()).isEmpty();
  }

  @Test
  void an_id_of_a_type_may_be_called_otherwise_and_a_type_may_be_of_none() throws Exception {
    Path database =
        database(
            """
            CREATE TABLE tenants (id INTEGER PRIMARY KEY);
            CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER);
            CREATE TABLE places (id INTEGER PRIMARY KEY, tenant_id INTEGER);
            CREATE TABLE things (id INTEGER PRIMARY KEY, tenant_id INTEGER, assigned_type TEXT, assigned_to INTEGER, owner_type TEXT, owner INTEGER);
            CREATE TABLE tokens (id INTEGER PRIMARY KEY, tenant_id INTEGER, user_type INTEGER, user_id INTEGER);
            INSERT INTO tenants SELECT i FROM n WHERE i <= 6;
            INSERT INTO users SELECT i, 1 + i % 6 FROM n WHERE i <= 60;
            INSERT INTO places SELECT i, 1 + i / 2 % 6 FROM n WHERE i <= 60;
            INSERT INTO things SELECT i, 1 + i % 6, 'App\\User', i, 'user', i FROM n WHERE i <= 60;
            INSERT INTO things SELECT 100 + i, 1 + i / 2 % 6, 'App\\Place', i, NULL, NULL FROM n WHERE i <= 60;
            INSERT INTO tokens SELECT i, 1 + i % 6, i % 2, i FROM n WHERE i <= 60;
            """);
    SuggestedModel suggested = Suggesting.complete(database, TENANTS);
    assertThat(suggested.yaml())
        .contains(
            "{type: assigned_type, id: assigned_to, targets: {\"App\\\\Place\": places, \"App\\\\User\": users}}",
            "{type: owner_type, id: owner, targets: {user: users}}",
            "{table: tokens, references: {user_id: users.id}}");
    assertThat(suggested.questions()).isEmpty();
  }

  @Test
  void a_table_is_not_shared_in_silence_where_its_numbers_may_be_tenants_rows() throws Exception {
    Path database =
        database(
            """
            CREATE TABLE tenants (id INTEGER PRIMARY KEY);
            CREATE TABLE recurring_things (id INTEGER PRIMARY KEY, tenant_id INTEGER);
            CREATE TABLE rt_meta (id INTEGER PRIMARY KEY, rt_id INTEGER, data TEXT);
            CREATE TABLE colours (id INTEGER PRIMARY KEY, name TEXT);
            CREATE TABLE paints (id INTEGER PRIMARY KEY, colour_id INTEGER);
            INSERT INTO tenants SELECT i FROM n WHERE i <= 6;
            INSERT INTO recurring_things SELECT i, 1 + i % 6 FROM n WHERE i <= 40;
            INSERT INTO rt_meta SELECT i, i, 'x' FROM n WHERE i <= 40;
            INSERT INTO colours SELECT i, 'x' FROM n WHERE i <= 5;
            INSERT INTO paints SELECT i, 1 + i % 5 FROM n WHERE i <= 20;
            """);
    assertThat(Suggesting.complete(database, TENANTS).questions())
        .singleElement()
        .asString()
        .startsWith("Does rt_meta.rt_id lead to recurring_things?")
        .contains("these 40 rows are in no archive");
  }

  @Test
  void ids_that_nobody_has_twice_by_chance_need_no_name() throws Exception {
    Path database =
        database(
            """
            CREATE TABLE tenants (id INTEGER PRIMARY KEY);
            CREATE TABLE recurring_things (id TEXT PRIMARY KEY, tenant_id INTEGER);
            CREATE TABLE rt_meta (id INTEGER PRIMARY KEY, rt TEXT, data TEXT);
            INSERT INTO tenants SELECT i FROM n WHERE i <= 6;
            INSERT INTO recurring_things SELECT printf('%032d', i * i), 1 + i % 6 FROM n WHERE i <= 40;
            INSERT INTO rt_meta SELECT i, printf('%032d', i * i), 'x' FROM n WHERE i <= 42;
            DELETE FROM rt_meta WHERE id > 40;
            """);
    assertThat(Suggesting.complete(database, TENANTS).yaml())
        .contains("{table: rt_meta, references: {rt: recurring_things.id}}  # 40 of 40 values");
  }

  @Test
  void a_unique_value_of_the_row_itself_is_no_reference_and_gets_a_rule() throws Exception {
    Path database =
        database(
            """
            CREATE TABLE tenants (id INTEGER PRIMARY KEY, tenant_key TEXT);
            CREATE TABLE contacts (id INTEGER PRIMARY KEY, tenant_id INTEGER, oauth_id INTEGER, number INTEGER NOT NULL UNIQUE);
            CREATE UNIQUE INDEX tenants_key ON tenants (tenant_key);
            CREATE UNIQUE INDEX contacts_oauth ON contacts (oauth_id);
            INSERT INTO tenants SELECT i, 'k' || i FROM n WHERE i <= 6;
            INSERT INTO contacts SELECT i, 1 + i % 6, 1000 + i, 7000 + i FROM n WHERE i <= 40;
            """);
    assertThat(Suggesting.complete(database, TENANTS).yaml())
        .contains(
            "{column: tenants.tenant_key, suffix: -copy}",
            "{column: contacts.oauth_id, becomes: null}  # unique over all tenants")
        .doesNotContain("references", "contacts.number");
  }

  @Test
  void somebody_is_a_user_and_no_row_of_a_modules_list_of_users() throws Exception {
    Path database =
        database(
            """
            CREATE TABLE tenants (id INTEGER PRIMARY KEY);
            CREATE TABLE users_user (id INTEGER PRIMARY KEY);
            CREATE TABLE news_a (id INTEGER PRIMARY KEY, tenant_id INTEGER);
            CREATE TABLE news_b (id INTEGER PRIMARY KEY, tenant_id INTEGER);
            CREATE TABLE news_c (id INTEGER PRIMARY KEY, tenant_id INTEGER);
            CREATE TABLE news_item (id INTEGER PRIMARY KEY, tenant_id INTEGER);
            CREATE TABLE news_item_notify_users (id INTEGER PRIMARY KEY, item_id INTEGER, user_id INTEGER);
            CREATE TABLE kept_entry (id INTEGER PRIMARY KEY, owner_id INTEGER);
            INSERT INTO tenants SELECT i FROM n WHERE i <= 6;
            INSERT INTO users_user SELECT i FROM n WHERE i <= 9;
            INSERT INTO news_item SELECT i, 1 + i % 6 FROM n WHERE i <= 40;
            INSERT INTO news_item_notify_users SELECT i, 1 + i % 40, 1 + i * i % 9 FROM n WHERE i <= 90;
            INSERT INTO kept_entry SELECT i, 1 + i % 9 FROM n WHERE i <= 30;
            """);
    assertThat(Suggesting.complete(database, TENANTS).yaml())
        .contains("- users_user  # 0 of 9 rows", "- kept_entry  # 30 rows");
  }
}
