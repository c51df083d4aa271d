-- Lists are ordered by code point, as H2 orders them, whatever the database's own order is.
ALTER TABLE handler ALTER COLUMN node TYPE VARCHAR(253) COLLATE "C";
ALTER TABLE handler ALTER COLUMN name TYPE VARCHAR(253) COLLATE "C";
