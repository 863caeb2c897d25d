-- +goose Up
-- Of very many sessions of one user, those that are named are found in the index
-- alone. One of session_id would find them at once, and cost each login a page more.
CREATE INDEX sessions_of_user ON sessions (user_id, created_at, session_id);
DROP INDEX sessions_by_user_id;

-- +goose Down
CREATE INDEX sessions_by_user_id ON sessions (user_id, created_at);
DROP INDEX sessions_of_user;
