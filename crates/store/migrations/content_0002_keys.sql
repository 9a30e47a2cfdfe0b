-- For how long what a key sealed is kept, as its organisation's realm said last: the realm may name it no more.
CREATE TABLE key_days (
  key_id TEXT PRIMARY KEY,
  days   INTEGER NOT NULL
) STRICT;
DROP INDEX item_age;
CREATE INDEX item_key ON item (key_id, at_ms);
CREATE INDEX item_app ON item (app, key_id);
