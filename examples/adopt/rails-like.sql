-- An application as Rails would have it: three choirs share a database. Few foreign keys, conventions instead.

CREATE TABLE plans (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, plan_id INTEGER NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE users (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE);
CREATE TABLE api_tokens (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, token TEXT NOT NULL UNIQUE);
CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, ip_address TEXT);
CREATE TABLE boards (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, creator_id INTEGER NOT NULL, title TEXT NOT NULL);
CREATE TABLE memberships (id INTEGER PRIMARY KEY, board_id INTEGER NOT NULL, user_id INTEGER NOT NULL);
CREATE TABLE cards (
  id INTEGER PRIMARY KEY, board_id INTEGER NOT NULL, creator_id INTEGER NOT NULL, parent_id INTEGER,
  position INTEGER NOT NULL, title TEXT NOT NULL);
CREATE TABLE comments (id INTEGER PRIMARY KEY, card_id INTEGER NOT NULL, author_id INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE taggings (id INTEGER PRIMARY KEY, tag_id INTEGER NOT NULL, taggable_type TEXT NOT NULL, taggable_id INTEGER NOT NULL);
CREATE TABLE handovers (id INTEGER PRIMARY KEY, card_id INTEGER NOT NULL, from_user_id INTEGER NOT NULL, to_user_id INTEGER NOT NULL);
CREATE TABLE active_storage_blobs (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, filename TEXT NOT NULL, byte_size INTEGER NOT NULL);
CREATE TABLE active_storage_attachments (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, record_type TEXT NOT NULL, record_id INTEGER NOT NULL,
  blob_id INTEGER NOT NULL REFERENCES active_storage_blobs);
CREATE TABLE schema_migrations (version TEXT NOT NULL PRIMARY KEY);
CREATE TABLE solid_queue_jobs (id INTEGER PRIMARY KEY, class_name TEXT NOT NULL, arguments TEXT);
CREATE TABLE solid_queue_ready_executions (id INTEGER PRIMARY KEY, job_id INTEGER NOT NULL REFERENCES solid_queue_jobs);

INSERT INTO plans VALUES (1, 'free'), (2, 'paid');
INSERT INTO accounts VALUES
  (1, 'Harbour Choir', 2, '2026-01-05'), (2, 'Hill Singers', 1, '2026-02-11'), (3, 'Mill Voices', 2, '2026-03-20');

-- Ten people, four boards, forty cards and eighty comments in each choir.
INSERT INTO users
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 29)
  SELECT 101 + i, 1 + i % 3, 'Singer ' || i, 'singer' || i || '@choirs.example' FROM n;
INSERT INTO api_tokens
  SELECT id - 90, id, lower(substr(hex(id * 7919) || hex(id * 104729) || hex(id * 1299709), 1, 32)) FROM users;
INSERT INTO sessions SELECT id - 80, id, '192.0.2.' || id FROM users WHERE id % 4 = 0;
INSERT INTO boards
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 11)
  SELECT 201 + i, 1 + i % 3, 101 + i, 'Concert ' || i FROM n;
INSERT INTO memberships
  SELECT NULL, b.id, u.id FROM boards b JOIN users u USING (account_id) WHERE (b.id + u.id) % 2 = 0;
INSERT INTO cards
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 119)
  SELECT 301 + i, 201 + i % 12, 101 + i % 30, CASE WHEN i >= 60 THEN 301 + i - 60 END, 1 + i / 12, 'Song ' || i FROM n;
INSERT INTO comments
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 239)
  SELECT 501 + i, 301 + i % 120, 101 + i % 30, 'Bar ' || i || ' once more' FROM n;
INSERT INTO tags
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 29)
  SELECT 801 + i, 'voice ' || i FROM n;
INSERT INTO taggings SELECT NULL, 801 + (id - 301) % 30, 'Card', id FROM cards;
INSERT INTO taggings SELECT NULL, 801 + (id - 201) % 30, 'Board', id FROM boards;

-- Who sang a part hands it on, twice to somebody of another choir.
INSERT INTO handovers SELECT id - 200, id, creator_id, 101 + (creator_id - 101 + 3) % 30 FROM cards WHERE id % 5 = 0;
INSERT INTO handovers VALUES (901, 301, 101, 102), (902, 302, 102, 103);

INSERT INTO active_storage_blobs VALUES
  (11, 'hk3vq0t9hymx', 'alto.txt', 24), (12, 'p7d2mzc4waeb', 'tenor.txt', 25),
  (13, 'x1n8sgu6rjof', 'bass.txt', 23), (14, 'b5yq9ki0ltvd', 'score.txt', 24),
  (15, 'm4jt7rw2xqgn', 'lyrics.txt', 21), (16, 'c9ez6of3pbyu', 'poster.txt', 22);
INSERT INTO active_storage_attachments VALUES
  (21, 'sheet', 'Card', 301, 11), (22, 'sheet', 'Card', 304, 12), (23, 'sheet', 'Card', 302, 13),
  (24, 'sheet', 'Board', 203, 14), (25, 'sheet', 'Card', 305, 15), (26, 'sheet', 'Card', 306, 16);
INSERT INTO schema_migrations VALUES ('20260101080000'), ('20260301080000');
INSERT INTO solid_queue_jobs VALUES (1, 'ReminderJob', '[301]');
INSERT INTO solid_queue_ready_executions VALUES (1, 1);
