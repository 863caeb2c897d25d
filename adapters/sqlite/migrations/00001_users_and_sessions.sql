-- +goose Up
-- Times are microseconds since 1970 in UTC. A text that is not known is ''.
CREATE TABLE users (
    identity      TEXT PRIMARY KEY NOT NULL, -- the identity's natural key
    user_id       TEXT    NOT NULL,          -- the public name, the "sub" of tokens
    app_id        TEXT    NOT NULL,
    open_id       TEXT    NOT NULL,
    union_id      TEXT    NOT NULL,
    nickname      TEXT    NOT NULL,
    avatar_url    TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    last_login_at INTEGER NOT NULL,
    banned_at     INTEGER                    -- NULL while the user may log in
) STRICT, WITHOUT ROWID;
CREATE INDEX users_by_user_id ON users (user_id);
CREATE INDEX users_by_union_id ON users (union_id) WHERE union_id <> '';

CREATE TABLE sessions (
    slot            TEXT PRIMARY KEY NOT NULL, -- one place per identity and device
    session_id      TEXT    NOT NULL,
    user_id         TEXT    NOT NULL,
    identity        TEXT    NOT NULL,
    app_id          TEXT    NOT NULL,
    device_id       TEXT    NOT NULL,
    device_name     TEXT    NOT NULL,
    device_platform TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    absolute_at     INTEGER NOT NULL,
    refresh_hash    TEXT    NOT NULL,
    sealed_key      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_identity ON sessions (identity, created_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_by_refresh ON sessions (refresh_hash) WHERE refresh_hash <> '';

-- +goose Down
DROP TABLE sessions;
DROP TABLE users;
