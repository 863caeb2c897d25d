-- +goose Up
-- The defaults are for the version before this one, as in 00002: to it every user
-- has one identity, of whom nothing but the nickname and WeChat's avatar is known.
ALTER TABLE users ADD COLUMN nickname_at INTEGER NOT NULL DEFAULT 0; -- 0 where nobody knows any more
ALTER TABLE users ADD COLUMN avatar TEXT NOT NULL DEFAULT '';        -- the picture that was uploaded
ALTER TABLE users ADD COLUMN avatar_at INTEGER NOT NULL DEFAULT 0;   -- of either avatar; 0 as above
ALTER TABLE users ADD COLUMN sealed_phone TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN phone_index TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN phone_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN delete_at INTEGER;                      -- NULL while the user is to stay
ALTER TABLE users ADD COLUMN born_as TEXT NOT NULL DEFAULT '';       -- '' where it belongs to the user that it made
ALTER TABLE users ADD COLUMN several INTEGER NOT NULL DEFAULT 0;     -- 1: user_id may have other identities
ALTER TABLE users ADD COLUMN decided_union TEXT NOT NULL DEFAULT ''; -- the union_id that user_id was decided by
ALTER TABLE users ADD COLUMN apart INTEGER NOT NULL DEFAULT 0;       -- 1: no login links it
CREATE INDEX users_by_phone ON users (phone_index) WHERE phone_index <> '';
CREATE INDEX users_by_deletion ON users (delete_at) WHERE delete_at IS NOT NULL;
DROP INDEX users_by_union_id; -- nothing is found by it: union_claims says whose one is

CREATE TABLE union_claims (
    union_id TEXT PRIMARY KEY NOT NULL,
    user_id  TEXT    NOT NULL,
    disputed INTEGER NOT NULL -- 1: an operator decides whose it is
) STRICT, WITHOUT ROWID;
CREATE INDEX union_claims_by_user_id ON union_claims (user_id);

-- Rows are added and never changed.
CREATE TABLE audit_log (
    entry_id TEXT PRIMARY KEY NOT NULL,
    made_at  INTEGER NOT NULL,
    action   TEXT    NOT NULL,
    actor    TEXT    NOT NULL,
    user_id  TEXT    NOT NULL,
    other_id TEXT    NOT NULL, -- '' where nobody else is concerned
    app_id   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_log_by_time ON audit_log (made_at);
CREATE INDEX audit_log_by_user_id ON audit_log (user_id, made_at);
CREATE INDEX audit_log_by_other_id ON audit_log (other_id, made_at) WHERE other_id <> '';

-- +goose Down
DROP TABLE audit_log;
DROP TABLE union_claims;
CREATE INDEX users_by_union_id ON users (union_id) WHERE union_id <> '';
DROP INDEX users_by_deletion;
DROP INDEX users_by_phone;
ALTER TABLE users DROP COLUMN apart;
ALTER TABLE users DROP COLUMN decided_union;
ALTER TABLE users DROP COLUMN several;
ALTER TABLE users DROP COLUMN born_as;
ALTER TABLE users DROP COLUMN delete_at;
ALTER TABLE users DROP COLUMN phone_at;
ALTER TABLE users DROP COLUMN phone_index;
ALTER TABLE users DROP COLUMN sealed_phone;
ALTER TABLE users DROP COLUMN avatar_at;
ALTER TABLE users DROP COLUMN avatar;
ALTER TABLE users DROP COLUMN nickname_at;
