package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.SessionRepository = (*SessionRepository)(nil)

// maxFound is the most sessions that FindLive returns.
const maxFound = 20

const sessionColumns = `session_id, user_id, identity, app_id, device_id, device_name, device_platform,
	created_at, expires_at, absolute_at, refresh_hash, sealed_key`

const (
	saveSession = `INSERT OR REPLACE INTO sessions (slot, ` + sessionColumns + `)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

	findLive = `SELECT ` + sessionColumns + ` FROM sessions
		WHERE identity = ?1 AND expires_at > ?2 AND absolute_at > ?2
		ORDER BY created_at DESC, session_id DESC LIMIT ?3`

	sweepSessions = `DELETE FROM sessions
		WHERE slot IN (SELECT slot FROM sessions WHERE expires_at <= ? LIMIT ?)`
)

// SessionRepository implements ports.SessionRepository.
type SessionRepository struct{ store *Store }

// NewSessionRepository returns the sessions in store.
func NewSessionRepository(store *Store) *SessionRepository { return &SessionRepository{store} }

// Save implements ports.SessionRepository.
func (r *SessionRepository) Save(ctx context.Context, s domain.Session) error {
	err := r.store.writer.submit(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.StmtContext(ctx, r.store.saveSession).ExecContext(ctx,
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
			string(s.Refresh),
			string(s.Key),
		)
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlite: save session %s: %w", s.ID, err)
	}
	return nil
}

// FindLive implements ports.SessionRepository.
func (r *SessionRepository) FindLive(ctx context.Context, owner domain.IdentityKey, now time.Time) ([]domain.Session, error) {
	found, err := r.find(ctx, owner, now)
	if err != nil {
		return nil, fmt.Errorf("sqlite: find sessions: %w", meaning(err))
	}
	return found, nil
}

func (r *SessionRepository) find(ctx context.Context, owner domain.IdentityKey, now time.Time) (found []domain.Session, err error) {
	if err := r.store.writer.working(); err != nil {
		return nil, err
	}
	rows, err := r.store.findLive.QueryContext(ctx, string(owner), now.UnixMicro(), maxFound)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		s, err := scanSession(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, s)
	}
	return found, rows.Err()
}

func scanSession(rows *sql.Rows) (s domain.Session, err error) {
	var created, expires, absolute int64
	err = rows.Scan(&s.ID, &s.UserID, &s.Identity, &s.AppID, &s.Device.ID, &s.Device.Name, &s.Device.Platform,
		&created, &expires, &absolute, &s.Refresh, &s.Key)
	s.CreatedAt, s.ExpiresAt, s.AbsoluteAt = fromMicro(created), fromMicro(expires), fromMicro(absolute)
	return s, err
}
