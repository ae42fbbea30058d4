-- +goose Up

-- Times are unix seconds in every table; NULL where a time is not known.

CREATE TABLE organisations (
    number   TEXT NOT NULL PRIMARY KEY                      -- nine digits, without prefix
             CHECK (length(number) = 9 AND number NOT GLOB '*[^0-9]*'),
    name     TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    practice INTEGER NOT NULL CHECK (practice IN (0, 1)),   -- 1: made up, has the sandbox environment only
    created  INTEGER NOT NULL                               -- when it was put on record
) STRICT;

CREATE TABLE users (
    id      TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26), -- random; what every other table and the events refer to
    issuer  TEXT NOT NULL CHECK (length(issuer) BETWEEN 1 AND 255), -- sign-in provider, or local
    subject TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 255), -- the provider's name for the person; never a national identity number
    name    TEXT NOT NULL CHECK (length(name) <= 100),      -- for people to read; nowhere else, and not in the events
    role    TEXT NOT NULL CHECK (role IN ('', 'auditor', 'admin')), -- empty: member of organisations and no more
    created INTEGER NOT NULL,
    UNIQUE (issuer, subject)
) STRICT;

CREATE TABLE members (
    seq          INTEGER NOT NULL PRIMARY KEY,              -- order in which they were added
    user         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    organisation TEXT NOT NULL REFERENCES organisations (number),
    created      INTEGER NOT NULL,
    UNIQUE (user, organisation)
) STRICT;

CREATE TABLE sign_ins (
    id           TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26), -- random; no secret, unlike the token
    token_hash   BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32), -- SHA-256 of the token in the browser's cookie
    user         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    organisation TEXT REFERENCES organisations (number),    -- which one the user represents; NULL: none
    issuer       TEXT NOT NULL CHECK (length(issuer) BETWEEN 1 AND 255),
    sid          TEXT NOT NULL CHECK (length(sid) <= 255),  -- the provider's session id, for its sign-out; may be empty
    auth_time    INTEGER,                                   -- when the provider saw the user
    created      INTEGER NOT NULL,
    last_seen    INTEGER NOT NULL,                          -- written at most once a minute
    ended        INTEGER                                    -- NULL while it lasts
) STRICT;

CREATE INDEX sign_ins_user ON sign_ins (user);

-- +goose Down

DROP TABLE sign_ins;
DROP TABLE members;
DROP TABLE users;
DROP TABLE organisations;
