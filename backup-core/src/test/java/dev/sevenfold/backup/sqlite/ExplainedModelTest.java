package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code explain} says of each table from its rows. */
class ExplainedModelTest {

  private static final String NUMBERS =
      "CREATE VIEW n AS WITH RECURSIVE c (i) AS"
          + " (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 60) SELECT i FROM c";

  @TempDir Path folder;

  private static TenantModel.Builder model() {
    return TenantModel.rootedAt("tenants").column("tenant_id");
  }

  /** Ten tenants, and what else the statements say. */
  private Lab lab(TenantModel.Builder model, String... statements) {
    List<String> all = new ArrayList<>();
    all.add(NUMBERS.replace("VIEW", "VIEW IF NOT EXISTS"));
    all.add("CREATE TABLE IF NOT EXISTS tenants (id INTEGER PRIMARY KEY)");
    all.add("INSERT OR IGNORE INTO tenants SELECT i FROM n WHERE i <= 10");
    all.addAll(Arrays.asList(statements));
    return Lab.with(folder, all.toArray(String[]::new)).owned(model);
  }

  /** The lines of one table, the first one without its name. */
  private static List<String> explained(Lab lab, String table) {
    List<String> lines = new ArrayList<>();
    boolean its = false;
    for (String line : lab.service().explain().lines().toList()) {
      if (!line.startsWith("    ")) {
        its = line.startsWith(table + ' ');
      }
      if (its) {
        lines.add(line.replaceFirst("^" + table, "").strip());
      }
    }
    return lines;
  }

  private static final String CUSTOMERS =
      "CREATE TABLE customers (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL)";
  private static final String SOME_CUSTOMERS =
      "INSERT INTO customers SELECT i, 1 + i % 10 FROM n WHERE i <= 40";

  @Test
  void a_tenant_column_names_tenants_that_there_are() {
    Lab lab =
        lab(
            model(),
            CUSTOMERS,
            SOME_CUSTOMERS,
            "INSERT INTO customers VALUES (100, 77), (101, 78)");

    assertThat(explained(lab, "tenants")).containsExactly("root, key id", "10 tenants");
    assertThat(explained(lab, "customers"))
        .containsExactly(
            "owned: column tenant_id",
            "42 rows: 40 of one tenant each, 0 of several, 2 nobody's; tenant check lists them",
            "column tenant_id: 10 of 12 values found");
  }

  private static final String ORDERS =
      "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (id),"
          + " tenant_id INTEGER, seller_id INTEGER REFERENCES customers (id))";

  @Test
  void each_reference_is_said_to_stay_in_the_tenant_of_its_row_or_not() {
    Lab lab =
        lab(
            model(),
            CUSTOMERS,
            SOME_CUSTOMERS,
            ORDERS,
            "INSERT INTO orders SELECT i, i, 1 + i % 10, 1 + i % 40 FROM n WHERE i <= 30",
            "PRAGMA foreign_keys = OFF",
            "INSERT INTO orders VALUES (100, 999, 1, NULL)");

    assertThat(explained(lab, "orders"))
        .containsExactly(
            "owned: column tenant_id, or where that is null customer_id -> customers(id), customers:"
                + " column tenant_id or seller_id -> customers(id), customers: column tenant_id",
            "31 rows, each of one tenant",
            "column tenant_id: 10 of 10 values found",
            "customer_id -> customers(id): 30 of 31 values found, none of these in another tenant"
                + " than the row",
            "seller_id -> customers(id): 30 of 30 values found, 30 of them in another tenant than"
                + " the row");
  }

  @Test
  void the_only_way_of_a_table_is_not_called_proved() {
    Lab lab =
        lab(
            model(),
            CUSTOMERS,
            SOME_CUSTOMERS,
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers)",
            "INSERT INTO notes SELECT i, i FROM n WHERE i <= 20");

    assertThat(explained(lab, "notes"))
        .containsExactly(
            "owned: customer_id -> customers(id), customers: column tenant_id",
            "20 rows, each of one tenant",
            "customer_id -> customers(id): 20 of 20 values found; nothing else says whose these rows"
                + " are");
  }

  @Test
  void a_reference_that_decides_nothing_is_looked_at_too() {
    Lab lab =
        lab(
            model().reference("visits", "customer", "customers", "id"),
            CUSTOMERS,
            SOME_CUSTOMERS,
            "CREATE TABLE visits (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, customer INTEGER)",
            "INSERT INTO visits SELECT i, 1 + i % 10, i FROM n WHERE i <= 40");

    assertThat(explained(lab, "visits"))
        .containsExactly(
            "owned: column tenant_id",
            "40 rows, each of one tenant",
            "column tenant_id: 10 of 10 values found",
            "also customer -> customers(id) (configured): 40 of 40 values found, all in the row's"
                + " own tenant");
  }

  private static final String TAGS = "CREATE TABLE tags (id INTEGER PRIMARY KEY, title TEXT)";
  private static final String TAGGINGS =
      "CREATE TABLE taggings (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, tag_id INTEGER)";

  @Test
  void rows_that_are_the_tenants_because_others_name_them_are_counted_by_whom() {
    Lab lab =
        lab(
            model().referencedBy("tags", "taggings", "tag_id"),
            TAGS,
            TAGGINGS,
            "INSERT INTO tags SELECT i, 't' FROM n WHERE i <= 32",
            "INSERT INTO taggings SELECT i, 1 + i % 10, 1 + (i - 1) % 30 FROM n",
            "INSERT INTO taggings VALUES (100, 1, 5), (101, 2, 5)");

    assertThat(explained(lab, "tags"))
        .containsExactly(
            "owned: referenced by taggings(tag_id), taggings: column tenant_id",
            "32 rows: 29 of one tenant each, 1 of several, 2 nobody's; tenant check lists them",
            "referenced by taggings(tag_id): 29 of 32 rows are named by one tenant alone, 1 by several");
    assertThat(explained(lab, "taggings"))
        .containsExactly(
            "owned: column tenant_id",
            "62 rows, each of one tenant",
            "column tenant_id: 10 of 10 values found");
  }

  @Test
  void types_are_looked_at_one_by_one_and_those_that_nobody_knows_are_named() {
    Lab lab =
        lab(
            model()
                .polymorphic("notes", "on_type", "on_id", Map.of("Customer", "customers"))
                .delegated("notes", "on_type", "on_id", Map.of("Text's", "texts")),
            CUSTOMERS,
            SOME_CUSTOMERS,
            "CREATE TABLE texts (id INTEGER PRIMARY KEY)",
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, on_type TEXT, on_id INTEGER)",
            "INSERT INTO texts SELECT i FROM n WHERE i <= 20",
            "INSERT INTO notes SELECT i, NULL, 'Customer', i FROM n WHERE i <= 41",
            "INSERT INTO notes SELECT 100 + i, 1 + i % 10, 'Text''s', i FROM n WHERE i <= 20",
            "INSERT INTO notes VALUES (200, 1, 'Ghost', 5), (201, 2, 'Ghost', 6), (202, 2, NULL, 7)");

    assertThat(explained(lab, "notes"))
        .containsExactly(
            "owned: column tenant_id, or where that is null on_id -> customers(id) where on_type ="
                + " 'Customer', customers: column tenant_id",
            "64 rows: 63 of one tenant each, 0 of several, 1 nobody's; tenant check lists them",
            "column tenant_id: 10 of 10 values found",
            "on_id -> customers(id) where on_type = 'Customer': 40 of 41 values found, none of these"
                + " in another tenant than the row",
            "notes.on_type has the type 'Ghost' in 2 rows, which stands for no table that the model"
                + " knows");
    assertThat(explained(lab, "texts"))
        .containsExactly(
            "owned: referenced by notes(on_id) where on_type = 'Text's', notes: column tenant_id",
            "20 rows, each of one tenant",
            "referenced by notes(on_id) where on_type = 'Text's': 20 of 20 rows are named by one"
                + " tenant alone, 0 by several");
  }

  @Test
  void a_shared_table_that_several_tenants_name_is_as_the_model_says() {
    Lab lab =
        lab(
            model().shared("countries", "seldom", "currencies", "schema_migrations", "regions"),
            CUSTOMERS.replace(")", ", country_id INTEGER REFERENCES countries, region_id INTEGER)"),
            "CREATE TABLE countries (id INTEGER PRIMARY KEY)",
            "CREATE TABLE regions (id INTEGER PRIMARY KEY)",
            "CREATE TABLE seldom (id INTEGER PRIMARY KEY)",
            "CREATE TABLE currencies (id INTEGER PRIMARY KEY)",
            "CREATE TABLE schema_migrations (version TEXT)",
            "INSERT INTO countries SELECT i FROM n WHERE i <= 7",
            "INSERT INTO regions SELECT i FROM n WHERE i <= 3",
            "INSERT INTO currencies SELECT i FROM n WHERE i <= 3",
            "INSERT INTO customers SELECT i, 1 + i % 10, 1 + i % 7, 1 + i % 3 FROM n");

    assertThat(explained(lab, "countries"))
        .containsExactly(
            "shared",
            "0 of 7 rows are named by one tenant alone, 7 by several, in customers.country_id");
    assertThat(explained(lab, "regions"))
        .containsExactly(
            "shared",
            "0 of 3 rows are named by one tenant alone, 3 by several, in customers.region_id");
    assertThat(explained(lab, "seldom")).containsExactly("shared", "empty: nothing to go by");
    assertThat(explained(lab, "currencies"))
        .containsExactly(
            "shared", "3 rows; none of them leads to a tenant, and no tenant's row leads here");
    assertThat(explained(lab, "schema_migrations"))
        .containsExactly("shared", "migrations that were run, by the well-known name");
  }

  private static final String SAY =
      ". Take it off shared, and tenant suggest says how its rows are the tenants'";

  @Test
  void a_shared_table_whose_rows_are_each_one_tenants_is_a_contradiction() {
    Lab lab =
        lab(
            model().shared("tags", "invoices", "visits", "mails", "remarks"),
            CUSTOMERS,
            SOME_CUSTOMERS,
            TAGS,
            TAGGINGS,
            "INSERT INTO tags SELECT i, 't' FROM n WHERE i <= 30",
            "INSERT INTO taggings SELECT i, 1 + i % 10, 1 + (i - 1) % 30 FROM n",
            "CREATE TABLE invoices (id INTEGER PRIMARY KEY, tenant_id TEXT)",
            "INSERT INTO invoices SELECT i, 1 + i % 10 FROM n",
            "CREATE TABLE visits (id INTEGER PRIMARY KEY, customer_id INTEGER)",
            "INSERT INTO visits SELECT i, i FROM n WHERE i <= 40",
            "CREATE TABLE mails (id INTEGER PRIMARY KEY, by INTEGER REFERENCES customers)",
            "INSERT INTO mails SELECT i, i FROM n WHERE i <= 40",
            "CREATE TABLE remarks (id INTEGER PRIMARY KEY, on_type TEXT, on_id INTEGER)",
            "INSERT INTO remarks SELECT i, 'Customer', i FROM n WHERE i <= 20",
            "INSERT INTO remarks SELECT 100 + i, 'Tagging', i FROM n WHERE i <= 20");

    assertThat(explained(lab, "tags"))
        .containsExactly(
            "shared",
            "CONTRADICTION: 30 of 30 rows are named by one tenant alone, 0 by several, in"
                + " taggings.tag_id"
                + SAY);
    assertThat(explained(lab, "invoices"))
        .containsExactly(
            "shared",
            "CONTRADICTION: 60 of 60 rows lead to one tenant alone, 0 to several, by tenant_id ->"
                + " tenants(id)"
                + SAY);
    assertThat(explained(lab, "visits"))
        .containsExactly(
            "shared",
            "CONTRADICTION: 40 of 40 rows lead to one tenant alone, 0 to several, by customer_id ->"
                + " customers(id)"
                + SAY);
    assertThat(explained(lab, "mails"))
        .containsExactly(
            "shared",
            "CONTRADICTION: 40 of 40 rows lead to one tenant alone, 0 to several, by by ->"
                + " customers(id)"
                + SAY);
    assertThat(explained(lab, "remarks"))
        .containsExactly(
            "shared",
            "CONTRADICTION: 40 of 40 rows lead to one tenant alone, 0 to several, by on_id ->"
                + " customers(id) where on_type = 'Customer', on_id -> taggings(id) where on_type ="
                + " 'Tagging'"
                + SAY);
  }

  @Test
  void what_somebody_made_for_all_or_few_rows_or_one_tenant_alone_is_no_contradiction() {
    Lab lab =
        lab(
            model().shared("templates", "plans", "banners"),
            CUSTOMERS.replace(")", ", template_id INTEGER)"),
            "CREATE TABLE templates (id INTEGER PRIMARY KEY, customer_id INTEGER)",
            "INSERT INTO templates SELECT i, i FROM n WHERE i <= 20",
            "INSERT INTO customers SELECT i, 1 + i % 10, 1 + i % 7 FROM n",
            "CREATE TABLE plans (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
            "INSERT INTO plans VALUES (1, 1), (2, 2)",
            "CREATE TABLE banners (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
            "INSERT INTO banners SELECT i, 1 FROM n WHERE i <= 20");

    assertThat(explained(lab, "templates"))
        .containsExactly(
            "shared",
            "0 of 20 rows are named by one tenant alone, 7 by several, in customers.template_id",
            "20 of 20 rows lead to one tenant alone, 0 to several, by customer_id -> customers(id)");
    assertThat(explained(lab, "plans"))
        .containsExactly(
            "shared",
            "2 of 2 rows lead to one tenant alone, 0 to several, by tenant_id -> tenants(id), which"
                + " is too little to tell by");
    assertThat(explained(lab, "banners"))
        .containsExactly(
            "shared",
            "20 of 20 rows lead to one tenant alone, 0 to several, by tenant_id -> tenants(id), which"
                + " is too little to tell by");
  }

  @Test
  void ignored_tables_are_looked_at_without_a_judgement() {
    Lab lab =
        lab(
            model().ignored("views", "sessions", "drafts"),
            CUSTOMERS,
            SOME_CUSTOMERS,
            "CREATE TABLE views (id INTEGER PRIMARY KEY, customer_id INTEGER)",
            "INSERT INTO views SELECT i, i FROM n WHERE i <= 20",
            "CREATE TABLE sessions (id INTEGER PRIMARY KEY, payload TEXT)",
            "CREATE TABLE drafts (id INTEGER PRIMARY KEY)");

    assertThat(explained(lab, "views"))
        .containsExactly(
            "ignored",
            "20 of 20 rows lead to one tenant alone, 0 to several, by customer_id -> customers(id)");
    assertThat(explained(lab, "sessions"))
        .containsExactly("ignored", "sessions, by the well-known name");
    assertThat(explained(lab, "drafts")).containsExactly("ignored", "empty: nothing to go by");
  }

  @Test
  void a_column_that_proves_to_be_a_reference_is_named_with_the_line_that_is_missing() {
    Lab lab =
        lab(
            model(),
            CUSTOMERS,
            SOME_CUSTOMERS,
            "CREATE TABLE visits (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, customer_id INTEGER)",
            "INSERT INTO visits SELECT i, 1 + i % 10, i FROM n WHERE i <= 40");

    assertThat(explained(lab, "visits"))
        .endsWith(
            "customer_id -> customers(id) proves to be a reference and is not in the model: 40 of 40"
                + " values found, all in the row's own tenant. Write {table: visits, references:"
                + " {customer_id: customers.id}}, or not_references: [visits.customer_id]");
  }

  @Test
  void with_one_tenant_rows_say_nothing_of_whose_they_are() {
    Lab lab =
        lab(
            model().shared("tags", "plans").reference("visits", "customer", "customers", "id"),
            CUSTOMERS,
            TAGS,
            TAGGINGS,
            "DELETE FROM tenants WHERE id > 1",
            "INSERT INTO customers SELECT i, 1 FROM n",
            "INSERT INTO tags SELECT i, 't' FROM n",
            "INSERT INTO taggings SELECT i, 1, i FROM n",
            "CREATE TABLE plans (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
            "INSERT INTO plans SELECT i, 1 FROM n",
            "CREATE TABLE visits (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, customer INTEGER)",
            "INSERT INTO visits SELECT i, 1, i FROM n");

    assertThat(explained(lab, "tenants")).containsExactly("root, key id", "1 tenant");
    assertThat(explained(lab, "visits"))
        .containsExactly(
            "owned: column tenant_id",
            "60 rows, each of one tenant",
            "column tenant_id: 1 of 1 value found",
            "also customer -> customers(id) (configured): 60 of 60 values found; there is one tenant"
                + " alone");
    assertThat(explained(lab, "tags"))
        .containsExactly(
            "shared",
            "60 of 60 rows are named by one tenant alone, 0 by several, in taggings.tag_id; there is"
                + " one tenant alone, so that this says nothing");
    assertThat(explained(lab, "plans"))
        .containsExactly(
            "shared",
            "60 of 60 rows lead to one tenant alone, 0 to several, by tenant_id -> tenants(id); there"
                + " is one tenant alone, so that this says nothing");
  }

  @Test
  void an_empty_database_is_held_against_the_schema_alone() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                CUSTOMERS,
                TAGS,
                "CREATE TABLE countries (id INTEGER PRIMARY KEY)")
            .owned(model().referencedBy("tags", "taggings", "tag_id").shared("countries"));

    assertThatExceptionOfType(InvalidTenantModel.class).isThrownBy(() -> lab.source().explain());
    lab.execute(TAGGINGS);
    assertThat(lab.source().explain())
        .isEqualTo(
            """
            customers  owned: column tenant_id
                empty: nothing to go by
            taggings   owned: column tenant_id
                empty: nothing to go by
            tags       owned: referenced by taggings(tag_id), taggings: column tenant_id
                empty: nothing to go by
            tenants    root, key id
                empty: nothing to go by
            countries  shared
                empty: nothing to go by
            """);
    lab.execute("CREATE TABLE invoices (id INTEGER PRIMARY KEY, tenant INTEGER)");
    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(() -> lab.source().explain())
        .withMessageContaining("table invoices is claimed by nobody");
  }

  @Test
  void names_of_any_kind_are_quoted() {
    Lab lab =
        lab(
            TenantModel.rootedAt("tenants")
                .column("o")
                .shared("sh\"ared \u00e9", "s")
                .ignored("select")
                .referencedBy("t'ags", "tag gings", "tag\"id"),
            "CREATE TABLE \"cust o\" (k0 TEXT, o INTEGER NOT NULL, w INTEGER, PRIMARY KEY (k0, o)) WITHOUT ROWID",
            "INSERT INTO \"cust o\" SELECT 'k' || i, 1 + i % 10, 0 FROM n WHERE i <= 40",
            "CREATE TABLE \"t'ags\" (t BLOB PRIMARY KEY) WITHOUT ROWID",
            "INSERT INTO \"t'ags\" SELECT CAST('x' || i AS BLOB) FROM n WHERE i <= 40",
            "CREATE TABLE \"tag gings\" (\"owner\" INTEGER PRIMARY KEY, o INTEGER NOT NULL, \"tag\"\"id\" BLOB,"
                + " p INTEGER, c TEXT, FOREIGN KEY (c, o) REFERENCES \"cust o\" (k0, o))",
            "INSERT INTO \"tag gings\" SELECT i, 1 + i % 10, CAST('x' || i AS BLOB), i, 'k' || i FROM n WHERE i <= 40",
            "CREATE TABLE \"sh\"\"ared \u00e9\" (o INTEGER, z TEXT)",
            "INSERT INTO \"sh\"\"ared \u00e9\" SELECT 1 + i % 10, 'z' FROM n",
            "CREATE TABLE s (v INTEGER PRIMARY KEY)",
            "INSERT INTO s SELECT i FROM n",
            "CREATE TABLE \"select\" (\"from\" TEXT, O INTEGER)",
            "INSERT INTO \"select\" SELECT 'x', 1 + i % 10 FROM n");

    assertThat(explained(lab, "cust o"))
        .containsExactly(
            "owned: column o", "40 rows, each of one tenant", "column o: 10 of 10 values found");
    assertThat(explained(lab, "t'ags"))
        .containsExactly(
            "owned: referenced by tag gings(tag\"id), tag gings: column o",
            "40 rows, each of one tenant",
            "referenced by tag gings(tag\"id): 40 of 40 rows are named by one tenant alone, 0 by"
                + " several");
    assertThat(explained(lab, "tag gings"))
        .containsExactly(
            "owned: column o",
            "40 rows, each of one tenant",
            "column o: 10 of 10 values found",
            "also c, o -> cust o(k0, o): 40 of 40 values found, all in the row's own tenant");
    assertThat(explained(lab, "sh\"ared \u00e9"))
        .containsExactly(
            "shared",
            "CONTRADICTION: 60 of 60 rows lead to one tenant alone, 0 to several, by o -> tenants(id)"
                + SAY);
    assertThat(explained(lab, "select"))
        .containsExactly(
            "ignored", "60 of 60 rows lead to one tenant alone, 0 to several, by O -> tenants(id)");
  }

  /** As some of our own columns are called in what is noted down. */
  @Test
  void columns_may_be_called_as_they_like() {
    for (String column : List.of("o", "node", "n", "k", "k0", "v", "own", "other")) {
      Lab lab =
          lab(
              model(),
              "DROP TABLE IF EXISTS visits",
              CUSTOMERS.replace("TABLE", "TABLE IF NOT EXISTS"),
              SOME_CUSTOMERS.replace("INSERT", "INSERT OR IGNORE"),
              "CREATE TABLE visits (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, "
                  + column
                  + " INTEGER)",
              "INSERT INTO visits SELECT 100 + i, 1 + i % 10, i FROM n WHERE i <= 40");

      assertThat(explained(lab, "visits")).hasSize(4).last().asString().contains(" proves to be ");
    }
  }

  @Test
  void keys_are_compared_as_a_foreign_key_compares_them() {
    Lab lab =
        Lab.with(
                folder,
                NUMBERS,
                "CREATE TABLE tenants (id TEXT PRIMARY KEY COLLATE NOCASE)",
                "INSERT INTO tenants SELECT 'T' || i FROM n WHERE i <= 10",
                "CREATE TABLE customers (id BLOB PRIMARY KEY, tenant_id TEXT)",
                "INSERT INTO customers SELECT CAST(i AS BLOB), 't' || (1 + i % 10) FROM n",
                "CREATE TABLE notes (customer BLOB REFERENCES customers, tenant_id TEXT)",
                "INSERT INTO notes SELECT CAST(i AS BLOB), 't' || (1 + i % 10) FROM n",
                "INSERT INTO notes SELECT CAST(i AS BLOB), NULL FROM n")
            .owned(model());

    assertThat(explained(lab, "notes"))
        .endsWith(
            "120 rows, each of one tenant",
            "column tenant_id: 10 of 10 values found",
            "customer -> customers(id): 60 of 60 values found, all in the row's own tenant");
  }

  @Test
  void an_engine_that_brings_rows_says_the_same() {
    Lab lab =
        lab(
            model().shared("tags").ignored("views"),
            CUSTOMERS,
            SOME_CUSTOMERS,
            TAGS,
            TAGGINGS,
            "INSERT INTO tags SELECT i, 't' FROM n WHERE i <= 30",
            "INSERT INTO taggings SELECT i, 1 + i % 10, 1 + (i - 1) % 30 FROM n",
            "CREATE TABLE views (id INTEGER PRIMARY KEY, customer_id INTEGER)",
            "INSERT INTO views SELECT i, i FROM n WHERE i <= 20");

    String here = lab.bringing(false).service().explain();

    assertThat(here).contains("CONTRADICTION");
    assertThat(lab.bringing(true).service().explain()).isEqualTo(here);
  }

  /** The example of docs/tenant-model.md. */
  @Test
  void all_of_it_is_readable() {
    Lab lab =
        lab(
            model()
                .referencedBy("blobs", "attachments", "blob_id")
                .reference("order_lines", "picked_by", "users", "id")
                .shared("countries", "invoices")
                .ignored("sessions"),
            "CREATE TABLE countries (id INTEGER PRIMARY KEY, code TEXT)",
            "INSERT INTO countries SELECT i, 'c' || i FROM n WHERE i <= 8",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL)",
            "INSERT INTO users SELECT i, 1 + i % 10 FROM n WHERE i <= 20",
            "CREATE TABLE customers (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL,"
                + " country_id INTEGER REFERENCES countries (id))",
            "INSERT INTO customers SELECT i, 1 + i % 10, 1 + i % 7 FROM n WHERE i <= 40",
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (id))",
            "INSERT INTO orders SELECT i, 1 + i % 40 FROM n",
            "CREATE TABLE order_lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders"
                + " (id), picked_by INTEGER)",
            "INSERT INTO order_lines SELECT i, i, 1 + i % 20 FROM n",
            "INSERT INTO order_lines VALUES (100, NULL, NULL)",
            "CREATE TABLE attachments (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, blob_id INTEGER)",
            "INSERT INTO attachments SELECT i, 1 + i % 10, i FROM n WHERE i <= 30",
            "CREATE TABLE blobs (id INTEGER PRIMARY KEY, key TEXT)",
            "INSERT INTO blobs SELECT i, 'k' || i FROM n WHERE i <= 30",
            "CREATE TABLE invoices (id INTEGER PRIMARY KEY, customer_id INTEGER)",
            "INSERT INTO invoices SELECT i, i FROM n WHERE i <= 40",
            "CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER, payload TEXT)");

    assertThat(lab.service().explain())
        .isEqualTo(
            """
            attachments  owned: column tenant_id
                30 rows, each of one tenant
                column tenant_id: 10 of 10 values found
            blobs        owned: referenced by attachments(blob_id), attachments: column \
            tenant_id
                30 rows, each of one tenant
                referenced by attachments(blob_id): 30 of 30 rows are named by one tenant \
            alone, 0 by several
            customers    owned: column tenant_id
                40 rows, each of one tenant
                column tenant_id: 10 of 10 values found
            order_lines  owned: order_id -> orders(id), orders: customer_id -> customers(id), \
            customers: column tenant_id or picked_by -> users(id) (configured), users: column \
            tenant_id
                61 rows: 60 of one tenant each, 0 of several, 1 nobody's; tenant check lists \
            them
                order_id -> orders(id): 60 of 60 values found, all in the row's own tenant
                picked_by -> users(id) (configured): 20 of 20 values found, all in the row's \
            own tenant
            orders       owned: customer_id -> customers(id), customers: column tenant_id
                60 rows, each of one tenant
                customer_id -> customers(id): 40 of 40 values found; nothing else says whose \
            these rows are
            tenants      root, key id
                10 tenants
            users        owned: column tenant_id
                20 rows, each of one tenant
                column tenant_id: 10 of 10 values found
            countries    shared
                0 of 8 rows are named by one tenant alone, 7 by several, in customers.country_id
            invoices     shared
                CONTRADICTION: 40 of 40 rows lead to one tenant alone, 0 to several, by \
            customer_id -> customers(id). Take it off shared, and tenant suggest says how its \
            rows are the tenants'
            sessions     ignored
                sessions, by the well-known name
            """);
  }
}
