-- A column becomes two, an index goes, a value is needed that old rows do not have.
DROP INDEX customers_by_name;
ALTER TABLE customers RENAME COLUMN name TO last_name;
ALTER TABLE customers ADD COLUMN first_name TEXT NOT NULL DEFAULT '';
UPDATE customers
SET first_name = substr(last_name, 1, instr(last_name, ' ') - 1),
    last_name = substr(last_name, instr(last_name, ' ') + 1)
WHERE last_name LIKE '% %';
PRAGMA user_version = 3;
