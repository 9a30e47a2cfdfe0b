CREATE TABLE ticket (
  id          TEXT PRIMARY KEY,
  app         TEXT NOT NULL,
  req         TEXT NOT NULL,             -- the request that asked
  mac         TEXT NOT NULL,             -- of what it asked; nothing of it is kept here
  user_mac    TEXT,                      -- of the end user's name
  route       TEXT NOT NULL,
  purpose     TEXT NOT NULL,
  classes     TEXT NOT NULL,             -- JSON
  user_in     TEXT,
  deployments TEXT NOT NULL,             -- JSON: where it would go
  rules       TEXT NOT NULL,             -- JSON: by which rules somebody must agree
  needed      INTEGER NOT NULL,          -- how many people must agree
  realm       TEXT NOT NULL,             -- the snapshot that asks
  asked_ms    INTEGER NOT NULL,
  until_ms    INTEGER NOT NULL,
  used_ms     INTEGER,
  used_by     TEXT                       -- the request that went on with it
) STRICT;
CREATE INDEX ticket_of_app ON ticket (app, asked_ms);
CREATE INDEX ticket_until ON ticket (until_ms);

CREATE TABLE ticket_word (
  ticket TEXT NOT NULL,
  person TEXT NOT NULL,
  at_ms  INTEGER NOT NULL,
  agrees INTEGER NOT NULL,               -- 1: may go; 0: may not
  reason TEXT NOT NULL,
  PRIMARY KEY (ticket, person)
) STRICT;
