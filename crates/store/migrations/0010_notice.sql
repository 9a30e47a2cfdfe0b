CREATE TABLE notice_done (
  id         TEXT PRIMARY KEY,
  rule       TEXT NOT NULL,             -- by which somebody was to be told
  app        TEXT NOT NULL,
  through_ms INTEGER NOT NULL,          -- requests until then were told of
  at_ms      INTEGER NOT NULL,
  by         TEXT NOT NULL,
  reference  TEXT NOT NULL,             -- what shows it: a letter, a number
  undone_ms  INTEGER,
  undone_by  TEXT
) STRICT;
CREATE INDEX notice_done_of_app ON notice_done (app, rule, through_ms);
