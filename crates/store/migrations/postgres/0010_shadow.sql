-- Drills in shadow: a mode more, and what their servers may spend.
ALTER TABLE drill DROP CONSTRAINT drill_mode_check;
ALTER TABLE drill ADD CONSTRAINT drill_mode_check CHECK (mode IN ('full', 'canary', 'shadow'));

CREATE TABLE drill_grant (
  drill     TEXT NOT NULL,
  log       TEXT NOT NULL,               -- of the server that may spend it
  tokens    BIGINT NOT NULL,
  cost_nano BIGINT NOT NULL,
  PRIMARY KEY (drill, log)
);
