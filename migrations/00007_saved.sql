-- +goose Up

-- When somebody showed that the private half is saved, and how; NULL: nobody did.
ALTER TABLE keys ADD COLUMN saved INTEGER;
ALTER TABLE keys ADD COLUMN saved_how TEXT CHECK (saved_how IN ('signature', 'responsibility'));

-- +goose Down

ALTER TABLE keys DROP COLUMN saved_how;
ALTER TABLE keys DROP COLUMN saved;
