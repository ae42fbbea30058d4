-- +goose Up

-- Keys whose private half was seen where it does not belong, on record or not:
-- one that is put on record later counts as leaked from the start.
CREATE TABLE leaks (
    organisation TEXT NOT NULL REFERENCES organisations (number), -- of who pasted it
    thumbprint   TEXT NOT NULL CHECK (length(thumbprint) = 43),   -- RFC 7638, base64url
    seen         INTEGER NOT NULL,                                -- when it was first seen
    PRIMARY KEY (organisation, thumbprint)
) STRICT, WITHOUT ROWID;

-- +goose Down

DROP TABLE leaks;
