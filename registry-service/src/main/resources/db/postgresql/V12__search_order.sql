-- As V21: ordered by code point, as H2 orders them.
ALTER TABLE device ALTER COLUMN handler TYPE VARCHAR(253) COLLATE "C";
ALTER TABLE device ALTER COLUMN presence TYPE VARCHAR(16) COLLATE "C";
ALTER TABLE device ALTER COLUMN admission TYPE VARCHAR(16) COLLATE "C";
