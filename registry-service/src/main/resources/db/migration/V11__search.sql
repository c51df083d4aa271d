-- What devices are found, sorted and counted by; all of it is in the body, too.
ALTER TABLE device ADD COLUMN handler VARCHAR(253) DEFAULT '' NOT NULL;
ALTER TABLE device ADD COLUMN presence VARCHAR(16) DEFAULT '' NOT NULL;
ALTER TABLE device ADD COLUMN admission VARCHAR(16) DEFAULT '' NOT NULL;
ALTER TABLE device ADD COLUMN presence_since BIGINT DEFAULT 0 NOT NULL;
-- Labels and properties, each with its value, between marks.
ALTER TABLE device ADD COLUMN terms VARCHAR DEFAULT '' NOT NULL;
-- The same and the names, in lower case.
ALTER TABLE device ADD COLUMN words VARCHAR DEFAULT '' NOT NULL;
-- Those that wait for a decision are few among many.
CREATE INDEX device_by_admission ON device (admission, config_group, namespace, name);
