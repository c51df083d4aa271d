CREATE TABLE handler (
  node     VARCHAR(253) NOT NULL,
  name     VARCHAR(253) NOT NULL,
  revision BIGINT       NOT NULL,
  body     VARCHAR      NOT NULL,
  PRIMARY KEY (node, name)
);
CREATE INDEX handler_by_name ON handler (name);

-- The newest report of each node.
CREATE TABLE handler_report (
  node     VARCHAR(253) NOT NULL PRIMARY KEY,
  session  VARCHAR(64)  NOT NULL,
  sequence BIGINT       NOT NULL
);
