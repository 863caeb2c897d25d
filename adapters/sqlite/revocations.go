package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.RevocationLog = (*RevocationLog)(nil)

const (
	// WHERE is there for ON to be no part of a join.
	recordRevocations = `INSERT INTO revocations (subject, of_user, made_at, ends_at)
		SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?) WHERE true
		ON CONFLICT (subject) DO UPDATE SET
			made_at = max(made_at, excluded.made_at),
			ends_at = max(ends_at, excluded.ends_at)`

	// The plus keeps the index on ends_at out of it: nearly all have not ended, and
	// few were made since the last look.
	findRevocations = `SELECT subject, of_user, made_at, ends_at FROM revocations WHERE made_at >= ?1 AND +ends_at > ?2`

	sweepRevocations = `DELETE FROM revocations
		WHERE subject IN (SELECT subject FROM revocations WHERE ends_at <= ? LIMIT ?)`
)

// RevocationLog implements ports.RevocationLog.
type RevocationLog struct{ store *Store }

// NewRevocationLog returns the revocations in store.
func NewRevocationLog(store *Store) *RevocationLog { return &RevocationLog{store} }

// Record implements ports.RevocationLog.
func (r *RevocationLog) Record(ctx context.Context, revocations ...domain.Revocation) error {
	if len(revocations) == 0 {
		return nil
	}
	rows := make([][4]any, len(revocations))
	for i, v := range revocations {
		rows[i] = [4]any{v.Key(), v.UserID != "", v.At.UnixMicro(), v.Until.UnixMicro()}
	}
	list, err := json.Marshal(rows)
	if err == nil {
		_, err = r.store.change(ctx, r.store.recordRevocations, string(list))
	}
	if err != nil {
		return fmt.Errorf("sqlite: record revocations: %w", err)
	}
	return nil
}

// FindSince implements ports.RevocationLog.
func (r *RevocationLog) FindSince(ctx context.Context, since, now time.Time) ([]domain.Revocation, error) {
	found, err := findAll(ctx, r.store, r.store.findRevocations, scanRevocation, since.UnixMicro(), now.UnixMicro())
	if err != nil {
		return nil, fmt.Errorf("sqlite: find revocations: %w", err)
	}
	return found, nil
}

func scanRevocation(from row) (v domain.Revocation, err error) {
	var at, until int64
	var subject string
	var ofUser bool
	if err = from.Scan(&subject, &ofUser, &at, &until); err != nil {
		return domain.Revocation{}, err
	}
	if ofUser {
		v.UserID = domain.UserID(subject)
	} else {
		v.SessionID = domain.SessionID(subject)
	}
	v.At, v.Until = fromMicro(at), fromMicro(until)
	return v, nil
}
