package dev.sevenfold.backup.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.source.Progress;
import dev.sevenfold.backup.source.TenantSnapshot;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.tenant.SuggestedModel;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuggestedModelTest {

  @TempDir Path folder;

  private Path database(String... scripts) throws Exception {
    Path file = Files.createFile(folder.resolve("app.sqlite3"));
    Suggesting.execute(file, scripts);
    return file;
  }

  private SuggestedModel suggest(Path database, TenantModel model) {
    return Suggesting.suggest(database, model, folder);
  }

  private SuggestedModel complete(Path database, TenantModel model) {
    return Suggesting.complete(database, model, folder);
  }

  /** In the manner of Rails: no foreign keys, integer ids that match everywhere. */
  private static final String RAILS =
      """
      CREATE TABLE schema_migrations (version TEXT PRIMARY KEY);
      CREATE TABLE ar_internal_metadata (key TEXT PRIMARY KEY, value TEXT);
      CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT, plan_id INTEGER);
      CREATE TABLE plans (id INTEGER PRIMARY KEY, name TEXT);
      CREATE TABLE users (id INTEGER PRIMARY KEY, account_id INTEGER, email TEXT, api_token TEXT, manager_id INTEGER, type TEXT);
      CREATE UNIQUE INDEX users_email ON users (email);
      CREATE UNIQUE INDEX users_token ON users (api_token);
      CREATE TABLE boards (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, name TEXT, creator_id INTEGER, position INTEGER);
      CREATE TABLE cards (id INTEGER PRIMARY KEY, board_id INTEGER, title TEXT, creator_id INTEGER, default_assigned_user_id INTEGER, parent_id INTEGER, position INTEGER);
      CREATE TABLE comments (id INTEGER PRIMARY KEY, card_id INTEGER, author_id INTEGER);
      CREATE TABLE tags (id INTEGER PRIMARY KEY, title TEXT);
      CREATE TABLE taggings (id INTEGER PRIMARY KEY, tag_id INTEGER, taggable_type TEXT, taggable_id INTEGER);
      CREATE TABLE active_storage_blobs (id INTEGER PRIMARY KEY, key TEXT NOT NULL, filename TEXT);
      CREATE UNIQUE INDEX blobs_key ON active_storage_blobs (key);
      CREATE TABLE active_storage_attachments (id INTEGER PRIMARY KEY, name TEXT, record_type TEXT, record_id INTEGER, blob_id INTEGER);
      CREATE TABLE active_storage_variant_records (id INTEGER PRIMARY KEY, blob_id INTEGER, variation_digest TEXT);
      CREATE TABLE action_text_rich_texts (id INTEGER PRIMARY KEY, name TEXT, body TEXT, record_type TEXT, record_id INTEGER);
      CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER, ip_address TEXT, user_agent TEXT);
      CREATE TABLE training_sessions (id INTEGER PRIMARY KEY, board_id INTEGER, starts_at TEXT);
      CREATE TABLE solid_queue_jobs (id INTEGER PRIMARY KEY, queue_name TEXT);
      CREATE TABLE solid_queue_ready_executions (id INTEGER PRIMARY KEY, job_id INTEGER);
      CREATE TABLE countries (id INTEGER PRIMARY KEY, code TEXT);
      CREATE TABLE addresses (id INTEGER PRIMARY KEY, user_id INTEGER, country_id INTEGER);
      CREATE TABLE webhooks (id INTEGER PRIMARY KEY, account_id INTEGER, url TEXT);
      CREATE TABLE seldom_used_things (id INTEGER PRIMARY KEY, label TEXT);
      CREATE TABLE n (i INTEGER PRIMARY KEY);
      INSERT INTO n WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 200) SELECT i FROM c;
      INSERT INTO plans VALUES (1, 'free'), (2, 'paid');
      INSERT INTO accounts SELECT i, 'a' || i, 1 + i % 2 FROM n WHERE i <= 10;
      INSERT INTO users SELECT i, 1 + i % 10, 'u' || i || '@example.com', lower(hex(randomblob(12))), CASE WHEN i > 10 THEN i - 10 END, CASE WHEN i % 3 = 0 THEN 'Admin' END FROM n WHERE i <= 60;
      INSERT INTO boards SELECT i, 1 + i % 10, 'b' || i, i, i / 10 FROM n WHERE i <= 40;
      INSERT INTO cards SELECT i, 1 + (i - 1) % 40, 'c' || i, 1 + (i - 1) % 40, CASE WHEN i % 2 = 0 THEN 1 + (i - 1) % 20 END, CASE WHEN i > 40 THEN i - 40 END, i % 7 FROM n;
      INSERT INTO comments SELECT i, i, 1 + (i - 1) % 20 FROM n WHERE i <= 150;
      INSERT INTO tags SELECT i, 't' || i FROM n WHERE i <= 30;
      INSERT INTO taggings SELECT i, 1 + (i - 1) % 30, 'Card', i FROM n WHERE i <= 60;
      INSERT INTO taggings SELECT 100 + i, 1 + (i - 1) % 30, 'Board', i FROM n WHERE i <= 30;
      INSERT INTO active_storage_blobs SELECT i, lower(hex(randomblob(14))), 'f' FROM n WHERE i <= 50;
      INSERT INTO active_storage_attachments SELECT i, 'image', 'Card', i, i FROM n WHERE i <= 25;
      INSERT INTO active_storage_attachments SELECT 50 + i, 'avatar', 'Admin', 3 * i, i + 25 FROM n WHERE i <= 20;
      INSERT INTO active_storage_attachments SELECT 80 + i, 'image', 'ActiveStorage::VariantRecord', i, i + 45 FROM n WHERE i <= 5;
      INSERT INTO active_storage_variant_records SELECT i, i, 'v' FROM n WHERE i <= 5;
      INSERT INTO action_text_rich_texts SELECT i, 'body', 'x', 'Card', i FROM n WHERE i <= 100;
      INSERT INTO sessions SELECT i, i, '127.0.0.1', 'x' FROM n WHERE i <= 30;
      INSERT INTO training_sessions SELECT i, i, 'x' FROM n WHERE i <= 30;
      INSERT INTO solid_queue_jobs SELECT i, 'x' FROM n WHERE i <= 30;
      INSERT INTO solid_queue_ready_executions SELECT i, i FROM n WHERE i <= 30;
      INSERT INTO countries SELECT i, 'c' || i FROM n WHERE i <= 50;
      INSERT INTO addresses SELECT i, i, 1 + i % 7 FROM n WHERE i <= 60;
      INSERT INTO schema_migrations VALUES ('1');
      DROP TABLE n;
      """;

  @Test
  void proposes_a_model_for_a_schema_in_the_manner_of_rails() throws Exception {
    assertThat(complete(database(RAILS), TenantModel.rootedAt("accounts").build()).yaml())
        .contains(
            "column: account_id",
            "{table: cards, references: {board_id: boards.id}}",
            "{table: comments, references: {card_id: cards.id}}",
            "{table: training_sessions, references: {board_id: boards.id}}",
            "{table: action_text_rich_texts, polymorphic: {type: record_type, id: record_id, targets: {Card: cards}}}",
            "targets: {\"ActiveStorage::VariantRecord\": active_storage_variant_records, Admin: users, Card: cards}}}",
            "targets: {Board: boards, Card: cards}}}  # Board: 30 of 30 values found; Card: 60 of 60 values found",
            "{table: cards, references: {creator_id: users.id}}  # 40 of 40 values found, all in the row's own tenant",
            "{table: cards, references: {default_assigned_user_id: users.id}}",
            "{table: cards, references: {parent_id: cards.id}}",
            "{table: comments, references: {author_id: users.id}}",
            "{table: users, references: {manager_id: users.id}}",
            "{table: active_storage_blobs, referenced_by: active_storage_attachments.blob_id}",
            "{table: active_storage_variant_records, references: {blob_id: active_storage_blobs.id}}",
            "{table: tags, referenced_by: taggings.tag_id}",
            "- schema_migrations  # migrations",
            "- plans  # 0 of 2 rows are named by one tenant alone, 2 by several, in accounts.plan_id",
            "- countries  # ",
            "- seldom_used_things  # empty: nothing to go by",
            "- \"solid_queue_*\"  # a queue",
            "- sessions  # sessions",
            "{column: users.api_token, becomes: random}",
            "{column: users.email, tag: copy}");
  }

  /** In the manner of Laravel: UUIDs, class names with a namespace, sessions and jobs. */
  private static final String LARAVEL =
      """
      CREATE TABLE migrations (id INTEGER PRIMARY KEY, migration TEXT, batch INTEGER);
      CREATE TABLE teams (id TEXT PRIMARY KEY, name TEXT);
      CREATE TABLE users (id TEXT PRIMARY KEY, current_team_id TEXT, email TEXT UNIQUE);
      CREATE TABLE team_user (id INTEGER PRIMARY KEY, team_id TEXT, user_id TEXT);
      CREATE TABLE projects (id TEXT PRIMARY KEY, team_id TEXT NOT NULL, slug TEXT UNIQUE);
      CREATE TABLE tasks (id TEXT PRIMARY KEY, project_id TEXT, created_by TEXT);
      CREATE TABLE comments (id TEXT PRIMARY KEY, commentable_type TEXT, commentable_id TEXT, user_id TEXT);
      CREATE TABLE personal_access_tokens (id INTEGER PRIMARY KEY, tokenable_type TEXT, tokenable_id TEXT, token TEXT UNIQUE);
      CREATE TABLE jobs (id INTEGER PRIMARY KEY, queue TEXT, payload TEXT);
      CREATE TABLE sessions (id TEXT PRIMARY KEY, user_id TEXT, payload TEXT);
      CREATE TABLE cache (key TEXT PRIMARY KEY, value TEXT);
      CREATE TABLE n (i INTEGER PRIMARY KEY);
      INSERT INTO n WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 60) SELECT i FROM c;
      INSERT INTO teams SELECT printf('00000000-0000-4000-8000-%012d', i), 't' FROM n WHERE i <= 6;
      INSERT INTO users SELECT printf('10000000-0000-4000-8000-%012d', i), printf('00000000-0000-4000-8000-%012d', 1 + i % 6), i || '@x.y' FROM n;
      INSERT INTO team_user SELECT i, printf('00000000-0000-4000-8000-%012d', 1 + i % 6), printf('10000000-0000-4000-8000-%012d', i) FROM n;
      INSERT INTO projects SELECT printf('20000000-0000-4000-8000-%012d', i), printf('00000000-0000-4000-8000-%012d', 1 + i % 6), 'slug' || i FROM n WHERE i <= 30;
      INSERT INTO tasks SELECT printf('30000000-0000-4000-8000-%012d', i), printf('20000000-0000-4000-8000-%012d', 1 + (i - 1) % 30), printf('10000000-0000-4000-8000-%012d', i) FROM n;
      INSERT INTO comments SELECT printf('40000000-0000-4000-8000-%012d', i), 'App\\Models\\Task', printf('30000000-0000-4000-8000-%012d', i), printf('10000000-0000-4000-8000-%012d', i) FROM n WHERE i <= 30;
      INSERT INTO comments SELECT printf('50000000-0000-4000-8000-%012d', i), 'App\\Models\\Project', printf('20000000-0000-4000-8000-%012d', i), printf('10000000-0000-4000-8000-%012d', i) FROM n WHERE i <= 30;
      INSERT INTO personal_access_tokens SELECT i, 'App\\Models\\User', printf('10000000-0000-4000-8000-%012d', i), lower(hex(randomblob(32))) FROM n;
      INSERT INTO jobs SELECT i, 'default', '{}' FROM n;
      INSERT INTO sessions SELECT 's' || i, printf('10000000-0000-4000-8000-%012d', i), 'x' FROM n;
      DROP TABLE n;
      """;

  @Test
  void proposes_a_model_for_a_schema_in_the_manner_of_laravel() throws Exception {
    assertThat(complete(database(LARAVEL), TenantModel.rootedAt("teams").build()).yaml())
        .contains(
            "column: team_id",
            "{table: tasks, references: {project_id: projects.id}}",
            "{table: tasks, references: {created_by: users.id}}",
            "{table: team_user, references: {user_id: users.id}}",
            "targets: {\"App\\\\Models\\\\Project\": projects, \"App\\\\Models\\\\Task\": tasks}}}",
            "{table: personal_access_tokens, polymorphic: {type: tokenable_type, id: tokenable_id, targets: {\"App\\\\Models\\\\User\": users}}}",
            "- jobs  # a queue",
            "- cache  # a cache",
            "- sessions  # sessions",
            "- migrations  #");
  }

  /** In the manner of Django: types are numbers, tables have the name of their application. */
  private static final String DJANGO =
      """
      CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app TEXT, name TEXT);
      CREATE TABLE django_content_type (id INTEGER PRIMARY KEY, app_label TEXT, model TEXT);
      CREATE TABLE auth_permission (id INTEGER PRIMARY KEY, content_type_id INTEGER REFERENCES django_content_type (id), codename TEXT);
      CREATE TABLE auth_user (id INTEGER PRIMARY KEY, username TEXT UNIQUE, company_id INTEGER REFERENCES shop_company (id));
      CREATE TABLE auth_user_user_permissions (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES auth_user (id), permission_id INTEGER REFERENCES auth_permission (id));
      CREATE TABLE django_session (session_key TEXT PRIMARY KEY, session_data TEXT);
      CREATE TABLE django_admin_log (id INTEGER PRIMARY KEY, object_id TEXT, content_type_id INTEGER REFERENCES django_content_type (id), user_id INTEGER REFERENCES auth_user (id));
      CREATE TABLE shop_company (id INTEGER PRIMARY KEY, name TEXT);
      CREATE TABLE shop_order (id INTEGER PRIMARY KEY, company_id INTEGER REFERENCES shop_company (id), seller_id INTEGER);
      CREATE TABLE shop_orderitem (id INTEGER PRIMARY KEY, order_id INTEGER, amount INTEGER);
      CREATE TABLE notes_note (id INTEGER PRIMARY KEY, content_type_id INTEGER REFERENCES django_content_type (id), object_id INTEGER, body TEXT);
      CREATE TABLE n (i INTEGER PRIMARY KEY);
      INSERT INTO n WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 90) SELECT i FROM c;
      INSERT INTO django_content_type VALUES (1, 'auth', 'user'), (2, 'shop', 'order'), (3, 'shop', 'orderitem'), (4, 'notes', 'note');
      INSERT INTO auth_permission SELECT i, 1 + i % 4, 'p' || i FROM n WHERE i <= 16;
      INSERT INTO shop_company SELECT i, 'c' FROM n WHERE i <= 9;
      INSERT INTO auth_user SELECT i, 'u' || i, 1 + i % 9 FROM n WHERE i <= 50;
      INSERT INTO auth_user_user_permissions SELECT i, i, 1 + i % 16 FROM n WHERE i <= 50;
      INSERT INTO shop_order SELECT i, 1 + i % 9, 1 + (i - 1) % 45 FROM n;
      INSERT INTO shop_orderitem SELECT i, i, i FROM n;
      INSERT INTO django_admin_log SELECT i, i, 2, 1 + (i - 1) % 45 FROM n;
      INSERT INTO notes_note SELECT i, 2, i, 'x' FROM n WHERE i <= 40;
      INSERT INTO notes_note SELECT 100 + i, 3, i, 'x' FROM n WHERE i <= 40;
      DROP TABLE n;
      """;

  @Test
  void proposes_a_model_for_a_schema_in_the_manner_of_django() throws Exception {
    assertThat(complete(database(DJANGO), TenantModel.rootedAt("shop_company").build()).yaml())
        .contains(
            "{table: shop_orderitem, references: {order_id: shop_order.id}}",
            "{table: shop_order, references: {seller_id: auth_user.id}}",
            "{table: notes_note, polymorphic: {type: content_type_id, id: object_id, targets: {\"2\": shop_order, \"3\": shop_orderitem}}}  # 2(shop.order): 40",
            "- auth_permission  # 0 of 16",
            "- django_content_type  #",
            "- django_session  #");
  }

  /** Chinook, without its foreign keys: names in capitals, keys that are named for their tables. */
  private static final String CHINOOK =
      """
      CREATE TABLE Store (StoreId INTEGER PRIMARY KEY, Name TEXT);
      CREATE TABLE Employee (EmployeeId INTEGER PRIMARY KEY, StoreId INTEGER, ReportsTo INTEGER);
      CREATE TABLE Customer (CustomerId INTEGER PRIMARY KEY, Email TEXT, SupportRepId INTEGER);
      CREATE TABLE Invoice (InvoiceId INTEGER PRIMARY KEY, CustomerId INTEGER, Total REAL);
      CREATE TABLE InvoiceLine (InvoiceLineId INTEGER PRIMARY KEY, InvoiceId INTEGER, TrackId INTEGER);
      CREATE TABLE Track (TrackId INTEGER PRIMARY KEY, AlbumId INTEGER, GenreId INTEGER, Milliseconds INTEGER);
      CREATE TABLE Album (AlbumId INTEGER PRIMARY KEY, ArtistId INTEGER);
      CREATE TABLE Artist (ArtistId INTEGER PRIMARY KEY, Name TEXT);
      CREATE TABLE Genre (GenreId INTEGER PRIMARY KEY, Name TEXT);
      CREATE TABLE Playlist (PlaylistId INTEGER PRIMARY KEY, Name TEXT);
      CREATE TABLE PlaylistTrack (PlaylistId INTEGER, TrackId INTEGER, PRIMARY KEY (PlaylistId, TrackId));
      CREATE TABLE n (i INTEGER PRIMARY KEY);
      INSERT INTO n WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 300) SELECT i FROM c;
      INSERT INTO Store SELECT i, 's' FROM n WHERE i <= 4;
      INSERT INTO Employee SELECT i, 1 + i % 4, CASE WHEN i > 4 THEN i - 4 END FROM n WHERE i <= 40;
      INSERT INTO Customer SELECT i, i || '@x.y', 1 + i % 40 FROM n WHERE i <= 80;
      INSERT INTO Invoice SELECT i, 1 + i % 80, i FROM n WHERE i <= 200;
      INSERT INTO InvoiceLine SELECT i, 1 + i % 200, 1 + (i * i + i / 3) % 50 FROM n;
      UPDATE Track SET GenreId = 1;
      INSERT INTO Track SELECT i, 1 + i % 20, 1 + i % 5, i * 1000 FROM n WHERE i <= 100;
      INSERT INTO Album SELECT i, 1 + i % 8 FROM n WHERE i <= 20;
      INSERT INTO Artist SELECT i, 'a' FROM n WHERE i <= 8;
      INSERT INTO Genre SELECT i, 'g' FROM n WHERE i <= 5;
      INSERT INTO Playlist SELECT i, 'p' FROM n WHERE i <= 3;
      INSERT INTO PlaylistTrack SELECT 1 + i % 3, i FROM n WHERE i <= 100;
      DROP TABLE n;
      """;

  @Test
  void proposes_a_model_for_chinook_without_its_foreign_keys() throws Exception {
    assertThat(complete(database(CHINOOK), TenantModel.rootedAt("Store").build()).yaml())
        .contains(
            "{table: Customer, references: {SupportRepId: Employee.EmployeeId}}",
            "{table: Employee, references: {ReportsTo: Employee.EmployeeId}}",
            "{table: Invoice, references: {CustomerId: Customer.CustomerId}}",
            "{table: InvoiceLine, references: {InvoiceId: Invoice.InvoiceId}}",
            "- Track  # 0 of 100 rows are named by one tenant alone");
  }

  private static final String TWO =
      """
      CREATE TABLE tenants (id INTEGER PRIMARY KEY);
      CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER);
      CREATE TABLE n (i INTEGER PRIMARY KEY);
      INSERT INTO n WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 100) SELECT i FROM c;
      INSERT INTO tenants SELECT i FROM n WHERE i <= 4;
      INSERT INTO users SELECT i, 1 + i % 4 FROM n WHERE i <= 40;
      """;

  private final TenantModel tenants =
      TenantModel.rootedAt("tenants").column("tenant_id").ignored("n").build();

  @Test
  void values_of_rows_that_are_gone_are_counted() throws Exception {
    Path database =
        database(
            TWO,
            """
            CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, user_id INTEGER);
            INSERT INTO notes SELECT i, 1 + i % 4, i FROM n WHERE i <= 40;
            INSERT INTO notes SELECT 50 + i, 1 + i % 4, 100 + i FROM n WHERE i <= 3;
            """);
    assertThat(complete(database, tenants).yaml())
        .contains("{table: notes, references: {user_id: users.id}}  # 40 of 43 values found");
  }

  @Test
  void a_reference_that_leads_to_other_tenants_does_not_decide() throws Exception {
    Path database =
        database(
            TWO,
            """
            CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id INTEGER, reviewer_user_id INTEGER);
            INSERT INTO notes SELECT i, i, CASE WHEN i % 5 = 0 THEN 1 + (i + 1) % 40 ELSE i END FROM n WHERE i <= 40;
            """);
    SuggestedModel first = suggest(database, tenants);
    assertThat(first.yaml())
        .contains("{table: notes, references: {user_id: users.id}}")
        .contains("{table: notes, references: {reviewer_user_id: users.id}}  # ")
        .contains("{table: notes, through: user_id}");
    assertThat(first.questions()).singleElement().asString().contains("notes.reviewer_user_id");
    complete(database, tenants);
  }

  @Test
  void several_ways_to_two_tenants_are_asked_about_with_rows_at_their_cause() throws Exception {
    Path database =
        database(
            TWO,
            """
            CREATE TABLE referrals (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), referred_id INTEGER REFERENCES users (id));
            CREATE TABLE gifts (id INTEGER PRIMARY KEY, referral_id INTEGER REFERENCES referrals (id), user_id INTEGER REFERENCES users (id));
            INSERT INTO referrals SELECT i, i, i + 1 FROM n WHERE i < 40;
            INSERT INTO gifts SELECT i, i, i FROM n WHERE i < 40;
            """);
    SuggestedModel first = suggest(database, tenants);
    assertThat(first.yaml()).contains("{table: referrals, through: user_id}");
    assertThat(first.questions())
        .singleElement()
        .asString()
        .startsWith("39 rows of referrals lead to several tenants")
        .contains("[1], [2]");
    complete(database, tenants);
  }

  @Test
  void of_one_tenant_alone_the_names_decide_and_it_says_so() throws Exception {
    Path database =
        database(
            """
            CREATE TABLE tenants (id INTEGER PRIMARY KEY);
            CREATE TABLE users (id INTEGER PRIMARY KEY, tenant_id INTEGER);
            CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant_id INTEGER, author_id INTEGER, position INTEGER);
            INSERT INTO tenants VALUES (7);
            INSERT INTO users VALUES (1, 7), (2, 7);
            INSERT INTO notes VALUES (1, 7, 1, 1), (2, 7, 2, 2);
            """);
    assertThat(complete(database, TenantModel.rootedAt("tenants").build()).yaml())
        .contains("column: tenant_id  # in 2 tables")
        .contains("{author_id: users.id}}  # 2 of 2 values found; there is one tenant alone")
        .doesNotContain("position");
  }

  @Test
  void tables_without_a_key_and_with_several_key_columns_are_owned_too() throws Exception {
    Path database =
        database(
            TWO,
            """
            CREATE TABLE logs (user_id INTEGER, text TEXT);
            CREATE TABLE grades (user_id INTEGER, term INTEGER, grade TEXT, PRIMARY KEY (user_id, term)) WITHOUT ROWID;
            CREATE TABLE [odd: name] (id INTEGER PRIMARY KEY, "the user_id" INTEGER);
            INSERT INTO logs SELECT i, 'x' FROM n WHERE i <= 40;
            INSERT INTO grades SELECT i, 1, 'x' FROM n WHERE i <= 40;
            INSERT INTO [odd: name] SELECT i, i FROM n WHERE i <= 40;
            """);
    assertThat(complete(database, tenants).yaml())
        .contains("{table: logs, references: {user_id: users.id}}")
        .contains("{table: grades, references: {user_id: users.id}}")
        .contains("{table: \"odd: name\", references: {\"the user_id\": users.id}}");
  }

  @Test
  void columns_without_a_telling_name_are_known_by_the_rows() throws Exception {
    Path database =
        database(
            TWO,
            """
            CREATE TABLE splits (id INTEGER PRIMARY KEY, tenant_id INTEGER, position INTEGER);
            CREATE TABLE entries (id INTEGER PRIMARY KEY, debit_id INTEGER, credit_ref INTEGER, position INTEGER);
            CREATE TABLE tasks (id INTEGER PRIMARY KEY, owner_ref INTEGER);
            INSERT INTO splits SELECT i, 1 + (i / 3) % 4, i % 9 FROM n;
            INSERT INTO entries SELECT i, i, (SELECT min(u.id) FROM users u JOIN splits s ON s.id = i AND u.tenant_id = s.tenant_id WHERE u.id > i % 20), i % 9 FROM n;
            INSERT INTO tasks SELECT i, 1 + i % 4 FROM n WHERE i <= 40;
            """);
    assertThat(complete(database, tenants).yaml())
        .contains("{table: entries, references: {debit_id: splits.id}}")
        .contains("{table: entries, references: {credit_ref: users.id}}")
        .contains("{table: tasks, references: {owner_ref: tenants.id}}");
  }

  @Test
  void each_tenants_backup_has_its_rows_and_the_files_that_it_names() throws Exception {
    Path database =
        database(
            TWO,
            """
            CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT);
            CREATE TABLE taggings (id INTEGER PRIMARY KEY, tag_id INTEGER, user_id INTEGER);
            CREATE TABLE blobs (id INTEGER PRIMARY KEY, user_id INTEGER, key TEXT UNIQUE);
            INSERT INTO tags SELECT i, 't' FROM n WHERE i <= 40;
            INSERT INTO taggings SELECT i, i, i FROM n WHERE i <= 40;
            INSERT INTO blobs SELECT i, i, 'abcd' || i FROM n WHERE i <= 40;
            """);
    Path files = Files.createDirectories(folder.resolve("ab/cd"));
    for (int i = 1; i <= 40; i++) {
      Files.writeString(files.resolve("abcd" + i), "x");
    }

    SuggestedModel suggested = complete(database, tenants);

    assertThat(suggested.yaml())
        .contains("table: blobs, path: \"{key[0..2]}/{key[2..4]}/{key}\"}  # 40 of 40 files")
        .doesNotContain("blobs.key");
    assertThat(suggested.java())
        .contains("    // 40 of 40 rows are named by one tenant alone")
        .contains("    .referencedBy(\"tags\", \"taggings\", \"tag_id\")");
    try (SqliteTenantSource source =
        SqliteTenantSource.builder(database, suggested.model()).build()) {
      for (TenantId tenant : source.tenants()) {
        Path scratch = Files.createDirectories(folder.resolve("scratch" + tenant));
        TenantSnapshot snapshot = source.extract(tenant, scratch, Progress.none());
        assertThat(snapshot.files()).hasSize(10);
        assertThat(snapshot.tables())
            .filteredOn(table -> !table.name().equals("tenants"))
            .allMatch(table -> table.rows() == 10);
      }
    }
  }

  @Test
  void rows_that_are_named_by_type_and_id_alone_are_delegated_to() throws Exception {
    Path database =
        database(
            TWO,
            """
            CREATE TABLE entries (id INTEGER PRIMARY KEY, user_id INTEGER, entryable_type TEXT, entryable_id INTEGER);
            CREATE TABLE messages (id INTEGER PRIMARY KEY, subject TEXT);
            CREATE TABLE memos (id INTEGER PRIMARY KEY, body TEXT);
            CREATE TABLE memo_lines (id INTEGER PRIMARY KEY, memo_id INTEGER);
            INSERT INTO messages SELECT i, 's' FROM n WHERE i <= 20;
            INSERT INTO memos SELECT i, 'b' FROM n WHERE i <= 20;
            INSERT INTO entries SELECT i, i, 'Message', i FROM n WHERE i <= 20;
            INSERT INTO entries SELECT 20 + i, 20 + i, 'Memo', i FROM n WHERE i <= 20;
            INSERT INTO memo_lines SELECT i, 1 + i % 20 FROM n;
            """);
    assertThat(complete(database, tenants).yaml())
        .contains(
            "{table: entries, delegated: {type: entryable_type, id: entryable_id, targets:"
                + " {Memo: memos, Message: messages}}}  # Memo: 20 of 20 rows are named by one")
        .contains("{table: memo_lines, references: {memo_id: memos.id}}");
  }

  @Test
  void what_is_in_a_restores_way_and_what_no_backup_copies_is_told() throws Exception {
    Path database =
        database(
            TWO,
            """
            CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id), user_agent TEXT);
            CREATE VIRTUAL TABLE words USING fts5 (word);
            INSERT INTO sessions SELECT i, i, 'x' FROM n WHERE i <= 40;
            """);
    SuggestedModel suggested =
        complete(database, TenantModel.rootedAt("tenants").column("tenant_id").build());
    assertThat(suggested.yaml())
        .contains(
            "    ignored:\n      sessions: delete  # its rows would keep those of users from going")
        .contains("    - words  # a virtual table with rows that no backup can copy");
    assertThat(suggested.questions()).anyMatch(each -> each.startsWith("words keeps rows"));
  }

  @Test
  void asks_whether_rows_with_a_value_of_no_tenant_are_everybodys() throws Exception {
    Path database =
        database(
            """
            CREATE TABLE accounts (id INTEGER PRIMARY KEY);
            CREATE TABLE labels (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, name TEXT);
            CREATE TABLE cards (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL);
            INSERT INTO accounts VALUES (1), (2);
            INSERT INTO labels VALUES (1, -1, 'a'), (2, -1, 'b'), (3, 0, 'c'), (4, 0, 'd'),
              (5, 1, 'e'), (6, 2, 'f'), (7, 1, 'g');
            INSERT INTO cards VALUES (1, 1), (2, 2), (3, 2), (4, 17), (5, 17)
            """);
    TenantModel.Builder given = TenantModel.rootedAt("accounts").column("account_id");

    SuggestedModel suggested = suggest(database, given.build());

    assertThat(suggested.questions())
        .containsExactly(
            "2 rows of cards are in no backup, for account_id names no tenant: [4], [5]. Mend them,"
                + " or allow nobody's rows there",
            "4 rows of labels have -1 or 0 in account_id, which is no tenant, and 3 rows are a"
                + " tenant's. Are they everybody's? Then say {table: labels, shared_rows:"
                + " {account_id: [-1, 0]}}");
    assertThat(
            suggest(database, given.sharedRows("labels", "account_id", -1, 0).build()).questions())
        .hasSize(1);
  }
}
