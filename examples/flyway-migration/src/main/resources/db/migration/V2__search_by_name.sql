CREATE INDEX customers_by_name ON customers (name);
CREATE TABLE changes (id INTEGER PRIMARY KEY, what TEXT NOT NULL);
CREATE TRIGGER customer_added AFTER INSERT ON customers BEGIN
  INSERT INTO changes (what) VALUES ('added ' || new.name);
END;
PRAGMA user_version = 2;
