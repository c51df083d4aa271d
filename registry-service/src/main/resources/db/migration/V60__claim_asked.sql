-- The point in its node's usage reports at which a claim was last asked for: no report up to there can release it.
ALTER TABLE claim ADD COLUMN asked_session VARCHAR(64) DEFAULT '' NOT NULL;
ALTER TABLE claim ADD COLUMN asked_sequence BIGINT DEFAULT 0 NOT NULL;
