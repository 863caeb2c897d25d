-- +goose Up
-- The default is for the versions before this one, and for all whom a login made.
ALTER TABLE users ADD COLUMN first_login_at INTEGER; -- NULL: created_at; 0: never, since an import made the user

-- +goose Down
ALTER TABLE users DROP COLUMN first_login_at;
