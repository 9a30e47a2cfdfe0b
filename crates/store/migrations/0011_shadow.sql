-- Drills in shadow: a mode more, and what their servers may spend.
CREATE TABLE drill_new (
  id                 TEXT PRIMARY KEY,
  title              TEXT NOT NULL,
  scenario           TEXT NOT NULL,      -- the file as it was read
  sha256             TEXT NOT NULL,      -- of it
  cuts               TEXT NOT NULL,      -- JSON: what it takes away, names settled
  mode               TEXT NOT NULL CHECK (mode IN ('full', 'canary', 'shadow')),
  percent            INTEGER NOT NULL CHECK (percent BETWEEN 1 AND 100),
  minutes            INTEGER NOT NULL,
  reason             TEXT NOT NULL,
  realm              TEXT NOT NULL,      -- the snapshot in force when it was proposed
  proposed_by        TEXT NOT NULL,
  proposed_ms        INTEGER NOT NULL,
  proposed_signature TEXT NOT NULL,
  approved_by        TEXT,
  approved_ms        INTEGER,
  approved_signature TEXT,
  until_ms           INTEGER,            -- when it ends by itself; set by the approval
  started_ms         INTEGER,            -- when the first server had it in force
  ended_ms           INTEGER,
  ended_how          TEXT CHECK (ended_how IN ('over', 'aborted', 'guardrail')),
  ended_by           TEXT,
  ended_why          TEXT
) STRICT;
INSERT INTO drill_new SELECT * FROM drill;
DROP TABLE drill;
ALTER TABLE drill_new RENAME TO drill;

CREATE TABLE drill_grant (
  drill     TEXT NOT NULL,
  log       TEXT NOT NULL,               -- of the server that may spend it
  tokens    INTEGER NOT NULL,
  cost_nano INTEGER NOT NULL,
  PRIMARY KEY (drill, log)
) STRICT;
