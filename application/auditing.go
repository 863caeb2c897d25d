package application

import (
	"context"

	"wxlogin/domain"
	"wxlogin/ports"
)

// Recorder writes down what was done, and tells operators of it.
//
// Where a second try would find nothing left to do, the line goes before the deed:
// one too many says less that is wrong than one too few.
type Recorder struct {
	audit  ports.AuditLog
	events ports.EventSink
	clock  ports.Clock
	ids    ports.Entropy
}

// NewRecorder makes the recorder of its parts.
func NewRecorder(audit ports.AuditLog, events ports.EventSink, clock ports.Clock, ids ports.Entropy) *Recorder {
	return &Recorder{audit, events, clock, ids}
}

// told are the events of what is written down. The rest is for the audit log alone.
var told = map[domain.AuditAction]domain.EventName{
	domain.AuditLinked:            domain.EventUserLinked,
	domain.AuditUnlinked:          domain.EventUserUnlinked,
	domain.AuditLinkConflict:      domain.EventLinkConflict,
	domain.AuditPhoneBound:        domain.EventPhoneBound,
	domain.AuditProfileCleared:    domain.EventProfileCleared,
	domain.AuditDeletionRequested: domain.EventDeletionAsked,
	domain.AuditDeletionCancelled: domain.EventUserRestored,
	domain.AuditErased:            domain.EventUserErased,
	domain.AuditBanned:            domain.EventUserBanned,
	domain.AuditUnbanned:          domain.EventUserUnbanned,
}

// record writes entry down, now, under a name of its own unless it has one.
func (r *Recorder) record(ctx context.Context, entry domain.AuditEntry) error {
	entry.At = r.clock.Now()
	if entry.ID == "" {
		entry.ID = r.ids.NewID()
	}
	if err := r.audit.Append(ctx, entry); err != nil {
		return err
	}
	if name, ok := told[entry.Action]; ok {
		r.events.Report(ctx, domain.Event{Name: name, UserID: entry.UserID, AppID: entry.AppID})
	}
	return nil
}
