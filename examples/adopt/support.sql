-- Two firms share a database: customers, their projects, and the hours worked for these.

CREATE TABLE firms (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE customers (
  id INTEGER PRIMARY KEY, firm_id INTEGER NOT NULL REFERENCES firms, name TEXT NOT NULL, city TEXT NOT NULL);
CREATE TABLE projects (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers ON DELETE CASCADE,
  name TEXT NOT NULL, status TEXT NOT NULL);
CREATE TABLE hours (
  project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE, day TEXT NOT NULL, worked INTEGER NOT NULL,
  PRIMARY KEY (project_id, day)) WITHOUT ROWID;

INSERT INTO firms VALUES (1, 'Anchor Advisors'), (2, 'Beacon Builders');
INSERT INTO customers VALUES
  (16, 1, 'Ada Lind', 'Bergen'), (17, 1, 'Bo Park', 'Turku'), (18, 1, 'Cleo Dahl', 'Malmö'),
  (41, 2, 'Dan Roe', 'Cork');
INSERT INTO projects VALUES
  (1, 16, 'Quay', 'open'), (2, 17, 'Roof', 'open'), (3, 17, 'Tower', 'won'), (4, 18, 'Lock', 'open'), (9, 41, 'Barn', 'open');
INSERT INTO hours VALUES
  (1, '2026-11-23', 3), (2, '2026-11-23', 5), (2, '2026-11-24', 2), (3, '2026-11-24', 8), (4, '2026-11-24', 1), (9, '2026-11-24', 4);
