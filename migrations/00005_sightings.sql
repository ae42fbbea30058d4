-- +goose Up

-- What people saw in Samarbeidsportalen in place of what the guide says: its
-- labels change, and nobody notices sooner than those who look for them.
CREATE TABLE sightings (
    seq            INTEGER NOT NULL PRIMARY KEY,            -- order in which they were told; lists go by it
    id             TEXT NOT NULL UNIQUE CHECK (length(id) = 26),
    organisation   TEXT NOT NULL REFERENCES organisations (number), -- of who told it
    integration    TEXT NOT NULL REFERENCES integrations (id), -- whose guide it was
    environment    TEXT NOT NULL CHECK (environment IN ('sandbox', 'test', 'prod')),
    step           TEXT NOT NULL CHECK (length(step) BETWEEN 1 AND 32 AND step NOT GLOB '*[^a-z-]*'), -- of the numbered guide
    saw            TEXT NOT NULL CHECK (length(saw) BETWEEN 1 AND 500), -- in the person's own words
    labels_checked INTEGER NOT NULL,                        -- how old the guide's labels were by then
    made_by        TEXT REFERENCES users (id) ON DELETE SET NULL,
    made           INTEGER NOT NULL,
    settled        INTEGER,                                 -- NULL until an administrator has dealt with it
    settled_by     TEXT REFERENCES users (id) ON DELETE SET NULL,
    nonce          TEXT NOT NULL CHECK (length(nonce) BETWEEN 1 AND 100), -- of the form that told it
    UNIQUE (integration, nonce)                             -- a form that is posted twice tells it once
) STRICT;

CREATE INDEX sightings_open ON sightings (organisation, made) WHERE settled IS NULL;

-- +goose Down

DROP TABLE sightings;
