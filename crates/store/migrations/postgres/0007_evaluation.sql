CREATE TABLE evaluation (
  id           TEXT PRIMARY KEY,
  at_ms        BIGINT NOT NULL,
  by           TEXT NOT NULL,
  origin       TEXT NOT NULL CHECK (origin IN ('own', 'published')),
  suite        TEXT NOT NULL,
  sha256       TEXT,                     -- of the suite; of a published result nobody knows it
  model        TEXT NOT NULL,
  deployment   TEXT,                     -- where it was asked
  route        TEXT,
  app          TEXT,
  realm        TEXT,                     -- the snapshot that decided
  simulated    BIGINT NOT NULL,         -- 1: what answered stands in for a model
  judge        TEXT,                     -- the route of the judge, where one ruled
  questions    BIGINT,
  passed       BIGINT,
  score_ppm    BIGINT NOT NULL,         -- the share of right answers, in millionths
  low_ppm      BIGINT,                  -- its 95 % interval
  high_ppm     BIGINT,
  published_on TEXT,
  source       TEXT,                     -- who published it
  body         TEXT NOT NULL,            -- JSON: by kind, what it used, how long it took
  answers      TEXT NOT NULL             -- JSON: right or not, by question
);
CREATE INDEX evaluation_of_deployment ON evaluation (deployment, suite, at_ms);
