package dev.sevenfold.backup.engine.postgresql;

import dev.sevenfold.backup.tenant.TenantModel;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;

/**
 * A host's database with twenty tables of tenants and two that all share: owned by a column,
 * through references, by a type and an id, by what refers to them; keys of numbers, texts, UUIDs
 * and of several columns; values that are no number, text or blob.
 */
final class TwentyTables {

  private static final String SCHEMA =
      """
      CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL);
      CREATE TABLE plans (id smallint PRIMARY KEY, name text NOT NULL);
      CREATE TABLE tenants (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL,
        plan_id smallint REFERENCES plans, settings jsonb, created_at timestamptz NOT NULL);
      CREATE TABLE users (id uuid PRIMARY KEY, tenant_id bigint NOT NULL REFERENCES tenants ON DELETE CASCADE,
        email text NOT NULL UNIQUE, country char(2) REFERENCES countries, avatar bytea, seen timestamptz);
      CREATE TABLE teams (id serial PRIMARY KEY, tenant_id bigint NOT NULL REFERENCES tenants,
        name text NOT NULL, lead_id uuid REFERENCES users ON DELETE SET NULL, UNIQUE (tenant_id, name));
      CREATE TABLE team_members (team_id int REFERENCES teams ON DELETE CASCADE,
        user_id uuid REFERENCES users ON DELETE CASCADE, role varchar(10) DEFAULT 'member',
        PRIMARY KEY (team_id, user_id));
      CREATE TABLE projects (id bigserial PRIMARY KEY, tenant_id bigint NOT NULL REFERENCES tenants,
        code text NOT NULL UNIQUE, budget numeric(12,2), tags text[]);
      CREATE TABLE tasks (id bigserial PRIMARY KEY, project_id bigint NOT NULL REFERENCES projects ON DELETE CASCADE,
        parent_id bigint REFERENCES tasks ON DELETE SET NULL, title text NOT NULL, weight double precision, done boolean NOT NULL,
        words int GENERATED ALWAYS AS (length(title)) STORED);
      CREATE INDEX ON tasks (project_id);
      CREATE TABLE task_notes (id bigserial PRIMARY KEY, task_id bigint NOT NULL REFERENCES tasks ON DELETE CASCADE,
        body text);
      CREATE TABLE labels (slug text PRIMARY KEY, tenant_id bigint NOT NULL REFERENCES tenants, color text);
      CREATE TABLE task_labels (task_id bigint REFERENCES tasks ON DELETE CASCADE,
        label_slug text REFERENCES labels ON UPDATE CASCADE, PRIMARY KEY (task_id, label_slug));
      CREATE TABLE blobs (id bigserial PRIMARY KEY, key text NOT NULL UNIQUE, content bytea NOT NULL);
      CREATE TABLE attachments (id bigserial PRIMARY KEY, record_type text NOT NULL, record_id bigint NOT NULL,
        blob_id bigint NOT NULL REFERENCES blobs);
      CREATE TABLE comments (id bigserial PRIMARY KEY, on_type text NOT NULL, on_id bigint NOT NULL,
        author uuid REFERENCES users ON DELETE SET NULL, body text NOT NULL);
      CREATE TABLE invoices (id bigserial PRIMARY KEY, tenant_id bigint NOT NULL REFERENCES tenants,
        number text NOT NULL, total numeric NOT NULL, issued date NOT NULL, due interval, UNIQUE (tenant_id, number));
      CREATE TABLE invoice_lines (invoice_id bigint REFERENCES invoices ON DELETE CASCADE, position smallint,
        what text, amount numeric(10,4), PRIMARY KEY (invoice_id, position));
      CREATE TABLE payments (id uuid PRIMARY KEY, invoice_id bigint NOT NULL REFERENCES invoices ON DELETE RESTRICT,
        amount numeric(12,2) NOT NULL CHECK (amount > 0), at timestamp NOT NULL);
      CREATE TABLE sessions (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, ip inet);
      CREATE TABLE api_tokens (token text PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE);
      CREATE TABLE webhooks (id int PRIMARY KEY, tenant_id bigint NOT NULL REFERENCES tenants, url text, headers json);
      CREATE TABLE deliveries (webhook_id int REFERENCES webhooks ON DELETE CASCADE, seq bigint, payload jsonb,
        took real, PRIMARY KEY (webhook_id, seq));
      CREATE TABLE events (id bigserial PRIMARY KEY, tenant_id bigint REFERENCES tenants, actor uuid,
        detail jsonb, at timestamptz NOT NULL);
      CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN NEW.body := upper(NEW.body); RETURN NEW; END';
      CREATE TRIGGER shout BEFORE UPDATE ON comments FOR EACH ROW EXECUTE FUNCTION shout();
      INSERT INTO countries VALUES ('de', 'Germany'), ('dk', 'Denmark');
      INSERT INTO plans VALUES (1, 'Free'), (2, 'Team');
      """;

  /** Rows of the tenant {@code %1$d}; ids of its rows are above 10,000 times its own. */
  private static final String ROWS =
      """
      INSERT INTO tenants OVERRIDING SYSTEM VALUE
        VALUES (%1$d, E'Tenant\\t%1$d \\\\ ä', 2, '{"b": 1.50, "a": [null, "x"]}', '2026-01-0%1$d 10:00:00.123456+02');
      INSERT INTO users SELECT md5('user%1$d-' || n)::uuid, %1$d, 'u' || n || '@%1$d.example', 'dk',
        decode(md5(n::text), 'hex'), '2026-02-01'::timestamptz + n * interval '1 minute' FROM generate_series(1, 40) n;
      INSERT INTO teams SELECT %1$d0000 + n, %1$d, 'Team ' || n, md5('user%1$d-' || n)::uuid FROM generate_series(1, 5) n;
      INSERT INTO team_members SELECT %1$d0000 + n %% 5 + 1, md5('user%1$d-' || n)::uuid FROM generate_series(1, 40) n;
      INSERT INTO projects SELECT %1$d0000 + n, %1$d, 'P%1$d-' || n, n * 100.10,
        ARRAY['a,b', NULL, E'q"\\n' || n] FROM generate_series(1, 10) n;
      INSERT INTO tasks SELECT %1$d0000 + n, %1$d0000 + n %% 10 + 1, CASE WHEN n > 10 THEN %1$d0000 + n / 10 END,
        'Task ' || n, n / 7.0::float8, n %% 2 = 0 FROM generate_series(1, 400) n;
      INSERT INTO task_notes SELECT %1$d0000 + n, %1$d0000 + n, repeat('note ', n %% 9) FROM generate_series(1, 300) n;
      INSERT INTO labels SELECT 't%1$d-' || n, %1$d, '#' || n FROM generate_series(1, 8) n;
      INSERT INTO task_labels SELECT %1$d0000 + n, 't%1$d-' || n %% 8 + 1 FROM generate_series(1, 200) n;
      INSERT INTO blobs SELECT %1$d0000 + n, 'blob%1$d-' || n, '\\x00ff5c0a09'::bytea FROM generate_series(1, 60) n;
      INSERT INTO attachments SELECT %1$d0000 + n, CASE WHEN n %% 2 = 0 THEN 'Task' ELSE 'Project' END,
        %1$d0000 + n %% 10 + 1, %1$d0000 + n FROM generate_series(1, 60) n;
      INSERT INTO comments SELECT %1$d0000 + n, CASE WHEN n %% 2 = 0 THEN 'Task' ELSE 'Invoice' END,
        %1$d0000 + n %% 20 + 1, md5('user%1$d-' || n %% 40 + 1)::uuid, 'Comment ' || n FROM generate_series(1, 200) n;
      INSERT INTO invoices SELECT %1$d0000 + n, %1$d, 'R' || n, 1000.00 * n, '2026-01-01'::date + n, interval '14 days'
        FROM generate_series(1, 30) n;
      INSERT INTO invoice_lines SELECT %1$d0000 + n %% 30 + 1, n / 30 + 1, 'Line', 3.5 FROM generate_series(1, 90) n;
      INSERT INTO payments SELECT md5('pay%1$d-' || n)::uuid, %1$d0000 + n, 12.30, '2026-03-01 12:00' FROM generate_series(1, 20) n;
      INSERT INTO sessions SELECT md5('session%1$d-' || n)::uuid, md5('user%1$d-' || n)::uuid, '10.0.0.1' FROM generate_series(1, 20) n;
      INSERT INTO api_tokens SELECT 'token%1$d-' || n, md5('user%1$d-' || n)::uuid FROM generate_series(1, 10) n;
      INSERT INTO webhooks SELECT %1$d0000 + n, %1$d, 'https://%1$d.example/' || n, '{ "b":1,  "a":2 }' FROM generate_series(1, 3) n;
      INSERT INTO deliveries SELECT %1$d0000 + n %% 3 + 1, n, '{"n": 1}', 0.1 FROM generate_series(1, 100) n;
      INSERT INTO events SELECT %1$d0000 + n, %1$d, md5('user%1$d-' || n %% 40 + 1)::uuid, '{"e": true}',
        '2026-04-01'::timestamptz + n * interval '1 second' FROM generate_series(1, 300) n;
      """;

  private final DataSource database;

  private TwentyTables(DataSource database) {
    this.database = database;
  }

  /** Makes the tables with three tenants, in a database that may hold those of before. */
  static TwentyTables create(DataSource database) {
    TwentyTables tables = new TwentyTables(database);
    tables.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    tables.run(SCHEMA);
    for (int tenant = 1; tenant <= 3; tenant++) {
      tables.run(ROWS.formatted(tenant));
    }
    return tables;
  }

  static TenantModel model() {
    return TenantModel.rootedAt("tenants")
        .column("tenant_id")
        .polymorphic(
            "attachments",
            "record_type",
            "record_id",
            Map.of("Task", "tasks", "Project", "projects"))
        .polymorphic("comments", "on_type", "on_id", Map.of("Task", "tasks", "Invoice", "invoices"))
        .referencedBy("blobs", "attachments", "blob_id")
        .shared("countries", "plans")
        .build();
  }

  void run(String sql) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  /** Every row of every table, as the server writes it. */
  Set<String> rows() {
    Set<String> rows = new TreeSet<>();
    for (String table :
        texts(
            "SELECT relname FROM pg_class"
                + " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")) {
      rows.addAll(texts("SELECT '%1$s ' || t::text FROM %1$s t".formatted(table)));
    }
    return rows;
  }

  /** The rows that are there and were not, and the other way round. */
  List<String> changesSince(Set<String> before) {
    Set<String> now = rows();
    List<String> changes = new ArrayList<>();
    now.stream().filter(row -> !before.contains(row)).map("+ "::concat).forEach(changes::add);
    before.stream().filter(row -> !now.contains(row)).map("- "::concat).forEach(changes::add);
    return changes;
  }

  List<String> texts(String select) {
    List<String> texts = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(select)) {
      while (row.next()) {
        texts.add(String.valueOf(row.getString(1)));
      }
    } catch (SQLException e) {
      throw new AssertionError(e.getMessage(), e);
    }
    return texts;
  }
}
