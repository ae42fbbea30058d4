-- +goose Up

-- The audit trail. hash is SHA-256 over "portvakt-audit/v1\n" seq "\n" prev "\n"
-- body, in hex, so that each row vouches for all rows before it. There is no
-- UNIQUE beside seq: INSERT OR REPLACE would delete the row in its way.
CREATE TABLE events (
    seq          INTEGER NOT NULL PRIMARY KEY,              -- 1, 2, 3 … without gaps
    prev         TEXT NOT NULL CHECK (length(prev) = 64),   -- hash of the row before; sixty-four zeros in the first
    body         TEXT NOT NULL CHECK (json_type(body) = 'object'), -- canonical JSON: members sorted, no spaces
    hash         TEXT NOT NULL CHECK (length(hash) = 64),
    -- What queries go by, read out of the body.
    at           INTEGER GENERATED ALWAYS AS (body ->> '$.at') VIRTUAL,
    actor        TEXT GENERATED ALWAYS AS (body ->> '$.actor') VIRTUAL, -- user id, never a name; empty: the portal itself
    organisation TEXT GENERATED ALWAYS AS (body ->> '$.organisation') VIRTUAL,
    integration  TEXT GENERATED ALWAYS AS (body ->> '$.integration') VIRTUAL,
    object       TEXT GENERATED ALWAYS AS (body ->> '$.object') VIRTUAL,
    kind         TEXT GENERATED ALWAYS AS (body ->> '$.kind') VIRTUAL
) STRICT;

CREATE INDEX events_of ON events (integration, seq);
CREATE INDEX events_by ON events (actor, kind, integration, object, at);

-- +goose StatementBegin
CREATE TRIGGER events_append BEFORE INSERT ON events
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
  OR NEW.prev IS NOT coalesce((SELECT hash FROM events ORDER BY seq DESC LIMIT 1), hex(zeroblob(32)))
BEGIN
    SELECT RAISE(ABORT, 'events are appended at the end only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never deleted');
END;
-- +goose StatementEnd

-- +goose Down

DROP TABLE events;
