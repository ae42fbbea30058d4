-- +goose Up

-- When the private half was pasted where it does not belong; NULL: never seen.
ALTER TABLE keys ADD COLUMN leaked INTEGER;

-- 1: has a key in its life whose private half was seen so, and no newer one in
-- its place. Derived like the other columns for lists.
ALTER TABLE integrations ADD COLUMN key_leaked INTEGER NOT NULL DEFAULT 0 CHECK (key_leaked IN (0, 1));

CREATE INDEX keys_thumbprint ON keys (thumbprint);

-- +goose Down

DROP INDEX keys_thumbprint;
ALTER TABLE integrations DROP COLUMN key_leaked;
ALTER TABLE keys DROP COLUMN leaked;
