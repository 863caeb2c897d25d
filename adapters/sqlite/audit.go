package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.AuditLog = (*AuditLog)(nil)

const entryColumns = "entry_id, made_at, action, actor, user_id, other_id, app_id"

const (
	appendEntry = `INSERT INTO audit_log (` + entryColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (entry_id) DO NOTHING`

	newestEntries = ` ORDER BY made_at DESC, entry_id DESC LIMIT ?2`

	// All have a time; that it is asked for makes this a search of the newest, and
	// not of the whole table.
	findEntries = `SELECT ` + entryColumns + ` FROM audit_log WHERE made_at <= ?1` + newestEntries

	// No more of each kind than asked for, so that little is read however long the
	// log is.
	findEntriesOf = `SELECT ` + entryColumns + ` FROM audit_log
		WHERE entry_id IN (SELECT entry_id FROM audit_log WHERE user_id = ?1` + newestEntries + `)
		OR entry_id IN (SELECT entry_id FROM audit_log WHERE other_id = ?1 AND other_id <> ''` + newestEntries + `)` +
		newestEntries
)

// AuditLog implements ports.AuditLog.
type AuditLog struct{ store *Store }

// NewAuditLog returns the audit log in store.
func NewAuditLog(store *Store) *AuditLog { return &AuditLog{store} }

// Append implements ports.AuditLog.
func (r *AuditLog) Append(ctx context.Context, entry domain.AuditEntry) error {
	_, err := r.store.change(ctx, r.store.appendEntry,
		entry.ID,
		micro(entry.At),
		string(entry.Action),
		string(entry.By),
		string(entry.UserID),
		string(entry.OtherID),
		string(entry.AppID),
	)
	if err != nil {
		return fmt.Errorf("sqlite: append audit entry %s: %w", entry.ID, err)
	}
	return nil
}

// FindEntries implements ports.AuditLog.
func (r *AuditLog) FindEntries(ctx context.Context, id domain.UserID, limit int) ([]domain.AuditEntry, error) {
	if id == "" {
		return r.find(ctx, r.store.findEntries, int64(math.MaxInt64), limit)
	}
	return r.find(ctx, r.store.findEntriesOf, string(id), limit)
}

func (r *AuditLog) find(ctx context.Context, statement *sql.Stmt, args ...any) ([]domain.AuditEntry, error) {
	found, err := findAll(ctx, r.store, statement, scanEntry, args...)
	if err != nil {
		return nil, fmt.Errorf("sqlite: find audit entries: %w", err)
	}
	return found, nil
}

func scanEntry(from row) (e domain.AuditEntry, err error) {
	err = from.Scan(&e.ID, moment{&e.At}, &e.Action, &e.By, &e.UserID, &e.OtherID, &e.AppID)
	if err != nil {
		return domain.AuditEntry{}, err
	}
	return e, nil
}
