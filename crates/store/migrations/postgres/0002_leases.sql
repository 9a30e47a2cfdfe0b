-- Times are the database's own, so that the clocks of replicas need not agree.
CREATE TABLE replica (
  id         TEXT PRIMARY KEY,          -- the log that it writes
  session    TEXT NOT NULL,             -- of the process that speaks for it now
  expires_ms BIGINT NOT NULL
);

CREATE TABLE lease (
  scope     TEXT NOT NULL,              -- app:…, organisation:…, route:…
  kind      TEXT NOT NULL,              -- requests, tokens, concurrent, money
  period    BIGINT NOT NULL,            -- the month of money; 0 for rates
  replica   TEXT NOT NULL,
  granted   BIGINT NOT NULL,            -- what the replica may have used in all
  used      BIGINT NOT NULL,            -- what it last said that it has used, with what is under way
  unmet     BIGINT NOT NULL,            -- what it asked for beyond that and did not get
  ends_ms   BIGINT,                     -- when it counts no more without another word; NULL: only after one
  PRIMARY KEY (scope, kind, period, replica)
);
