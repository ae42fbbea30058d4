-- +goose Up

-- What a proof asked for otherwise than usual, as JSON; NULL: nothing.
ALTER TABLE proofs ADD COLUMN options TEXT CHECK (json_type(options) = 'object' AND length(options) <= 30000);

-- 1: asked for some of the scopes only, which proves less than the integration.
ALTER TABLE proofs ADD COLUMN part INTEGER NOT NULL DEFAULT 0 CHECK (part IN (0, 1));

-- +goose Down

ALTER TABLE proofs DROP COLUMN part;
ALTER TABLE proofs DROP COLUMN options;
