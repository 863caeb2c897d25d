package mongodb

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.AuditLog = (*AuditLog)(nil)

// AuditLog implements ports.AuditLog.
type AuditLog struct {
	audit *mongo.Collection
	calls *calls
	log   *slog.Logger
}

// NewAuditLog returns the log of what was done in s.
func NewAuditLog(s *Store) *AuditLog { return &AuditLog{s.audit, &s.calls, s.log} }

// auditDocument is a domain.AuditEntry as stored. It is never changed.
type auditDocument struct {
	ID      string             `bson:"_id"`
	At      time.Time          `bson:"at"`
	Action  domain.AuditAction `bson:"action"`
	By      domain.Actor       `bson:"by"`
	UserID  domain.UserID      `bson:"uid"`
	OtherID domain.UserID      `bson:"other,omitempty"`
	AppID   domain.AppID       `bson:"app_id,omitempty"`
}

func (d auditDocument) entry() (domain.AuditEntry, error) {
	if d.ID == "" || d.At.IsZero() || d.Action == "" {
		return domain.AuditEntry{}, errMalformed
	}
	return domain.AuditEntry(d), nil
}

// The filters are types, not maps: no value can become an operator.
type (
	anyEntry       struct{}
	entriesAboutID struct {
		Either []entryAboutID `bson:"$or"`
	}
	entryAboutID struct {
		UserID  domain.UserID `bson:"uid,omitempty"`
		OtherID domain.UserID `bson:"other,omitempty"`
	}
)

// Append implements ports.AuditLog.
func (l *AuditLog) Append(ctx context.Context, entry domain.AuditEntry) error {
	err := l.calls.run(ctx, func(ctx context.Context) error {
		_, err := l.audit.InsertOne(ctx, auditDocument(entry))
		return err
	})
	if err != nil && (!mongo.IsDuplicateKeyError(err) || notDurable(err)) {
		return fmt.Errorf("mongodb: append audit entry: %w", meaning(err))
	}
	return nil
}

// FindEntries implements ports.AuditLog.
func (l *AuditLog) FindEntries(ctx context.Context, id domain.UserID, limit int) ([]domain.AuditEntry, error) {
	if limit <= 0 {
		return nil, nil // MongoDB takes it for all
	}
	var filter any = anyEntry{}
	if id != "" {
		filter = entriesAboutID{[]entryAboutID{{UserID: id}, {OtherID: id}}}
	}
	how := options.Find().SetSort(newestEntry).SetLimit(int64(limit))
	found, err := query[auditDocument, domain.AuditEntry]{
		calls: l.calls, log: l.log, read: auditDocument.entry,
		find: func(ctx context.Context) (*mongo.Cursor, error) { return l.audit.Find(ctx, filter, how) },
	}.all(ctx)
	if err != nil {
		return nil, fmt.Errorf("mongodb: find audit entries: %w", err)
	}
	return found, nil
}
