-- When the registry was last known to be there, and since when it has been there without a break: by the database's
-- clock, the same for all replicas.
ALTER TABLE registry_state ADD COLUMN present_at BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE registry_state ADD COLUMN present_since BIGINT DEFAULT 0 NOT NULL;

-- How long the log is, in characters, so that it can be trimmed by its size.
ALTER TABLE registry_state ADD COLUMN log_size BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE revision_log ADD COLUMN size INTEGER DEFAULT 0 NOT NULL;
