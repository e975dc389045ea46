-- An application as Laravel would have it: three workshops share a database, and models are named in full.

CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT NOT NULL, created_by INTEGER);
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, password TEXT NOT NULL);
CREATE TABLE team_user (
  id INTEGER PRIMARY KEY, team_id INTEGER NOT NULL REFERENCES teams, user_id INTEGER NOT NULL REFERENCES users, role TEXT NOT NULL);
CREATE TABLE customers (id INTEGER PRIMARY KEY, team_id INTEGER NOT NULL, name TEXT NOT NULL, created_by INTEGER NOT NULL);
CREATE TABLE repairs (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, assigned_to INTEGER, created_by INTEGER NOT NULL,
  parent_id INTEGER, what TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE parts (id INTEGER PRIMARY KEY, team_id INTEGER NOT NULL, name TEXT NOT NULL, price INTEGER NOT NULL);
CREATE TABLE part_repair (repair_id INTEGER NOT NULL, part_id INTEGER NOT NULL, PRIMARY KEY (repair_id, part_id)) WITHOUT ROWID;
CREATE TABLE notes (
  id INTEGER PRIMARY KEY, notable_type TEXT NOT NULL, notable_id INTEGER NOT NULL, created_by INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE invoices (id INTEGER PRIMARY KEY, repair_id INTEGER NOT NULL REFERENCES repairs, paid_by_customer_id INTEGER NOT NULL, amount INTEGER NOT NULL);
CREATE TABLE personal_access_tokens (
  id INTEGER PRIMARY KEY, tokenable_type TEXT NOT NULL, tokenable_id INTEGER NOT NULL, name TEXT NOT NULL, token TEXT NOT NULL UNIQUE);
CREATE TABLE password_reset_tokens (email TEXT NOT NULL PRIMARY KEY, token TEXT NOT NULL);
CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, user_id INTEGER, payload TEXT NOT NULL);
CREATE TABLE cache (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, expiration INTEGER NOT NULL);
CREATE TABLE jobs (id INTEGER PRIMARY KEY, queue TEXT NOT NULL, payload TEXT NOT NULL);
CREATE TABLE failed_jobs (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, payload TEXT NOT NULL);
CREATE TABLE migrations (id INTEGER PRIMARY KEY, migration TEXT NOT NULL, batch INTEGER NOT NULL);

INSERT INTO teams VALUES (1, 'Bell Street Bikes', 101), (2, 'Canal Clocks', 102), (3, 'Dune Radios', 103);
INSERT INTO users
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 23)
  SELECT 101 + i, 'Mender ' || i, 'mender' || i || '@repairs.example', 'not a password' FROM n;
INSERT INTO team_user SELECT id + 100, 1 + (id - 101) % 3, id, CASE WHEN id < 104 THEN 'owner' ELSE 'mender' END FROM users;
INSERT INTO customers
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 44)
  SELECT 1001 + i, 1 + i % 3, 'Customer ' || i, 101 + i % 24 FROM n;
INSERT INTO repairs
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 89)
  SELECT 2001 + i, 1001 + i % 45, CASE WHEN i % 4 > 0 THEN 101 + (i + 3) % 24 END, 101 + i % 24,
    CASE WHEN i >= 60 THEN 2001 + i - 60 END, 'Repair ' || i, '2026-05-01' FROM n;
INSERT INTO parts
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 29)
  SELECT 3001 + i, 1 + i % 3, 'Part ' || i, 150 + i * 5 FROM n;
INSERT INTO part_repair SELECT id, 3001 + (id - 2001) % 30 FROM repairs;
INSERT INTO notes SELECT id + 2000, 'App\Models\Repair', id, created_by, 'Tested twice' FROM repairs WHERE id % 2 = 0;
INSERT INTO notes SELECT id + 5000, 'App\Models\Customer', id, created_by, 'Pays in cash' FROM customers WHERE id % 2 = 1;
INSERT INTO invoices SELECT id + 7000, id, customer_id, 4200 FROM repairs WHERE id % 3 = 0;
-- Somebody of another workshop paid.
INSERT INTO invoices VALUES (9901, 2001, 1002, 1900);
INSERT INTO personal_access_tokens
  SELECT id + 300, 'App\Models\User', id, 'phone', lower(substr(hex(id * 7919) || hex(id * 104729) || hex(id * 1299709), 1, 32)) FROM users;
INSERT INTO password_reset_tokens VALUES ('mender3@repairs.example', 'not a token');
INSERT INTO sessions VALUES ('s1', 104, 'e30='), ('s2', 105, 'e30=');
INSERT INTO cache VALUES ('parts:1', '10', 1790000000);
INSERT INTO jobs VALUES (1, 'default', '{}');
INSERT INTO failed_jobs VALUES (1, '3f0c6f1e-8f43-4f0e-9c55-0d6f4a2f1b77', '{}');
INSERT INTO migrations VALUES (1, '2026_01_01_000000_create_users_table', 1), (2, '2026_05_01_000000_create_repairs_table', 2);
