-- +goose Up

-- The client id that the proof was made for; NULL: run before it was kept.
ALTER TABLE proofs ADD COLUMN client_id TEXT CHECK (length(client_id) BETWEEN 1 AND 255
    AND client_id NOT GLOB '*[^A-Za-z0-9._:-]*');

-- +goose Down

ALTER TABLE proofs DROP COLUMN client_id;
