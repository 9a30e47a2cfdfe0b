CREATE TABLE content_key (
  id           TEXT PRIMARY KEY,
  app          TEXT NOT NULL,
  organisation TEXT NOT NULL,
  public       TEXT NOT NULL,           -- the organisation's public key that it is wrapped for
  wrapped      BLOB,                    -- NULL once destroyed: what is sealed under it can never be opened again
  created_ms   INTEGER NOT NULL,
  destroyed_ms INTEGER
) STRICT;
CREATE INDEX content_key_live ON content_key (app) WHERE destroyed_ms IS NULL;

CREATE TABLE content_opening (
  id               TEXT PRIMARY KEY,
  req              TEXT NOT NULL,
  app              TEXT NOT NULL,
  organisation     TEXT NOT NULL,
  reason           TEXT NOT NULL,
  asked_by         TEXT NOT NULL,
  asked_ms         INTEGER NOT NULL,
  asked_signature  BLOB NOT NULL,
  agreed_by        TEXT,
  agreed_ms        INTEGER,
  agreed_signature BLOB,
  opened_ms        INTEGER
) STRICT;
