package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.SessionRepository = (*SessionRepository)(nil)

// The most sessions that FindLive and FindLiveOf return.
const (
	maxFound   = 20
	maxFoundOf = 200
)

const sessionColumns = `session_id, user_id, identity, app_id, device_id, device_name, device_platform,
	created_at, expires_at, absolute_at, family, refresh_hash, rotated_at, retry_key, retry_sealed, sealed_key`

const (
	saveSession = `INSERT INTO sessions (slot, ` + sessionColumns + `)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (slot) DO UPDATE SET (` + sessionColumns + `) = (excluded.session_id, excluded.user_id,
			excluded.identity, excluded.app_id, excluded.device_id, excluded.device_name, excluded.device_platform,
			excluded.created_at, excluded.expires_at, excluded.absolute_at, excluded.family, excluded.refresh_hash,
			excluded.rotated_at, excluded.retry_key, excluded.retry_sealed,
			iif(excluded.sealed_key = '' AND expires_at > excluded.created_at AND absolute_at > excluded.created_at,
				sealed_key, excluded.sealed_key))`

	isLive = ` AND expires_at > ?2 AND absolute_at > ?2 `

	newestFirst = `ORDER BY created_at DESC, session_id DESC LIMIT ?3`

	findLive = `SELECT ` + sessionColumns + ` FROM sessions WHERE identity = ?1 AND sealed_key <> ''` + isLive + newestFirst
	// One may have very many sessions: those that are named are looked for in an
	// index alone.
	findLiveOf = `SELECT ` + sessionColumns + ` FROM sessions WHERE ?4 = 'null' AND user_id = ?1` + isLive +
		`UNION ALL SELECT ` + sessionColumns + ` FROM sessions WHERE ?4 <> 'null' AND slot IN
		(SELECT slot FROM sessions WHERE user_id = ?1 AND session_id IN (SELECT value FROM json_each(?4)))` + isLive + newestFirst

	deleteSessions = `DELETE FROM sessions WHERE slot IN
		(SELECT slot FROM sessions WHERE user_id = ?1 AND session_id IN (SELECT value FROM json_each(?2)))`

	setKey = `UPDATE sessions SET sealed_key = ? WHERE slot = ? AND session_id = ?`

	sweepSessions = `DELETE FROM sessions
		WHERE slot IN (SELECT slot FROM sessions WHERE expires_at <= ? LIMIT ?)`
)

// SessionRepository implements ports.SessionRepository.
type SessionRepository struct{ store *Store }

// NewSessionRepository returns the sessions in store.
func NewSessionRepository(store *Store) *SessionRepository { return &SessionRepository{store} }

// Save implements ports.SessionRepository.
func (r *SessionRepository) Save(ctx context.Context, s domain.Session) error {
	if _, err := r.store.change(ctx, r.store.saveSession, fields(s)...); err != nil {
		return fmt.Errorf("sqlite: save session %s: %w", s.ID, err)
	}
	return nil
}

// fields are what saveSession stores.
func fields(s domain.Session) []any {
	return []any{
		s.Slot(),
		string(s.ID),
		string(s.UserID),
		string(s.Identity),
		string(s.AppID),
		s.Device.ID,
		s.Device.Name,
		s.Device.Platform,
		s.CreatedAt.UnixMicro(),
		s.ExpiresAt.UnixMicro(),
		s.AbsoluteAt.UnixMicro(),
		string(s.Family),
		string(s.Refresh),
		micro(s.RotatedAt),
		string(s.Retry.Key),
		string(s.Retry.Refresh),
		string(s.Key),
	}
}

// FindLive implements ports.SessionRepository.
func (r *SessionRepository) FindLive(ctx context.Context, owner domain.IdentityKey, now time.Time) ([]domain.Session, error) {
	return r.find(ctx, r.store.findLive, string(owner), now.UnixMicro(), maxFound)
}

// FindLiveOf implements ports.SessionRepository.
func (r *SessionRepository) FindLiveOf(ctx context.Context, user domain.UserID, now time.Time, ids ...domain.SessionID) ([]domain.Session, error) {
	if len(ids) == 0 {
		ids = nil // null: of any
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("sqlite: find sessions of user %s: %w", user, err)
	}
	return r.find(ctx, r.store.findLiveOf, string(user), now.UnixMicro(), maxFoundOf, string(list))
}

func (r *SessionRepository) find(ctx context.Context, statement *sql.Stmt, args ...any) ([]domain.Session, error) {
	found, err := findAll(ctx, r.store, statement, scanSession, args...)
	if err != nil {
		return nil, fmt.Errorf("sqlite: find sessions: %w", err)
	}
	return found, nil
}

// Delete implements ports.SessionRepository.
func (r *SessionRepository) Delete(ctx context.Context, user domain.UserID, ids ...domain.SessionID) error {
	if len(ids) == 0 {
		return nil
	}
	list, err := json.Marshal(ids)
	if err == nil {
		_, err = r.store.change(ctx, r.store.deleteSessions, string(user), string(list))
	}
	if err != nil {
		return fmt.Errorf("sqlite: delete sessions of user %s: %w", user, err)
	}
	return nil
}

// SetKey implements ports.SessionRepository.
func (r *SessionRepository) SetKey(ctx context.Context, s domain.Session, key domain.SealedKey) error {
	if _, err := r.store.change(ctx, r.store.setKey, string(key), s.Slot(), string(s.ID)); err != nil {
		return fmt.Errorf("sqlite: set key of session %s: %w", s.ID, err)
	}
	return nil
}

func scanSession(from row) (s domain.Session, err error) {
	err = from.Scan(&s.ID, &s.UserID, &s.Identity, &s.AppID, &s.Device.ID, &s.Device.Name, &s.Device.Platform,
		moment{&s.CreatedAt}, moment{&s.ExpiresAt}, moment{&s.AbsoluteAt},
		&s.Family, &s.Refresh, moment{&s.RotatedAt}, &s.Retry.Key, &s.Retry.Refresh, &s.Key)
	if err != nil {
		return domain.Session{}, err
	}
	return s, nil
}
