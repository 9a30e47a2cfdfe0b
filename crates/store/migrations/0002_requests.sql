CREATE TABLE request (
  id       TEXT PRIMARY KEY,
  what     TEXT NOT NULL,
  argument TEXT NOT NULL,
  by       TEXT NOT NULL,
  asked_ms INTEGER NOT NULL,
  taken_ms INTEGER,                     -- when the server began; from then on it cannot be withdrawn
  done     INTEGER,                     -- 1 done, 0 refused, NULL not answered
  answer   TEXT
) STRICT;
