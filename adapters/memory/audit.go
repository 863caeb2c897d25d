package memory

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.AuditLog = (*AuditLog)(nil)

// AuditLog implements ports.AuditLog. It grows by each entry and never shrinks.
type AuditLog struct {
	mu   sync.RWMutex
	byID map[string]domain.AuditEntry
}

// NewAuditLog returns an empty log.
func NewAuditLog() *AuditLog { return &AuditLog{byID: make(map[string]domain.AuditEntry)} }

// Append implements ports.AuditLog.
func (r *AuditLog) Append(ctx context.Context, entry domain.AuditEntry) error {
	if err := alive(ctx); err != nil {
		return err
	}
	entry.At = entry.At.UTC()
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.byID[entry.ID]; !known {
		r.byID[entry.ID] = entry
	}
	return nil
}

// FindEntries implements ports.AuditLog. It looks at every entry.
func (r *AuditLog) FindEntries(ctx context.Context, id domain.UserID, limit int) ([]domain.AuditEntry, error) {
	if err := alive(ctx); err != nil {
		return nil, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	var found []domain.AuditEntry
	for _, e := range r.byID {
		if id == "" || e.UserID == id || e.OtherID == id {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b domain.AuditEntry) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID))
	})
	return found[:min(len(found), limit)], nil
}
