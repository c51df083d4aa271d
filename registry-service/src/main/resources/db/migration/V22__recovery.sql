-- A new database may have been lost by a cluster that goes on: 2 until the scheduler has told of the nodes, 1 until all
-- of them that may hold slots have told which, 0 from then on.
ALTER TABLE registry_state ADD COLUMN recovering SMALLINT DEFAULT 2 NOT NULL;

-- Whether the node has told, to this database, which slots it uses.
ALTER TABLE node ADD COLUMN has_accounted BOOLEAN DEFAULT FALSE NOT NULL;
