CREATE TABLE console_link (
  hash       BLOB PRIMARY KEY,          -- SHA-256 of a one-time link's token
  person     TEXT NOT NULL,             -- as records of changes name whoever uses it
  role       TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'auditor', 'admin')),
  expires_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE console_session (
  hash       BLOB PRIMARY KEY,          -- SHA-256 of the cookie
  person     TEXT NOT NULL,
  role       TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'auditor', 'admin')),
  expires_ms INTEGER NOT NULL
) STRICT;
