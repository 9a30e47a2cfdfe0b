CREATE TABLE notice_done (
  id         TEXT PRIMARY KEY,
  rule       TEXT NOT NULL,             -- by which somebody was to be told
  app        TEXT NOT NULL,
  through_ms BIGINT NOT NULL,          -- requests until then were told of
  at_ms      BIGINT NOT NULL,
  by         TEXT NOT NULL,
  reference  TEXT NOT NULL,             -- what shows it: a letter, a number
  undone_ms  BIGINT,
  undone_by  TEXT
);
CREATE INDEX notice_done_of_app ON notice_done (app, rule, through_ms);
