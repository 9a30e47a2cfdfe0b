CREATE TABLE drill (
  id                 TEXT PRIMARY KEY,
  title              TEXT NOT NULL,
  scenario           TEXT NOT NULL,      -- the file as it was read
  sha256             TEXT NOT NULL,      -- of it
  cuts               TEXT NOT NULL,      -- JSON: what it takes away, names settled
  mode               TEXT NOT NULL CHECK (mode IN ('full', 'canary')),
  percent            BIGINT NOT NULL CHECK (percent BETWEEN 1 AND 100),
  minutes            BIGINT NOT NULL,
  reason             TEXT NOT NULL,
  realm              TEXT NOT NULL,      -- the snapshot in force when it was proposed
  proposed_by        TEXT NOT NULL,
  proposed_ms        BIGINT NOT NULL,
  proposed_signature TEXT NOT NULL,
  approved_by        TEXT,
  approved_ms        BIGINT,
  approved_signature TEXT,
  until_ms           BIGINT,            -- when it ends by itself; set by the approval
  started_ms         BIGINT,            -- when the first server had it in force
  ended_ms           BIGINT,
  ended_how          TEXT CHECK (ended_how IN ('over', 'aborted', 'guardrail')),
  ended_by           TEXT,
  ended_why          TEXT
);

CREATE TABLE drill_report (
  drill TEXT NOT NULL,
  log   TEXT NOT NULL,                   -- of the server that says so
  at_ms BIGINT NOT NULL,
  body  TEXT NOT NULL,                   -- JSON: what it counted
  PRIMARY KEY (drill, log)
);
