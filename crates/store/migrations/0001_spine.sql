CREATE TABLE key (
  id         TEXT PRIMARY KEY,
  app        TEXT NOT NULL,
  hash       BLOB NOT NULL UNIQUE,      -- SHA-256 of the key; the key itself is never kept
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER,
  revoked_ms INTEGER
) STRICT;

CREATE TABLE record_secret (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  app          TEXT NOT NULL,
  secret       BLOB,                    -- NULL once destroyed: the texts under it can never be shown again
  created_ms   INTEGER NOT NULL,
  destroyed_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX record_secret_live ON record_secret (app) WHERE destroyed_ms IS NULL;

CREATE TABLE suspension (
  kind     TEXT NOT NULL CHECK (kind IN ('app', 'provider', 'deployment')),
  id       TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  by       TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT;

CREATE TABLE outbox (
  seq  INTEGER PRIMARY KEY AUTOINCREMENT,
  id   TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL                    -- a ledger record, as JSON
) STRICT;

CREATE TABLE generation (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  value INTEGER NOT NULL
) STRICT;
INSERT INTO generation VALUES (1, 0);
