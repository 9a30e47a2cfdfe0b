CREATE TABLE content_key (
  id           TEXT PRIMARY KEY,
  app          TEXT NOT NULL,
  organisation TEXT NOT NULL,
  public       TEXT NOT NULL,           -- the organisation's public key that it is wrapped for
  wrapped      BYTEA,                    -- NULL once destroyed: what is sealed under it can never be opened again
  created_ms   BIGINT NOT NULL,
  destroyed_ms BIGINT
);
CREATE INDEX content_key_live ON content_key (app) WHERE destroyed_ms IS NULL;

CREATE TABLE content_opening (
  id               TEXT PRIMARY KEY,
  req              TEXT NOT NULL,
  app              TEXT NOT NULL,
  organisation     TEXT NOT NULL,
  reason           TEXT NOT NULL,
  asked_by         TEXT NOT NULL,
  asked_ms         BIGINT NOT NULL,
  asked_signature  BYTEA NOT NULL,
  agreed_by        TEXT,
  agreed_ms        BIGINT,
  agreed_signature BYTEA,
  opened_ms        BIGINT
);
