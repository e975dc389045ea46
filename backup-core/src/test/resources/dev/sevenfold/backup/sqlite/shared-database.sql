CREATE TABLE schema_migrations (version TEXT PRIMARY KEY);;
CREATE TABLE countries (id INTEGER PRIMARY KEY, name TEXT);;
INSERT INTO countries VALUES (1, 'Denmark'), (2, 'Germany');;
CREATE TABLE tenants (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, settings);;
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL REFERENCES tenants (id),
  email TEXT NOT NULL UNIQUE COLLATE NOCASE,
  boss_id INTEGER REFERENCES users (id) ON DELETE SET NULL);;
CREATE TABLE projects (
  id TEXT PRIMARY KEY,
  tenant_id INTEGER NOT NULL,
  owner_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
  tasks_count INTEGER NOT NULL DEFAULT 0);;
CREATE TABLE tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  position INTEGER NOT NULL,
  parent_id INTEGER REFERENCES tasks (id) ON DELETE CASCADE,
  payload,
  UNIQUE (project_id, position));;
CREATE INDEX tasks_by_parent ON tasks (parent_id);;
CREATE TABLE comments (id INTEGER PRIMARY KEY, task_id INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE, body BLOB);;
CREATE TABLE notes (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL, body TEXT);;
CREATE TABLE todos (id INTEGER PRIMARY KEY, owner_ref TEXT NOT NULL, body NUMERIC);;
CREATE TABLE taggings (taggable_type TEXT NOT NULL, taggable_id TEXT NOT NULL, tag TEXT, id INTEGER PRIMARY KEY);;
CREATE TABLE blobs (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);;
CREATE TABLE attachments (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, blob_id INTEGER NOT NULL REFERENCES blobs (id));;
CREATE TABLE orders (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, number TEXT);;
CREATE UNIQUE INDEX orders_number ON orders (tenant_id, number) WHERE number IS NOT NULL;;
CREATE TABLE order_lines (
  order_id INTEGER NOT NULL REFERENCES orders (id),
  line TEXT NOT NULL COLLATE NOCASE,
  amount,
  PRIMARY KEY (order_id, line)) WITHOUT ROWID;;
CREATE TABLE metrics (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, value ANY) STRICT;;
CREATE TABLE invoices (
  id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL,
  net INTEGER,
  vat REAL,
  total GENERATED ALWAYS AS (net + vat) STORED,
  label GENERATED ALWAYS AS ('#' || id) VIRTUAL);;
CREATE TABLE events (tenant_id INTEGER NOT NULL, kind TEXT, payload);;
CREATE TABLE "select" ("group" INTEGER PRIMARY KEY, "tenant_id" INTEGER, "an ""odd"" name");;
CREATE TABLE departments (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, head_id INTEGER REFERENCES employees (id));;
CREATE TABLE employees (id INTEGER PRIMARY KEY, department_id INTEGER NOT NULL REFERENCES departments (id));;
CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, token TEXT);;
CREATE TABLE solid_queue_jobs (id INTEGER PRIMARY KEY, tenant_id INTEGER);;
CREATE TABLE audit_log (id INTEGER PRIMARY KEY, what TEXT);;
CREATE TABLE posts (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, title TEXT, body TEXT);;
CREATE VIRTUAL TABLE posts_fts USING fts5 (title, body, content = 'posts', content_rowid = 'id');;
CREATE TRIGGER posts_ai AFTER INSERT ON posts BEGIN
  INSERT INTO posts_fts (rowid, title, body) VALUES (new.id, new.title, new.body);
END;;
CREATE TRIGGER posts_ad AFTER DELETE ON posts BEGIN
  INSERT INTO posts_fts (posts_fts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
END;;
CREATE TRIGGER posts_au AFTER UPDATE ON posts BEGIN
  INSERT INTO posts_fts (posts_fts, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
  INSERT INTO posts_fts (rowid, title, body) VALUES (new.id, new.title, new.body);
END;;
CREATE TRIGGER tasks_count_up AFTER INSERT ON tasks BEGIN
  UPDATE projects SET tasks_count = tasks_count + 1 WHERE id = new.project_id;
END;;
CREATE TRIGGER tasks_count_down AFTER DELETE ON tasks BEGIN
  UPDATE projects SET tasks_count = tasks_count - 1 WHERE id = old.project_id;
END;;
CREATE TRIGGER audit_users AFTER UPDATE ON users BEGIN
  INSERT INTO audit_log (what) VALUES ('user ' || new.id);
END;;
CREATE TRIGGER no_body_change BEFORE UPDATE OF body ON notes BEGIN
  SELECT RAISE(ABORT, 'notes are written once');
END;;
