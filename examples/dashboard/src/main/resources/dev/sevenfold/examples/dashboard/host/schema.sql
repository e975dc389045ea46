CREATE TABLE firms (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  firm_id INTEGER NOT NULL REFERENCES firms (id),
  name TEXT NOT NULL,
  email TEXT NOT NULL);

CREATE TABLE invoices (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  number TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  paid INTEGER NOT NULL DEFAULT 0);

CREATE TABLE invoice_lines (
  id INTEGER PRIMARY KEY,
  invoice_id INTEGER NOT NULL REFERENCES invoices (id) ON DELETE CASCADE,
  article TEXT NOT NULL,
  cents INTEGER NOT NULL);

CREATE TABLE documents (
  id INTEGER PRIMARY KEY,
  firm_id INTEGER NOT NULL REFERENCES firms (id),
  name TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE);

-- Below: not part of a firm's backup. Going back a week must not bring back a password of last week.
CREATE TABLE logins (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  firm INTEGER REFERENCES firms (id));

CREATE TABLE sessions (
  cookie_hash TEXT PRIMARY KEY,
  login_id INTEGER NOT NULL REFERENCES logins (id) ON DELETE CASCADE,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL);

CREATE TABLE activity (
  id INTEGER PRIMARY KEY,
  firm TEXT NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  took_millis INTEGER NOT NULL,
  stored_bytes INTEGER NOT NULL,
  restored_to INTEGER,
  inserted INTEGER NOT NULL DEFAULT 0,
  updated INTEGER NOT NULL DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0);

CREATE INDEX activity_of_firm ON activity (firm, kind, at);
