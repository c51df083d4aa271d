-- What happened to devices. It outlives their records, so there is no foreign key.
CREATE TABLE device_event (
  -- Rises with time: events are written by one writer at a time.
  id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  config_group VARCHAR(63)  NOT NULL,
  namespace    VARCHAR(63)  NOT NULL,
  device       VARCHAR(264) NOT NULL,
  happened_at  BIGINT       NOT NULL,
  type         VARCHAR(32)  NOT NULL,
  actor        VARCHAR      NOT NULL,
  why          VARCHAR,
  node         VARCHAR(253),
  slot         INTEGER
);
CREATE INDEX device_event_by_device ON device_event (config_group, namespace, device, id);

-- The revision of the last change that a person could have made: what nodes say makes no edit stale.
ALTER TABLE configuration ADD COLUMN spec_revision BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE device ADD COLUMN admission_revision BIGINT DEFAULT 0 NOT NULL;
