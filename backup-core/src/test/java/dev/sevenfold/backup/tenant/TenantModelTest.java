package dev.sevenfold.backup.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.InvalidTenantModel;
import dev.sevenfold.backup.schema.DatabaseSchema;
import dev.sevenfold.backup.schema.DatabaseSchema.ForeignKey;
import dev.sevenfold.backup.schema.DatabaseSchema.Table;
import dev.sevenfold.backup.schema.DatabaseSchema.TableKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantModelTest {

  private static final Table TENANTS = table("tenants", List.of("id", "name"));
  private static final Table USERS =
      table("users", List.of("id", "tenant_id", "email"), key("tenant_id", "tenants"));
  private static final Table POSTS =
      table("posts", List.of("id", "user_id"), key("user_id", "users"));
  private static final Table COMMENTS =
      table(
          "comments",
          List.of("id", "post_id", "parent_id"),
          key("post_id", "posts"),
          key("parent_id", "comments"));

  @Test
  void explains_every_table_and_the_path_of_its_ownership() {
    Table notes = table("notes", List.of("id", "author_id"));
    Table taggings = table("taggings", List.of("id", "target_type", "target_id"));
    Table blobs = table("blobs", List.of("id", "key"));
    Table attachments = table("attachments", List.of("id", "tenant_id", "blob_id"));
    Table countries = table("countries", List.of("id"));
    Table search =
        new Table("search", TableKind.DERIVED, List.of(), List.of(), List.of(), List.of());

    String explained =
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .reference("notes", "author_id", "users", "id")
            .polymorphic("taggings", "target_type", "target_id", Map.of("Post", "posts"))
            .referencedBy("blobs", "attachments", "blob_id")
            .shared("countries")
            .ignored("queue_*")
            .build()
            .resolve(
                schema(
                    TENANTS,
                    USERS,
                    POSTS,
                    COMMENTS,
                    notes,
                    taggings,
                    blobs,
                    attachments,
                    countries,
                    search,
                    table("queue_jobs", List.of("id"))))
            .explain();

    assertThat(explained)
        .isEqualTo(
            """
            attachments  owned: column tenant_id
            blobs        owned: referenced by attachments(blob_id), attachments: column tenant_id
            comments     owned: post_id -> posts(id), posts: user_id -> users(id), users: column\
             tenant_id or parent_id -> comments(id)
            notes        owned: author_id -> users(id) (configured), users: column tenant_id
            posts        owned: user_id -> users(id), users: column tenant_id
            taggings     owned: target_id -> posts(id) where target_type = 'Post', posts: user_id\
             -> users(id), users: column tenant_id
            tenants      root, key id
            users        owned: column tenant_id
            countries    shared
            queue_jobs   ignored
            search       derived, never copied
            """);
  }

  @Test
  void an_unclaimed_table_is_named_with_what_the_schema_says_of_it() {
    assertThatExceptionOfType(BackupRefused.class)
        .isThrownBy(
            () ->
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .build()
                    .resolve(
                        schema(
                            TENANTS,
                            USERS,
                            table("schema_migrations", List.of("version")),
                            table("logins", List.of("id", "user_id")),
                            table("tags", List.of("id", "item_type", "item_id")),
                            table("solid_queue_jobs", List.of("id")),
                            table("currencies", List.of("code")))))
        .satisfies(
            refused ->
                assertThat(refused.reasons())
                    .containsExactly(
                        "table schema_migrations is claimed by nobody; by its well-known name it"
                            + " holds migrations that were run, and is shared",
                        "table logins is claimed by nobody; likely owned, through the undeclared"
                            + " reference user_id -> users",
                        "table tags is claimed by nobody; likely owned, polymorphic through"
                            + " item_type and item_id",
                        "table solid_queue_jobs is claimed by nobody; by its well-known name it"
                            + " holds a queue, and is ignored",
                        "table currencies is claimed by nobody; nothing in the schema says whose"
                            + " its rows are"))
        .withMessageContaining("tenant suggest");
  }

  @Test
  void names_are_compared_without_regard_to_case() {
    Ownership ownership =
        TenantModel.rootedAt("TENANTS")
            .column("Tenant_ID")
            .build()
            .resolve(schema(TENANTS, USERS, POSTS));

    assertThat(ownership.owned("Posts")).isPresent();
    assertThat(ownership.keyColumn()).isEqualTo("id");
  }

  @Test
  void a_table_cannot_be_shared_and_ignored() {
    assertInvalid(
        TenantModel.rootedAt("tenants").shared("users").ignored("u*"),
        "Table users is declared both shared and ignored");
  }

  @Test
  void a_name_that_is_not_there_is_an_error_with_those_that_are() {
    assertInvalid(TenantModel.rootedAt("customers"), "There is no table customers");
    assertInvalid(
        TenantModel.rootedAt("tenants").ownedByColumn("users", "owner"),
        "Table users has no column owner");
    assertInvalid(
        TenantModel.rootedAt("tenants").column("tenant_id").files(Path.of("x"), "users", "{nope}"),
        "Table users has no column nope");
  }

  @Test
  void shared_and_ignored_names_may_be_of_tables_that_are_not_there() {
    assertThat(
            TenantModel.rootedAt("tenants")
                .column("tenant_id")
                .shared("countries")
                .ignored("sessions")
                .build()
                .resolve(schema(TENANTS, USERS))
                .owned())
        .hasSize(2);
  }

  @Test
  void only_rows_of_owned_tables_may_be_nobodys() {
    assertInvalid(
        TenantModel.rootedAt("tenants").column("tenant_id").allowNobodys("Userz"),
        "There is no table Userz, declared as one whose rows may be nobody's");
    assertInvalid(
        TenantModel.rootedAt("tenants").ignored("users").allowNobodys("USERS"),
        "Rows of table users may be nobody's, which is not owned by tenants");

    TenantModel model =
        TenantModel.rootedAt("tenants").column("tenant_id").allowNobodys("USERS", "a*").build();

    assertThat(model.resolve(schema(TENANTS, USERS)).owned()).hasSize(2);
    assertThat(model.allowsNobodys("users")).isTrue();
    assertThat(model.allowsNobodys("audit_logs")).isTrue();
    assertThat(model.allowsNobodys("tenants")).isFalse();
  }

  @Test
  void only_rows_of_owned_tables_may_be_shared_by_a_value() {
    TenantModel.Builder users = TenantModel.rootedAt("tenants").column("tenant_id");
    assertInvalid(
        users.build().toBuilder().sharedRows("Userz", "tenant_id", 0),
        "There is no table Userz, declared as having rows that are shared");
    assertInvalid(
        users.build().toBuilder().sharedRows("USERS", "tenant", 0),
        "Table users has no column tenant, declared as saying which rows are shared");
    assertInvalid(
        users.build().toBuilder().sharedRows("Tenants", "id", 0),
        "Rows of the root table tenants are declared shared where id is 0");
    assertInvalid(
        TenantModel.rootedAt("tenants").ignored("users").sharedRows("users", "tenant_id", "all"),
        "Rows of table users are declared shared where tenant_id is 'all', and the table is not"
            + " owned by tenants");

    assertThat(
            users
                .sharedRows("USERS", "TENANT_ID", -1, 0L, -1, "all")
                .build()
                .resolve(schema(TENANTS, USERS))
                .explain())
        .contains("; everybody's where tenant_id is -1 or 0 or 'all'\n");
  }

  @Test
  void a_value_that_says_which_rows_are_shared_is_a_whole_number_or_a_text() {
    TenantModel.Builder model = TenantModel.rootedAt("tenants").column("tenant_id");

    assertThatExceptionOfType(InvalidTenantModel.class)
        .isThrownBy(() -> model.sharedRows("users", "tenant_id"))
        .withMessageContaining("users are declared shared by tenant_id, without a value");
    assertThatExceptionOfType(InvalidTenantModel.class)
        .isThrownBy(() -> model.sharedRows("users", "tenant_id", -1, 0.5))
        .withMessageContaining("users are declared shared where tenant_id is 0.5, a Double");
  }

  @Test
  void the_root_needs_one_key_column() {
    Table root =
        new Table(
            "t", TableKind.ORDINARY, List.of("a", "b"), List.of(), List.of("a", "b"), List.of());

    assertThatExceptionOfType(InvalidTenantModel.class)
        .isThrownBy(() -> TenantModel.rootedAt("t").build().resolve(schema(root)))
        .withMessageContaining("primary key [a, b]");
    assertThat(TenantModel.rootedAt("t").key("b").build().resolve(schema(root)).keyColumn())
        .isEqualTo("b");
  }

  @Test
  void a_ledger_of_erasures_must_not_be_restored_itself() {
    assertInvalid(
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .eraseOnRestore("users", "email", "users", "email"),
        "declared a ledger of erasures, and is owned by tenants");
  }

  @Test
  void a_deciding_reference_must_exist_and_be_needed() {
    assertInvalid(
        TenantModel.rootedAt("tenants").column("tenant_id").ownedThrough("users", "email"),
        "cannot be owned through email");
  }

  @Test
  void the_deciding_reference_is_the_only_claim() {
    Table likes =
        table(
            "likes",
            List.of("id", "post_id", "user_id"),
            key("post_id", "posts"),
            key("user_id", "users"));

    String explained =
        TenantModel.rootedAt("tenants")
            .column("tenant_id")
            .ownedThrough("likes", "user_id")
            .build()
            .resolve(schema(TENANTS, USERS, POSTS, likes))
            .explain();

    assertThat(explained)
        .contains("likes    owned: user_id -> users(id), users: column tenant_id\n");
  }

  @Test
  void a_chain_of_many_tables_is_explained_in_lines_that_a_person_can_read() {
    List<Table> tables = new ArrayList<>(List.of(TENANTS, USERS));
    for (int i = 0; i < 700; i++) {
      String parent = i == 0 ? "users" : "t" + (i - 1);
      tables.add(table("t" + i, List.of("id", "up"), key("up", parent)));
    }

    String explained = explained(tables);

    assertThat(explained)
        .contains(
            "t9       owned: up -> t8(id), t8: up -> t7(id), t7: up -> t6(id), t6: up -> t5(id),"
                + " t5: up -> t4(id), t4: up -> t3(id), t3: up -> t2(id), then as t2\n");
    assertThat(explained.lines()).hasSize(702).allMatch(line -> line.length() < 300);
  }

  @Test
  void tables_that_refer_to_each_other_in_many_ways_are_explained_in_few_words() {
    List<Table> tables = new ArrayList<>(List.of(TENANTS, USERS));
    for (int layer = 0; layer < 8; layer++) {
      for (int i = 0; i < 3; i++) {
        List<ForeignKey> keys = new ArrayList<>();
        for (int parent = 0; parent < 3; parent++) {
          keys.add(key("c" + parent, layer == 0 ? "users" : "l%d_%d".formatted(layer - 1, parent)));
        }
        tables.add(
            table(
                "l%d_%d".formatted(layer, i),
                List.of("id", "c0", "c1", "c2"),
                keys.toArray(ForeignKey[]::new)));
      }
    }

    assertThat(explained(tables))
        .hasSizeLessThan(20_000)
        .contains("l1_0     owned: c0 -> l0_0(id), l0_0: c0 -> users(id), users: column tenant_id");
  }

  private static String explained(List<Table> tables) {
    return TenantModel.rootedAt("tenants")
        .column("tenant_id")
        .build()
        .resolve(new DatabaseSchema(tables))
        .explain();
  }

  private static void assertInvalid(TenantModel.Builder model, String message) {
    assertThatExceptionOfType(InvalidTenantModel.class)
        .isThrownBy(() -> model.build().resolve(schema(TENANTS, USERS)))
        .withMessageContaining(message);
  }

  private static DatabaseSchema schema(Table... tables) {
    return new DatabaseSchema(List.of(tables));
  }

  private static Table table(String name, List<String> columns, ForeignKey... keys) {
    return new Table(
        name, TableKind.ORDINARY, columns, List.of(), List.of(columns.get(0)), List.of(keys));
  }

  private static ForeignKey key(String column, String parent) {
    return new ForeignKey(List.of(column), parent, List.of("id"));
  }
}
