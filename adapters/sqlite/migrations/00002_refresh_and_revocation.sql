-- +goose Up
-- The defaults are for the version before this one: what it stored can be read,
-- and while an update is under way it goes on to store sessions.
ALTER TABLE sessions ADD COLUMN family TEXT NOT NULL DEFAULT '';       -- '' where it cannot be renewed
ALTER TABLE sessions ADD COLUMN rotated_at INTEGER NOT NULL DEFAULT 0; -- 0 before the first refresh
ALTER TABLE sessions ADD COLUMN retry_key TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN retry_sealed TEXT NOT NULL DEFAULT '';
CREATE INDEX sessions_by_user_id ON sessions (user_id, created_at);
CREATE INDEX sessions_by_family ON sessions (family) WHERE family <> '';
CREATE INDEX sessions_by_retry_key ON sessions (retry_key) WHERE retry_key <> '';
DROP INDEX sessions_by_refresh; -- nothing is found by it

CREATE TABLE refresh_claims (
    parent       TEXT PRIMARY KEY NOT NULL, -- hash of the refresh token that was spent
    child        TEXT    NOT NULL,          -- hash of the one that replaces it
    sealed_child TEXT    NOT NULL,
    ends_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_claims_by_end ON refresh_claims (ends_at);

CREATE TABLE revocations (
    subject TEXT PRIMARY KEY NOT NULL, -- the id of a session, or of a user
    of_user INTEGER NOT NULL,          -- 1: of all that the user began before made_at
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL           -- when it has nothing left to stop
) STRICT, WITHOUT ROWID;
CREATE INDEX revocations_by_time ON revocations (made_at);
CREATE INDEX revocations_by_end ON revocations (ends_at);

-- +goose Down
DROP TABLE revocations;
DROP TABLE refresh_claims;
DROP INDEX sessions_by_retry_key;
DROP INDEX sessions_by_family;
DROP INDEX sessions_by_user_id;
ALTER TABLE sessions DROP COLUMN retry_sealed;
ALTER TABLE sessions DROP COLUMN retry_key;
ALTER TABLE sessions DROP COLUMN rotated_at;
ALTER TABLE sessions DROP COLUMN family;
CREATE INDEX sessions_by_refresh ON sessions (refresh_hash) WHERE refresh_hash <> '';
