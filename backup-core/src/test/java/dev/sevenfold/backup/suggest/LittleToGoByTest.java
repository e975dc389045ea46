package dev.sevenfold.backup.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.tenant.SuggestedModel;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns and tables whose names, or whose few rows, tell little. */
class LittleToGoByTest {

  /** Ten shops with 60 members each and 120 notes, of members one to one and in turn. */
  private static final String SHOPS =
      """
      CREATE TABLE n (i INTEGER PRIMARY KEY);
      INSERT INTO n WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 120) SELECT i FROM c;
      CREATE TABLE shops (id INTEGER PRIMARY KEY, name TEXT);
      CREATE TABLE users (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL);
      CREATE TABLE notes (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL);
      INSERT INTO shops SELECT i, 's' FROM n WHERE i <= 10;
      INSERT INTO users SELECT i, 1 + i % 10 FROM n WHERE i <= 60;
      INSERT INTO notes SELECT i, 1 + i % 10 FROM n;
      """;

  private static final String UUID = "printf('%d0000000-0000-4000-8000-%012d', ";

  @TempDir Path folder;

  private Path database(String... scripts) throws Exception {
    Path file = Files.createFile(folder.resolve("app.sqlite3"));
    execute(file, scripts);
    return file;
  }

  private static void execute(Path file, String... scripts) throws Exception {
    Suggesting.execute(file, scripts);
    Suggesting.execute(file, "DROP TABLE IF EXISTS n");
  }

  private static SuggestedModel ofShops(Path database) {
    return Suggesting.suggest(database, TenantModel.rootedAt("shops").column("shop_id").build());
  }

  private static boolean isComplete(Path database, TenantModel model) {
    try (SqliteTenantSource source = SqliteTenantSource.builder(database, model).build()) {
      return source.check(Progress.none()).isComplete();
    }
  }

  @Test
  void asks_nothing_of_kinds_beside_texts_that_are_keys_of_nothing() throws Exception {
    Path database =
        database(
            SHOPS,
            """
            CREATE TABLE devices (id INTEGER PRIMARY KEY, user_id INTEGER, device_type TEXT, device_id TEXT);
            INSERT INTO devices SELECT i, i, 'phone', 'd-' || i FROM n WHERE i <= 60;
            """);
    SuggestedModel suggested = ofShops(database);
    assertThat(suggested.yaml()).contains("{table: devices, references: {user_id: users.id}}");
    assertThat(suggested.questions()).isEmpty();
  }

  @Test
  void asks_about_kinds_beside_keys_until_the_model_says_that_they_are_none() throws Exception {
    Path database =
        database(
            SHOPS,
            """
            CREATE TABLE devices (id INTEGER PRIMARY KEY, user_id INTEGER, device_type TEXT, device_id INTEGER);
            INSERT INTO devices SELECT i, i, 'phone', 1 + i % 9 FROM n WHERE i <= 60;
            """);
    SuggestedModel suggested = ofShops(database);
    assertThat(suggested.questions())
        .containsExactly(
            "devices.device_type has types that are like no table: phone. Which tables do they"
                + " stand for? If for none, say not_references: [devices.device_id]");
    TenantModel said = suggested.model().toBuilder().notReferences("devices", "device_id").build();
    assertThat(Suggesting.suggest(database, said).isQuiet()).isTrue();
  }

  @Test
  void takes_a_column_beside_words_that_are_no_types_for_what_it_is_named() throws Exception {
    Path database =
        database(
            SHOPS,
            """
            CREATE TABLE duties (id INTEGER PRIMARY KEY, creator_id INTEGER NOT NULL, creator_type TEXT);
            INSERT INTO duties SELECT i, i, 'volunteer' FROM n WHERE i <= 60;
            """);
    assertThat(ofShops(database).yaml())
        .contains("{table: duties, references: {creator_id: users.id}}");
  }

  @Test
  void goes_by_types_where_a_column_is_named_for_one_of_them() throws Exception {
    Path database =
        database(
            SHOPS,
            """
            CREATE TABLE robots (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL);
            CREATE TABLE logins (id INTEGER PRIMARY KEY, user_type TEXT, user_id INTEGER);
            INSERT INTO robots SELECT i, 1 + (i + 5) % 10 FROM n WHERE i <= 60;
            INSERT INTO logins SELECT i, CASE WHEN i % 3 = 0 THEN 'Robot' ELSE 'User' END, i FROM n WHERE i <= 60;
            """);
    SuggestedModel suggested = ofShops(database);
    assertThat(suggested.yaml())
        .contains(
            "{table: logins, polymorphic: {type: user_type, id: user_id, targets: {Robot: robots, User: users}}}")
        .doesNotContain("references: {user_id");
    assertThat(suggested.questions()).isEmpty();
    assertThat(isComplete(database, suggested.model())).isTrue();
  }

  /** Guests of parts that only the rows of trips name; some were made by nobody in particular. */
  private static final String PARTS_OF_TRIPS =
      """
      CREATE TABLE trips (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL, fare_part_id INTEGER);
      CREATE TABLE fare_parts (id INTEGER PRIMARY KEY, label TEXT);
      INSERT INTO trips SELECT i, 1 + (i + 3) % 10, i FROM n WHERE i <= 60;
      INSERT INTO fare_parts SELECT i, 'p' FROM n WHERE i <= 60;
      """;

  private static final String GUESTS =
      """
      INSERT INTO guests SELECT i, i, CASE WHEN i % 4 > 0
        THEN (SELECT id FROM users WHERE shop_id = 1 + (i + 3) % 10 ORDER BY id DESC LIMIT 1) END
      FROM n WHERE i <= 60;
      """;

  @Test
  void a_column_with_nulls_waits_for_a_required_one_that_leads_to_what_is_not_known_yet()
      throws Exception {
    Path database =
        database(
            SHOPS,
            PARTS_OF_TRIPS,
            "CREATE TABLE guests (id INTEGER PRIMARY KEY, fare_part_id INTEGER NOT NULL, created_by INTEGER);\n",
            GUESTS);
    SuggestedModel suggested = ofShops(database);
    assertThat(suggested.yaml())
        .contains("{table: guests, references: {fare_part_id: fare_parts.id}}");
    assertThat(isComplete(database, suggested.model())).isTrue();
  }

  @Test
  void a_column_with_nulls_waits_for_a_required_foreign_key_to_what_is_not_known_yet()
      throws Exception {
    Path database =
        database(
            SHOPS,
            PARTS_OF_TRIPS,
            "CREATE TABLE guests (id INTEGER PRIMARY KEY, part INTEGER NOT NULL REFERENCES fare_parts, created_by INTEGER);\n",
            GUESTS);
    assertThat(isComplete(database, ofShops(database).model())).isTrue();
  }

  @Test
  void a_column_with_nulls_waits_though_its_values_are_too_long_to_be_found_by_chance()
      throws Exception {
    Path database =
        database(
            SHOPS,
            PARTS_OF_TRIPS,
            """
            CREATE TABLE people (id TEXT PRIMARY KEY, shop_id INTEGER NOT NULL);
            CREATE TABLE guests (id INTEGER PRIMARY KEY, fare_part_id INTEGER NOT NULL, created_by TEXT);
            INSERT INTO people SELECT printf('%032d', i * i), 1 + (i + 3) % 10 FROM n WHERE i <= 60;
            INSERT INTO guests SELECT i, i, CASE WHEN i % 4 > 0 THEN printf('%032d', i * i) END FROM n WHERE i <= 60;
            """);
    assertThat(isComplete(database, ofShops(database).model())).isTrue();
  }

  @Test
  void a_column_with_nulls_is_taken_where_what_a_required_one_leads_to_stays_unknown()
      throws Exception {
    Path database =
        database(
            SHOPS,
            """
            CREATE TABLE fare_parts (id INTEGER PRIMARY KEY, label TEXT);
            CREATE TABLE guests (id INTEGER PRIMARY KEY, fare_part_id INTEGER NOT NULL, created_by INTEGER);
            INSERT INTO fare_parts SELECT i, 'p' FROM n WHERE i <= 9;
            INSERT INTO guests SELECT i, 1 + i % 9, CASE WHEN i <= 55 THEN i END FROM n WHERE i <= 60;
            """);
    assertThat(ofShops(database).yaml())
        .contains("{table: guests, references: {created_by: users.id}}");
  }

  @Test
  void asks_about_rows_that_each_one_tenant_alone_names_where_most_are_named_by_nobody()
      throws Exception {
    Path database =
        database(
            SHOPS,
            """
            CREATE TABLE bonuses (id INTEGER PRIMARY KEY, label TEXT);
            CREATE TABLE sales (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL, bonus_id INTEGER);
            INSERT INTO bonuses SELECT i, 'b' FROM n WHERE i <= 27;
            INSERT INTO sales SELECT i, 1 + (i + 3) % 10, CASE WHEN i <= 11 THEN i END FROM n WHERE i <= 60;
            """);
    assertThat(ofShops(database).questions())
        .singleElement()
        .asString()
        .startsWith("Is bonuses shared? 11 of 27 rows are named by one tenant alone");
  }

  @Test
  void claims_an_empty_table_by_the_types_of_others_so_that_no_row_is_left_out_later()
      throws Exception {
    Path database =
        database(
            SHOPS,
            """
            CREATE TABLE taggings (id INTEGER PRIMARY KEY, taggable_type TEXT, taggable_id INTEGER);
            CREATE TABLE likes (id INTEGER PRIMARY KEY, likeable_type TEXT, likeable_id INTEGER);
            CREATE TABLE grants (id INTEGER PRIMARY KEY, resource_owner_id INTEGER);
            CREATE TABLE things (id INTEGER PRIMARY KEY, label TEXT);
            INSERT INTO taggings SELECT i, 'Note', i FROM n;
            """);
    SuggestedModel suggested = ofShops(database);
    assertThat(suggested.yaml())
        .contains(
            "{table: likes, polymorphic: {type: likeable_type, id: likeable_id, targets: {Note: notes}}}  # empty: ",
            "{table: grants, references: {resource_owner_id: users.id}}  # no values to look at",
            "- things  # empty: nothing to go by");
    assertThat(Suggesting.suggest(database, suggested.model()).isQuiet()).isTrue();

    execute(
        database,
        "INSERT INTO likes SELECT id, CASE WHEN id % 2 = 0 THEN 'User' ELSE 'Note' END, id FROM users");
    SuggestedModel later = Suggesting.suggest(database, suggested.model());
    assertThat(later.yaml())
        .contains(
            "{table: likes, polymorphic: {type: likeable_type, id: likeable_id, targets: {User: users}}}");
    assertThat(isComplete(database, later.model())).isTrue();
    assertThat(Suggesting.suggest(database, later.model()).isQuiet()).isTrue();
  }

  @Test
  void asks_about_an_empty_table_with_a_type_where_no_type_is_known() throws Exception {
    Path database =
        database(
            SHOPS,
            """
            CREATE TABLE likes (id INTEGER PRIMARY KEY, likeable_type TEXT, likeable_id INTEGER);
            """);
    SuggestedModel suggested = ofShops(database);
    assertThat(suggested.questions())
        .containsExactly(
            "likes is empty, and has a type and an id, likeable_type and likeable_id. Whose will"
                + " its rows be? What is shared is in no backup");
    assertThat(Suggesting.suggest(database, suggested.model()).isQuiet()).isTrue();
  }

  @Test
  void asks_before_it_calls_a_table_shared_whose_ids_are_keys_of_several() throws Exception {
    Path database =
        database(
            SHOPS,
            """
            CREATE TABLE visits (id INTEGER PRIMARY KEY, thing_id INTEGER, score INTEGER);
            INSERT INTO visits SELECT i, 1 + (7 * i) % 60, 1 + i % 5 FROM n;
            """);
    SuggestedModel suggested = ofShops(database);
    assertThat(suggested.yaml()).contains("- visits  # ");
    assertThat(suggested.questions())
        .containsExactly(
            "Does visits.thing_id lead to notes, users? All of its values are found there, as small"
                + " numbers often are; shared, these 120 rows are in no archive");
    TenantModel said =
        TenantModel.rootedAt("shops")
            .column("shop_id")
            .reference("visits", "thing_id", "users", "id")
            .build();
    assertThat(Suggesting.suggest(database, said).isQuiet()).isTrue();
  }

  @Test
  void follows_long_keys_whatever_their_column_is_called() throws Exception {
    Path database =
        database(
            SHOPS,
            """
            CREATE TABLE people (id TEXT PRIMARY KEY, shop_id INTEGER NOT NULL);
            CREATE TABLE visits (id INTEGER PRIMARY KEY, done_at_id TEXT, seen_at_id TEXT);
            CREATE TABLE letters (id INTEGER PRIMARY KEY, recipient_type TEXT, recipient_id TEXT);
            INSERT INTO people SELECT %s1, i), 1 + i %% 10 FROM n;
            INSERT INTO visits SELECT i, %s1, i), %s1, 1 + i %% 60) FROM n;
            """
                .formatted(UUID, UUID, UUID));
    SuggestedModel suggested = ofShops(database);
    assertThat(suggested.yaml())
        .contains(
            "{table: visits, references: {done_at_id: people.id}}",
            "{table: visits, references: {seen_at_id: people.id}}",
            "{table: visits, through: ")
        .doesNotContain("recipient_type: ");
  }

  @Test
  void takes_few_values_that_are_all_the_own_tenants_for_more_than_chance() throws Exception {
    Path database =
        database(
            SHOPS,
            """
            CREATE TABLE transfers (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL, from_id INTEGER, level INTEGER);
            INSERT INTO transfers SELECT i, 1 + i % 10, 10 + i, i % 3 FROM n WHERE i <= 15;
            DELETE FROM notes WHERE id <= 40;
            """);
    assertThat(ofShops(database).yaml())
        .contains("{table: transfers, references: {from_id: users.id}}")
        .doesNotContain("level");
  }

  @Test
  void delegates_rows_that_nothing_but_their_other_half_always_leads_to() throws Exception {
    Path database =
        database(
            SHOPS,
            """
            CREATE TABLE categories (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL);
            CREATE TABLE entries (id INTEGER PRIMARY KEY, note_id INTEGER NOT NULL, entryable_type TEXT, entryable_id INTEGER);
            CREATE TABLE payments (id INTEGER PRIMARY KEY, category_id INTEGER);
            INSERT INTO categories SELECT i, 1 + i % 10 FROM n;
            INSERT INTO entries SELECT i, i, 'Payment', i FROM n;
            INSERT INTO payments SELECT i, CASE WHEN i % 3 > 0 THEN i END FROM n;
            """);
    SuggestedModel suggested = ofShops(database);
    assertThat(suggested.yaml())
        .contains(
            "{table: entries, delegated: {type: entryable_type, id: entryable_id, targets: {Payment: payments}}}",
            "{table: payments, references: {category_id: categories.id}}");
    assertThat(suggested.questions()).isEmpty();
    assertThat(isComplete(database, suggested.model())).isTrue();
    assertThat(Suggesting.suggest(database, suggested.model()).isQuiet()).isTrue();
  }

  @Test
  void guesses_whose_a_table_is_only_once_names_tell_no_more() throws Exception {
    Path database =
        database(
            SHOPS,
            """
            CREATE TABLE cycles (id INTEGER PRIMARY KEY, run_at_id INTEGER);
            CREATE TABLE cycle_steps (id INTEGER PRIMARY KEY, cycle_id INTEGER, other_id INTEGER);
            INSERT INTO cycles SELECT i, 1 + i % 10 FROM n;
            INSERT INTO cycle_steps SELECT i, i, 1 + i % 9 FROM n WHERE i <= 40;
            """);
    SuggestedModel suggested =
        Suggesting.suggest(database, TenantModel.rootedAt("shops").column("shop_id").build());
    assertThat(suggested.yaml())
        .contains(
            "{table: cycles, references: {run_at_id: shops.id}}",
            "{table: cycle_steps, references: {cycle_id: cycles.id}}")
        .doesNotContain("other_id");
    assertThat(suggested.questions())
        .containsExactly(
            "Is cycles.run_at_id a key of shops? Its values are, and nothing else says so");
  }

  @Test
  void asks_about_a_reference_that_mostly_leads_to_the_own_tenant() throws Exception {
    Path database =
        database(
            SHOPS,
            """
            CREATE TABLE relations (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL, far_id INTEGER NOT NULL);
            DELETE FROM notes WHERE id <= 60;
            INSERT INTO relations SELECT 1000 + i, 1 + i % 10, CASE WHEN i % 4 = 0 THEN 1 + (7 * i) % 60 ELSE 1 + (i - 1) % 60 END FROM n;
            """);
    SuggestedModel suggested = ofShops(database);
    assertThat(suggested.yaml()).contains("{table: relations, references: {far_id: users.id}}");
    assertThat(suggested.questions())
        .singleElement()
        .asString()
        .startsWith("relations.far_id leads to other tenants' rows of users with ");
    assertThat(isComplete(database, suggested.model())).isTrue();
    assertThat(Suggesting.suggest(database, suggested.model()).isQuiet()).isTrue();
  }

  @Test
  void proposes_other_values_for_what_is_unique_by_an_expression_too() throws Exception {
    Path database =
        database(
            SHOPS,
            """
            CREATE TABLE members (id INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL, email TEXT, slug TEXT);
            CREATE UNIQUE INDEX members_email ON members (lower(email));
            CREATE UNIQUE INDEX members_slug ON members (shop_id, lower(slug));
            INSERT INTO members SELECT i, 1 + i % 10, 'M' || i || '@example.com', 's' || i FROM n;
            """);
    assertThat(ofShops(database).yaml())
        .contains("{column: members.email, tag: copy}")
        .doesNotContain("members.slug");
  }
}
