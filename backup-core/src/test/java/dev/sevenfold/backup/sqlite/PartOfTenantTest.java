package dev.sevenfold.backup.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.source.RestoreOptions.Change;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part of a tenant comes back, and all the rest stays as it is. */
class PartOfTenantTest {

  private static final RestoreOptions CREATE = RestoreOptions.DEFAULT.creatingOnly();
  private static final RestoreOptions UPDATE = RestoreOptions.DEFAULT.doing(Change.UPDATE);
  private static final RestoreOptions DELETE = RestoreOptions.DEFAULT.doing(Change.DELETE);

  @TempDir Path folder;

  private Lab shop() {
    return Lab.with(
        folder,
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT)",
        """
        CREATE TABLE customers (id INTEGER PRIMARY KEY, tenant_id INTEGER REFERENCES tenants,
          email TEXT UNIQUE, city TEXT)""",
        """
        CREATE TABLE orders (id INTEGER PRIMARY KEY,
          customer_id INTEGER NOT NULL REFERENCES customers ON DELETE CASCADE, total INTEGER)""",
        """
        CREATE TABLE lines (order_id INTEGER REFERENCES orders ON DELETE CASCADE, no INTEGER,
          what TEXT, PRIMARY KEY (order_id, no)) WITHOUT ROWID""",
        "INSERT INTO tenants VALUES (1, 'one'), (2, 'two')",
        """
        INSERT INTO customers VALUES (17, 1, 'ann@x', 'Rom'), (18, 1, 'bob@x', 'Ulm'),
          (19, 1, 'cat@x', 'Bern'), (50, 2, 'dan@x', 'Oslo')""",
        "INSERT INTO orders VALUES (1, 17, 10), (2, 17, 20), (3, 18, 30), (5, 50, 50)",
        "INSERT INTO lines VALUES (1, 1, 'a'), (1, 2, 'b'), (2, 1, 'c'), (3, 1, 'd'), (5, 1, 'e')");
  }

  private static void changeMuch(Lab lab) {
    lab.execute(
        "DELETE FROM customers WHERE id = 17",
        "UPDATE customers SET city = 'Paris' WHERE id = 18",
        "UPDATE orders SET total = 31 WHERE id = 3",
        "INSERT INTO customers VALUES (20, 1, 'eve@x', 'Nice')",
        "INSERT INTO orders VALUES (8, 20, 80), (9, 18, 90)",
        "INSERT INTO lines VALUES (8, 1, 'new'), (3, 2, 'more')");
  }

  @Test
  void brings_back_what_was_deleted_and_keeps_what_was_done_since() {
    Lab lab = shop();
    Label label = lab.backup(1);
    changeMuch(lab);

    RestorePlan preview = lab.preview(1, label, CREATE);
    RestorePlan done = lab.restore(1, label, CREATE).plan();

    assertThat(done).isEqualTo(preview);
    assertThat(lab.query("SELECT email || ' ' || city FROM customers ORDER BY id"))
        .isEqualTo("ann@x Rom,bob@x Paris,cat@x Bern,eve@x Nice,dan@x Oslo");
    assertThat(lab.query("SELECT id || ':' || total FROM orders ORDER BY id"))
        .isEqualTo("1:10,2:20,3:31,5:50,8:80,9:90");
    assertThat(lab.query("SELECT what FROM lines ORDER BY order_id, no"))
        .isEqualTo("a,b,c,d,more,e,new");
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void updates_what_was_changed_and_nothing_else() {
    Lab lab = shop();
    Label label = lab.backup(1);
    changeMuch(lab);

    lab.restore(1, label, UPDATE);

    assertThat(lab.query("SELECT city FROM customers ORDER BY id")).isEqualTo("Ulm,Bern,Nice,Oslo");
    assertThat(lab.query("SELECT id || ':' || total FROM orders ORDER BY id"))
        .isEqualTo("3:30,5:50,8:80,9:90");
    assertThat(lab.query("SELECT count(*) FROM lines")).isEqualTo("4");
  }

  @Test
  void deletes_what_is_new_and_nothing_else() {
    Lab lab = shop();
    Label label = lab.backup(1);
    changeMuch(lab);

    lab.restore(1, label, DELETE);

    assertThat(lab.query("SELECT city FROM customers ORDER BY id")).isEqualTo("Paris,Bern,Oslo");
    assertThat(lab.query("SELECT id || ':' || total FROM orders ORDER BY id"))
        .isEqualTo("3:31,5:50");
    assertThat(lab.query("SELECT what FROM lines")).isEqualTo("d,e");
  }

  @Test
  void all_three_are_the_restore_of_everything() {
    Lab lab = shop();
    Label label = lab.backup(1);
    Map<String, List<String>> then = lab.dump();
    changeMuch(lab);

    lab.restore(
        1,
        label,
        RestoreOptions.DEFAULT
            .doing(Change.CREATE, Change.UPDATE, Change.DELETE)
            .only("tenants", "customers", "orders", "lines"));

    assertThat(lab.dump()).isEqualTo(then);
  }

  @Test
  void tables_that_were_not_chosen_stay_as_they_are() {
    Lab lab = shop();
    Label label = lab.backup(1);
    changeMuch(lab);

    lab.restore(
        1, label, RestoreOptions.DEFAULT.doing(Change.CREATE, Change.UPDATE).only("Customers"));

    assertThat(lab.query("SELECT city FROM customers ORDER BY id"))
        .isEqualTo("Rom,Ulm,Bern,Nice,Oslo");
    assertThat(lab.query("SELECT id || ':' || total FROM orders ORDER BY id"))
        .isEqualTo("3:31,5:50,8:80,9:90");
  }

  @Test
  void rows_that_would_lose_what_they_refer_to_stand_in_the_way() {
    Lab lab = shop();
    Label label = lab.backup(1);
    changeMuch(lab);
    Map<String, List<String>> before = lab.dump();

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label, RestoreOptions.DEFAULT.only("customers")))
        .satisfies(
            e -> assertThat(e.reasons()).anySatisfy(r -> assertThat(r).contains("orders", "[8]")));
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_column_that_was_overwritten_everywhere_comes_back_alone() {
    Lab lab = shop();
    Label label = lab.backup(1);
    changeMuch(lab);
    lab.execute("UPDATE customers SET email = 'lost' || id, city = 'moved' WHERE tenant_id = 1");

    RestorePlan plan = lab.restore(1, label, UPDATE.only("customers.EMAIL")).plan();

    assertThat(lab.query("SELECT email || ' ' || city FROM customers ORDER BY id"))
        .isEqualTo("bob@x moved,cat@x moved,lost20 moved,dan@x Oslo");
    assertThat(plan.tables().stream().mapToLong(RestorePlan.TableChange::updated).sum())
        .isEqualTo(2);
  }

  @Test
  void of_a_table_with_chosen_columns_missing_rows_come_whole_and_none_goes() {
    Lab lab = shop();
    Label label = lab.backup(1);
    changeMuch(lab);

    lab.restore(1, label, RestoreOptions.DEFAULT.only("customers.email"));

    assertThat(lab.query("SELECT email || ' ' || city FROM customers ORDER BY id"))
        .isEqualTo("ann@x Rom,bob@x Paris,cat@x Bern,eve@x Nice,dan@x Oslo");
  }

  @Test
  void a_row_comes_with_all_that_hangs_below_it() {
    Lab lab = shop();
    Label label = lab.backup(1);
    lab.execute("DELETE FROM customers WHERE tenant_id = 1");

    lab.restore(1, label, RestoreOptions.DEFAULT.rows("customers", "17"));

    assertThat(lab.query("SELECT id FROM customers ORDER BY id")).isEqualTo("17,50");
    assertThat(lab.query("SELECT id FROM orders ORDER BY id")).isEqualTo("1,2,5");
    assertThat(lab.query("SELECT what FROM lines ORDER BY order_id, no")).isEqualTo("a,b,c,e");
  }

  @Test
  void what_is_new_below_a_chosen_row_goes_and_what_was_changed_comes_back() {
    Lab lab = shop();
    Label label = lab.backup(1);
    changeMuch(lab);

    lab.restore(1, label, RestoreOptions.DEFAULT.rows("customers", "18"));

    assertThat(lab.query("SELECT city FROM customers ORDER BY id")).isEqualTo("Ulm,Bern,Nice,Oslo");
    assertThat(lab.query("SELECT id || ':' || total FROM orders ORDER BY id"))
        .isEqualTo("3:30,5:50,8:80");
    assertThat(lab.query("SELECT what FROM lines ORDER BY order_id, no")).isEqualTo("d,e,new");
  }

  @Test
  void what_a_chosen_row_needs_above_it_comes_along_and_is_named() {
    Lab lab = shop();
    Label label = lab.backup(1);
    lab.execute("DELETE FROM customers WHERE id = 17");

    RestorePlan plan = lab.restore(1, label, RestoreOptions.DEFAULT.rows("lines", "1/2")).plan();

    assertThat(lab.query("SELECT what FROM lines WHERE order_id < 3")).isEqualTo("b");
    assertThat(lab.query("SELECT id FROM orders ORDER BY id")).isEqualTo("1,3,5");
    assertThat(lab.query("SELECT id FROM customers ORDER BY id")).isEqualTo("17,18,19,50");
    assertThat(plan.notes())
        .anySatisfy(note -> assertThat(note).contains("customers", "come back too", "[17]"))
        .anySatisfy(note -> assertThat(note).contains("orders", "come back too", "[1]"));
  }

  @Test
  void a_row_that_moved_is_below_both() {
    Lab lab = shop();
    Label label = lab.backup(1);
    lab.execute("UPDATE orders SET customer_id = 18 WHERE id = 1");

    lab.restore(1, label, RestoreOptions.DEFAULT.rows("customers", "18"));

    assertThat(lab.query("SELECT customer_id FROM orders WHERE id = 1")).isEqualTo("17");
  }

  @Test
  void where_the_row_that_it_moved_back_to_is_gone_that_comes_too() {
    Lab lab = shop();
    Label label = lab.backup(1);
    lab.execute(
        "UPDATE orders SET customer_id = 18 WHERE id = 1", "DELETE FROM customers WHERE id = 17");

    RestorePlan plan = lab.restore(1, label, RestoreOptions.DEFAULT.rows("customers", "18")).plan();

    assertThat(lab.query("SELECT customer_id FROM orders WHERE id = 1")).isEqualTo("17");
    assertThat(lab.query("SELECT count(*) FROM orders WHERE id = 2")).isEqualTo("0");
    assertThat(plan.notes()).anySatisfy(note -> assertThat(note).contains("come back too", "[17]"));
  }

  @Test
  void a_unique_value_that_another_row_of_the_tenant_has_since_stands_in_the_way() {
    Lab lab = shop();
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM customers WHERE id = 17",
        "UPDATE customers SET email = 'ann@x' WHERE id = 19");
    Map<String, List<String>> before = lab.dump();

    assertThat(lab.preview(1, label, CREATE).conflicts())
        .singleElement()
        .asString()
        .contains("customers", "[17]", "unique in [email]", "[19]");
    assertThatExceptionOfType(RestoreRefused.class).isThrownBy(() -> lab.restore(1, label, CREATE));
    assertThat(lab.dump()).isEqualTo(before);
  }

  @Test
  void a_row_whose_id_is_another_tenants_now_stands_in_the_way_only_if_it_was_chosen() {
    Lab lab = shop();
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM customers WHERE id IN (17, 19)",
        "INSERT INTO customers VALUES (17, 2, 'zoe@x', 'Riga')");

    assertThat(lab.preview(1, label, CREATE).conflicts())
        .anySatisfy(conflict -> assertThat(conflict).contains("customers", "17"));
    lab.restore(1, label, CREATE.rows("customers", "19"));

    assertThat(lab.query("SELECT email FROM customers ORDER BY id"))
        .isEqualTo("zoe@x,bob@x,cat@x,dan@x");
  }

  @Test
  void all_of_a_tenant_that_is_gone_has_its_own_row_come_along() {
    Lab lab = shop();
    Label label = lab.backup(1);
    lab.execute("DELETE FROM customers WHERE tenant_id = 1", "DELETE FROM tenants WHERE id = 1");

    lab.restore(1, label, RestoreOptions.DEFAULT.rows("customers", "19"));

    assertThat(lab.query("SELECT name FROM tenants ORDER BY id")).isEqualTo("one,two");
    assertThat(lab.query("SELECT id FROM customers")).isEqualTo("19,50");
  }

  @Test
  void what_is_not_there_is_refused_with_what_is_nearest() {
    Lab lab = shop();
    Label label = lab.backup(1);

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(
            () -> lab.preview(1, label, RestoreOptions.DEFAULT.only("custmers", "orders.totl")))
        .satisfies(
            e ->
                assertThat(e.reasons())
                    .containsExactly(
                        "there is no table custmers; nearest to it: customers",
                        "table orders has no column totl; nearest to it: total"));
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.preview(1, label, RestoreOptions.DEFAULT.rows("customers", "71")))
        .satisfies(
            e ->
                assertThat(e.reasons())
                    .containsExactly(
                        "table customers has no row 71, neither now nor in the archive; nearest"
                            + " to it: 17"));
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.preview(1, label, RestoreOptions.DEFAULT.rows("lines", "1")))
        .withMessageContaining("[order_id, no]");
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.preview(1, label, RestoreOptions.DEFAULT.only("customers.id")))
        .satisfies(e -> assertThat(e.reasons()).singleElement().asString().contains("key"));
  }

  @Test
  void a_row_of_another_tenant_is_nowhere() {
    Lab lab = shop();
    Label label = lab.backup(1);

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.preview(1, label, RestoreOptions.DEFAULT.rows("customers", "50")));
  }

  @Test
  void what_triggers_keep_in_rows_that_were_not_chosen_stays_and_is_named() {
    Lab lab = shop();
    lab.execute(
        "ALTER TABLE customers ADD COLUMN orders INTEGER NOT NULL DEFAULT 0",
        """
        CREATE TRIGGER counted AFTER INSERT ON orders BEGIN
          UPDATE customers SET orders = orders + 1 WHERE id = new.customer_id; END""",
        """
        CREATE TRIGGER uncounted AFTER DELETE ON orders BEGIN
          UPDATE customers SET orders = orders - 1 WHERE id = old.customer_id; END""",
        "UPDATE customers SET orders = 2 WHERE id = 17");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM orders WHERE id = 1");

    RestorePlan plan = lab.restore(1, label, CREATE.only("orders")).plan();

    assertThat(lab.query("SELECT orders FROM customers WHERE id = 17")).isEqualTo("1");
    assertThat(plan.rebuild()).containsExactly("customers");
  }

  @Test
  void self_references_and_rings_of_tables_are_followed_to_their_end() {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            """
            CREATE TABLE boxes (id INTEGER PRIMARY KEY, tenant_id INTEGER,
              parent_id INTEGER REFERENCES boxes ON DELETE CASCADE,
              label_id INTEGER REFERENCES labels ON DELETE CASCADE)""",
            """
            CREATE TABLE labels (id INTEGER PRIMARY KEY,
              box_id INTEGER REFERENCES boxes ON DELETE CASCADE)""",
            "INSERT INTO tenants VALUES (1)",
            "INSERT INTO boxes VALUES (1, 1, NULL, NULL), (2, 1, 1, NULL), (9, 1, NULL, NULL)",
            "INSERT INTO labels VALUES (1, 2)",
            "INSERT INTO boxes VALUES (3, 1, NULL, 1), (4, 1, 4, NULL)",
            "INSERT INTO labels VALUES (2, 3), (3, 9)",
            "UPDATE boxes SET label_id = 2 WHERE id = 2");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM boxes");

    RestorePlan plan = lab.restore(1, label, RestoreOptions.DEFAULT.rows("boxes", "2")).plan();

    assertThat(lab.query("SELECT id FROM boxes ORDER BY id")).isEqualTo("1,2,3");
    assertThat(lab.query("SELECT id FROM labels ORDER BY id")).isEqualTo("1,2");
    assertThat(plan.notes()).anySatisfy(n -> assertThat(n).contains("boxes", "[1]"));
    lab.restore(1, label, RestoreOptions.DEFAULT.rows("boxes", "4"));
    assertThat(lab.query("SELECT id FROM boxes ORDER BY id")).isEqualTo("1,2,3,4");
  }

  private Lab pictures() {
    return Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER, name TEXT)",
            "CREATE TABLE posts (id INTEGER PRIMARY KEY, tenant_id INTEGER, title TEXT)",
            """
            CREATE TABLE attachments (id INTEGER PRIMARY KEY, record_type TEXT, record_id INTEGER,
              blob_id INTEGER REFERENCES blobs)""",
            "CREATE TABLE blobs (id INTEGER PRIMARY KEY, key TEXT)",
            """
            CREATE TABLE pages (id INTEGER PRIMARY KEY,
              blob_id INTEGER REFERENCES blobs ON DELETE CASCADE)""",
            "INSERT INTO tenants VALUES (1)",
            "INSERT INTO users VALUES (1, 1, 'ann'), (2, 1, 'bob')",
            "INSERT INTO posts VALUES (1, 1, 'hi')",
            "INSERT INTO blobs VALUES (1, 'a'), (2, 'b'), (3, 'c')",
            "INSERT INTO pages VALUES (1, 1), (2, 2), (3, 3)",
            "INSERT INTO attachments VALUES (1, 'User', 1, 1), (2, 'Post', 1, 2), (3, 'User', 2, 3)")
        .owned(
            TenantModel.rootedAt("tenants")
                .column("tenant_id")
                .polymorphic(
                    "attachments",
                    "record_type",
                    "record_id",
                    Map.of("User", "users", "Post", "posts"))
                .referencedBy("blobs", "attachments", "blob_id"));
  }

  @Test
  void polymorphic_rows_and_rows_that_are_referred_to_hang_below_by_their_type() {
    Lab lab = pictures();
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM users", "DELETE FROM posts", "DELETE FROM attachments", "DELETE FROM blobs");

    lab.restore(1, label, RestoreOptions.DEFAULT.rows("users", "1"));

    assertThat(lab.query("SELECT id FROM attachments")).isEqualTo("1");
    assertThat(lab.query("SELECT id FROM blobs")).isEqualTo("1");
    assertThat(lab.query("SELECT id FROM pages")).isEqualTo("1");
    assertThat(lab.query("SELECT count(*) FROM posts")).isEqualTo("0");
  }

  @Test
  void a_row_that_is_the_tenants_by_what_refers_to_it_brings_that_along() {
    Lab lab = pictures();
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM users WHERE id = 2",
        "DELETE FROM attachments WHERE id = 3",
        "DELETE FROM blobs WHERE id = 3");

    RestorePlan plan = lab.restore(1, label, RestoreOptions.DEFAULT.rows("blobs", "3")).plan();

    assertThat(lab.query("SELECT name FROM users ORDER BY id")).isEqualTo("ann,bob");
    assertThat(lab.query("SELECT id FROM attachments ORDER BY id")).isEqualTo("1,2,3");
    assertThat(plan.notes())
        .anySatisfy(note -> assertThat(note).contains("attachments", "[3]"))
        .anySatisfy(note -> assertThat(note).contains("users", "[2]"));
    lab.backup(1);
  }

  @Test
  void what_rows_that_stay_still_use_stays_with_all_below_it() {
    Lab lab = pictures();
    Label label = lab.backup(1);
    lab.execute(
        "INSERT INTO blobs VALUES (4, 'd'), (5, 'e')",
        "INSERT INTO pages VALUES (4, 4), (5, 5)",
        "INSERT INTO attachments VALUES (4, 'User', 1, 4), (5, 'Post', 1, 4), (6, 'User', 1, 5)");

    lab.restore(1, label, RestoreOptions.DEFAULT.rows("users", "1"));

    assertThat(lab.query("SELECT id FROM attachments ORDER BY id")).isEqualTo("1,2,3,5");
    assertThat(lab.query("SELECT id FROM blobs ORDER BY id")).isEqualTo("1,2,3,4");
    assertThat(lab.query("SELECT id FROM pages ORDER BY id")).isEqualTo("1,2,3,4");
  }

  @Test
  void rows_that_only_the_model_has_refer_stand_in_the_way_of_what_they_refer_to() {
    Lab lab = pictures();
    Label label = lab.backup(1);
    lab.execute(
        "INSERT INTO users VALUES (3, 1, 'new')",
        "INSERT INTO blobs VALUES (4, 'd')",
        "INSERT INTO attachments VALUES (4, 'User', 3, 4)");

    assertThat(lab.preview(1, label, DELETE.only("users")).conflicts())
        .singleElement()
        .asString()
        .contains("attachments", "[4]", "users");
  }

  @Test
  void rows_that_outlive_what_they_refer_to_do_not_hang_below_it() {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
            """
            CREATE TABLE tasks (id INTEGER PRIMARY KEY, tenant_id INTEGER, title TEXT,
              user_id INTEGER REFERENCES users ON DELETE SET NULL)""",
            "INSERT INTO tenants VALUES (1)",
            "INSERT INTO users VALUES (1, 1)",
            "INSERT INTO tasks VALUES (1, 1, 'old', 1)");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM users", "UPDATE tasks SET title = 'work of today'");

    lab.restore(1, label, RestoreOptions.DEFAULT.rows("users", "1"));

    assertThat(lab.query("SELECT count(*) FROM users")).isEqualTo("1");
    assertThat(lab.query("SELECT title FROM tasks")).isEqualTo("work of today");
  }

  @Test
  void keys_are_blobs_texts_with_slashes_and_of_several_columns_in_tables_of_odd_names() {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE \"an \"\"odd\"\" näme\" (\"the key\" BLOB PRIMARY KEY, tenant_id INTEGER) WITHOUT ROWID",
            "CREATE TABLE \"a.b\" (x TEXT COLLATE NOCASE, y, tenant_id INTEGER, \"v.w\" TEXT, PRIMARY KEY (x, y))",
            "INSERT INTO tenants VALUES (1)",
            "INSERT INTO \"an \"\"odd\"\" näme\" VALUES (x'00ff', 1), (x'01', 1)",
            "INSERT INTO \"a.b\" VALUES ('q/r', 1, 1, 'one'), ('q/r', '1', 1, 'two'), ('s', x'aa', 1, 'three')");
    Label label = lab.backup(1);
    lab.execute("DELETE FROM \"an \"\"odd\"\" näme\"", "DELETE FROM \"a.b\"");

    lab.restore(
        1,
        label,
        RestoreOptions.DEFAULT
            .rows("an \"odd\" NÄME".replace("NÄME", "näme"), "x'00FF'")
            .rows("a.b", "q\\/r/1", "s/AA"));

    assertThat(lab.query("SELECT hex(\"the key\") FROM \"an \"\"odd\"\" näme\"")).isEqualTo("00FF");
    assertThat(lab.query("SELECT \"v.w\" FROM \"a.b\" ORDER BY 1")).isEqualTo("one,three,two");
    lab.execute("UPDATE \"a.b\" SET \"v.w\" = 'lost'");
    lab.restore(1, label, RestoreOptions.DEFAULT.only("A.b.v.w"));
    assertThat(lab.query("SELECT \"v.w\" FROM \"a.b\" ORDER BY 1")).isEqualTo("one,three,two");
    assertThat(lab.query("SELECT count(*) FROM \"an \"\"odd\"\" näme\"")).isEqualTo("1");
  }

  @Test
  void rows_without_a_key_come_and_go_as_whole_rows() {
    Lab lab =
        Lab.with(
            folder,
            "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
            "CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER)",
            "CREATE TABLE events (user_id INTEGER REFERENCES users, what TEXT)",
            "INSERT INTO tenants VALUES (1)",
            "INSERT INTO users VALUES (1, 1), (2, 1)",
            "INSERT INTO events VALUES (1, 'a'), (1, 'a'), (1, 'b'), (2, 'c')");
    Label label = lab.backup(1);
    lab.execute(
        "DELETE FROM events WHERE what IN ('a', 'c')",
        "INSERT INTO events VALUES (1, 'a'), (1, 'new'), (2, 'newer')");

    lab.restore(1, label, CREATE.rows("users", "1"));
    assertThat(lab.query("SELECT what FROM events ORDER BY 1")).isEqualTo("a,a,b,new,newer");
    lab.restore(1, label, UPDATE);
    assertThat(lab.query("SELECT what FROM events ORDER BY 1")).isEqualTo("a,a,b,new,newer");
    lab.restore(1, label, DELETE.rows("users", "1"));
    assertThat(lab.query("SELECT what FROM events ORDER BY 1")).isEqualTo("a,a,b,newer");
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label, CREATE.rows("events", "1")))
        .withMessageContaining("events");
    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(1, label, UPDATE.only("events.what")));
  }

  @Test
  void a_row_chosen_by_its_key_that_is_new_goes_with_all_below_it() {
    Lab lab = shop();
    Label label = lab.backup(1);
    changeMuch(lab);

    lab.restore(1, label, RestoreOptions.DEFAULT.rows("customers", "20"));

    assertThat(lab.query("SELECT id FROM customers ORDER BY id")).isEqualTo("18,19,50");
    assertThat(lab.query("SELECT id FROM orders ORDER BY id")).isEqualTo("3,5,9");
    assertThat(lab.damage()).isEmpty();
  }

  @Test
  void only_the_named_tables_of_a_chosen_row_come() {
    Lab lab = shop();
    Label label = lab.backup(1);
    changeMuch(lab);

    lab.restore(1, label, CREATE.rows("customers", "17").only("orders"));

    assertThat(lab.query("SELECT id FROM customers ORDER BY id")).isEqualTo("17,18,19,20,50");
    assertThat(lab.query("SELECT id FROM orders ORDER BY id")).isEqualTo("1,2,3,5,8,9");
    assertThat(lab.query("SELECT count(*) FROM lines WHERE order_id < 3")).isEqualTo("0");
  }

  @Test
  void the_tenants_own_row_stands_for_all_of_it() {
    Lab lab = shop();
    Label label = lab.backup(1);
    Map<String, List<String>> then = lab.dump();
    changeMuch(lab);

    lab.restore(1, label, RestoreOptions.DEFAULT.rows("tenants", "1"));

    assertThat(lab.dump()).isEqualTo(then);
  }

  @Test
  void two_rows_of_which_one_comes_with_the_value_that_the_other_has_swap() {
    Lab lab = shop();
    Label label = lab.backup(1);
    lab.execute(
        "UPDATE customers SET email = 'tmp' WHERE id = 17",
        "UPDATE customers SET email = 'ann@x' WHERE id = 18",
        "UPDATE customers SET email = 'bob@x' WHERE id = 17");

    assertThat(lab.preview(1, label, UPDATE.rows("customers", "17")).conflicts()).hasSize(1);
    lab.restore(1, label, UPDATE.rows("customers", "17", "18").only("customers.email"));

    assertThat(lab.query("SELECT email FROM customers WHERE id < 19 ORDER BY id"))
        .isEqualTo("ann@x,bob@x");
  }
}
