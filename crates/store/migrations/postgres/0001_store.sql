CREATE TABLE key (
  id         TEXT PRIMARY KEY,
  app        TEXT NOT NULL,
  hash       BYTEA NOT NULL UNIQUE,     -- SHA-256 of the key; the key itself is never kept
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT,
  revoked_ms BIGINT
);

CREATE TABLE record_secret (
  id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  app          TEXT NOT NULL,
  secret       BYTEA,                   -- NULL once destroyed: the texts under it can never be shown again
  created_ms   BIGINT NOT NULL,
  destroyed_ms BIGINT
);
CREATE UNIQUE INDEX record_secret_live ON record_secret (app) WHERE destroyed_ms IS NULL;

CREATE TABLE suspension (
  kind     TEXT NOT NULL CHECK (kind IN ('app', 'provider', 'deployment')),
  id       TEXT NOT NULL,
  since_ms BIGINT NOT NULL,
  by       TEXT NOT NULL,
  PRIMARY KEY (kind, id)
);

CREATE TABLE outbox (
  seq      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id       TEXT NOT NULL UNIQUE,
  body     TEXT NOT NULL,               -- a ledger record, as JSON
  taken_by TEXT,                        -- the log whose server is writing it down
  taken_ms BIGINT
);

CREATE TABLE generation (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  value BIGINT NOT NULL
);
INSERT INTO generation VALUES (1, 0);

CREATE TABLE request (
  id       TEXT PRIMARY KEY,
  what     TEXT NOT NULL,
  argument TEXT NOT NULL,
  by       TEXT NOT NULL,
  target   TEXT,                        -- the log whose server is asked; NULL: whichever runs
  asked_ms BIGINT NOT NULL,
  taken_ms BIGINT,                      -- when the server began; from then on it cannot be withdrawn
  done     BIGINT,                      -- 1 done, 0 refused, NULL not answered
  answer   TEXT
);
