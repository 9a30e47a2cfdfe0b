-- Roles are of organisations from here on. Links last minutes and sessions hours: whoever is signed in signs in again.
DROP TABLE console_link;
DROP TABLE console_session;

CREATE TABLE console_link (
  hash       BYTEA PRIMARY KEY,         -- SHA-256 of a one-time link's token
  person     TEXT NOT NULL,             -- as records of changes name whoever uses it
  roles      TEXT NOT NULL,             -- organisation=role …; * is each organisation, @ the whole
  expires_ms BIGINT NOT NULL
);

CREATE TABLE console_account (
  name        TEXT PRIMARY KEY,         -- who signs in, and as records of changes name them
  password    TEXT NOT NULL,            -- argon2id, as a PHC string
  roles       TEXT NOT NULL,
  created_ms  BIGINT NOT NULL,
  disabled_ms BIGINT
);

CREATE TABLE console_session (
  hash       BYTEA PRIMARY KEY,         -- SHA-256 of the cookie
  person     TEXT NOT NULL,
  account    TEXT REFERENCES console_account (name), -- whose roles hold as they stand; none: a link's, as given
  roles      TEXT NOT NULL,
  expires_ms BIGINT NOT NULL
);
