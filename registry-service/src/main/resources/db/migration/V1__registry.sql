-- Instants that only drive timers are milliseconds since 1970, so that they can be shifted by plain arithmetic.
-- Bodies are JSON: what a module knows of an item, read and written as a whole.

-- One row: the counter that every logged write locks and advances.
CREATE TABLE registry_state (
  id         SMALLINT    NOT NULL PRIMARY KEY,
  epoch      VARCHAR(32) NOT NULL,
  revision   BIGINT      NOT NULL,
  trimmed_to BIGINT      NOT NULL,
  CONSTRAINT registry_state_is_one_row CHECK (id = 1)
);

CREATE TABLE revision_log (
  revision        BIGINT       NOT NULL PRIMARY KEY,
  kind            VARCHAR(32)  NOT NULL,
  item_key        VARCHAR(400) NOT NULL,
  logged_at       BIGINT       NOT NULL,
  before_revision BIGINT,
  before_body     VARCHAR,
  after_body      VARCHAR
);

CREATE TABLE cluster (
  id  SMALLINT    NOT NULL PRIMARY KEY,
  uid VARCHAR(64) NOT NULL,
  CONSTRAINT cluster_is_one_row CHECK (id = 1)
);

CREATE TABLE node (
  name           VARCHAR(253) NOT NULL PRIMARY KEY,
  revision       BIGINT       NOT NULL,
  body           VARCHAR      NOT NULL,
  session        VARCHAR(64),
  -- Null while there is no active lease.
  expires_at     BIGINT,
  -- The newest usage report of the session.
  usage_sequence BIGINT       NOT NULL
);
CREATE INDEX node_by_expiry ON node (expires_at);

CREATE TABLE configuration (
  config_group VARCHAR(63)  NOT NULL,
  namespace    VARCHAR(63)  NOT NULL,
  name         VARCHAR(253) NOT NULL,
  revision     BIGINT       NOT NULL,
  body         VARCHAR      NOT NULL,
  PRIMARY KEY (config_group, namespace, name)
);

CREATE TABLE device (
  config_group  VARCHAR(63)  NOT NULL,
  namespace     VARCHAR(63)  NOT NULL,
  name          VARCHAR(264) NOT NULL,
  configuration VARCHAR(253) NOT NULL,
  revision      BIGINT       NOT NULL,
  body          VARCHAR      NOT NULL,
  -- When time alone changes the device next, and the length of the period that ends then.
  due_at        BIGINT,
  due_after     BIGINT,
  PRIMARY KEY (config_group, namespace, name)
);
CREATE INDEX device_by_configuration ON device (config_group, namespace, configuration, name);
CREATE INDEX device_by_due ON device (due_at);

-- Which nodes have reported which device; an index over the device's body.
CREATE TABLE device_node (
  config_group VARCHAR(63)  NOT NULL,
  namespace    VARCHAR(63)  NOT NULL,
  device       VARCHAR(264) NOT NULL,
  node         VARCHAR(253) NOT NULL,
  PRIMARY KEY (config_group, namespace, device, node)
);
CREATE INDEX device_node_by_node ON device_node (node, config_group, namespace, device);

-- A claim outlives its device's record, so there is no foreign key.
CREATE TABLE claim (
  config_group      VARCHAR(63)  NOT NULL,
  namespace         VARCHAR(63)  NOT NULL,
  device            VARCHAR(264) NOT NULL,
  node              VARCHAR(253) NOT NULL,
  resource          VARCHAR(400) NOT NULL,
  kubelet_device_id VARCHAR(400) NOT NULL,
  slot              INTEGER      NOT NULL,
  pod_namespace     VARCHAR(63),
  pod               VARCHAR(253),
  container         VARCHAR(63),
  since             BIGINT       NOT NULL,
  granted_at        BIGINT       NOT NULL,
  PRIMARY KEY (config_group, namespace, device, node, resource, kubelet_device_id),
  UNIQUE (config_group, namespace, device, slot)
);
CREATE INDEX claim_by_node ON claim (node);

-- The newest observation of each (Configuration, node, handler).
CREATE TABLE observation_progress (
  config_group  VARCHAR(63)  NOT NULL,
  namespace     VARCHAR(63)  NOT NULL,
  configuration VARCHAR(253) NOT NULL,
  node          VARCHAR(253) NOT NULL,
  handler       VARCHAR(253) NOT NULL,
  session       VARCHAR(64)  NOT NULL,
  sequence      BIGINT       NOT NULL,
  PRIMARY KEY (config_group, namespace, configuration, node, handler)
);
