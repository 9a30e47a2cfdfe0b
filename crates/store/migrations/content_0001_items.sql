CREATE TABLE item (
  req    TEXT PRIMARY KEY,              -- the request's own id, as in its records
  app    TEXT NOT NULL,
  key_id TEXT NOT NULL,                 -- of the data key in the store
  at_ms  INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX item_age ON item (app, at_ms);
