CREATE TABLE schema_migrations (version TEXT PRIMARY KEY);;
CREATE TABLE countries (code TEXT PRIMARY KEY, name TEXT NOT NULL);;
CREATE TABLE tenants (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, settings);;
CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL REFERENCES tenants (id),
  email TEXT NOT NULL UNIQUE COLLATE NOCASE,
  country_code TEXT REFERENCES countries (code),
  manager_id INTEGER REFERENCES users (id) ON DELETE SET NULL);;
CREATE TABLE customers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant_id INTEGER NOT NULL REFERENCES tenants (id),
  name TEXT NOT NULL,
  orders_count INTEGER NOT NULL DEFAULT 0);;
CREATE TABLE orders (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  placed_at TEXT,
  UNIQUE (customer_id, number));;
CREATE TABLE order_lines (
  order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  price,
  PRIMARY KEY (order_id, line)) WITHOUT ROWID;;
CREATE TABLE tasks (id TEXT PRIMARY KEY, owner_ref INTEGER NOT NULL, title TEXT);;
CREATE TABLE notes (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL, body);;
CREATE TABLE taggings (taggable_type TEXT NOT NULL, taggable_id INTEGER NOT NULL, tag TEXT NOT NULL, id INTEGER PRIMARY KEY);;
CREATE TABLE blobs (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, byte_size INTEGER);;
CREATE TABLE attachments (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, blob_id INTEGER NOT NULL REFERENCES blobs (id));;
CREATE TABLE measurements (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, value ANY) STRICT;;
CREATE TABLE referrals (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id),
  referred_by INTEGER REFERENCES users (id));;
CREATE TABLE "2024" (id INTEGER PRIMARY KEY, "the owner" INTEGER NOT NULL, total REAL);;
CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, token TEXT);;
CREATE TABLE audit_log (id INTEGER PRIMARY KEY, what TEXT NOT NULL);;
CREATE TRIGGER orders_up AFTER INSERT ON orders BEGIN
  UPDATE customers SET orders_count = orders_count + 1 WHERE id = new.customer_id;
END;;
CREATE TRIGGER orders_down AFTER DELETE ON orders BEGIN
  UPDATE customers SET orders_count = orders_count - 1 WHERE id = old.customer_id;
END;;
CREATE TRIGGER audit_customers AFTER UPDATE OF name ON customers BEGIN
  INSERT INTO audit_log (what) VALUES ('customer ' || new.id || ' is now ' || new.name);
END;;
INSERT INTO schema_migrations VALUES ('20240101'), ('20240202');;
INSERT INTO countries VALUES ('DK', 'Denmark'), ('DE', 'Germany');;
