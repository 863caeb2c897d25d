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

var _ ports.SessionRepository = (*SessionRepository)(nil)

// maxFound is the most sessions that FindLive returns.
const maxFound = 20

// SessionRepository implements ports.SessionRepository.
type SessionRepository struct {
	sessions *mongo.Collection
	calls    *calls
	log      *slog.Logger
}

// NewSessionRepository returns the repository of the sessions in s.
func NewSessionRepository(s *Store) *SessionRepository {
	return &SessionRepository{s.sessions, &s.calls, s.log}
}

// sessionDocument is a session as stored. It changes only in ways that older
// versions of this service can read.
type sessionDocument struct {
	Slot       string             `bson:"_id"`
	ID         domain.SessionID   `bson:"sid"`
	UserID     domain.UserID      `bson:"uid"`
	Identity   domain.IdentityKey `bson:"identity"`
	AppID      domain.AppID       `bson:"app_id"`
	DeviceID   string             `bson:"device_id,omitempty"`
	DeviceName string             `bson:"device_name,omitempty"`
	Platform   string             `bson:"platform,omitempty"`
	CreatedAt  time.Time          `bson:"created_at"`
	ExpiresAt  time.Time          `bson:"expires_at"`
	AbsoluteAt time.Time          `bson:"absolute_at"`
	EndsAt     time.Time          `bson:"ends_at"` // the earlier of the two; what the TTL index is on
	Refresh    domain.RefreshHash `bson:"refresh,omitempty"`
	Key        domain.SealedKey   `bson:"sealed_key,omitempty"`
}

func sessionDocumentOf(s domain.Session) sessionDocument {
	ends := s.ExpiresAt
	if s.AbsoluteAt.Before(ends) {
		ends = s.AbsoluteAt
	}
	return sessionDocument{
		Slot: s.Slot(), ID: s.ID, UserID: s.UserID, Identity: s.Identity, AppID: s.AppID,
		DeviceID: s.Device.ID, DeviceName: s.Device.Name, Platform: s.Device.Platform,
		CreatedAt: s.CreatedAt, ExpiresAt: s.ExpiresAt, AbsoluteAt: s.AbsoluteAt, EndsAt: ends,
		Refresh: s.Refresh, Key: s.Key,
	}
}

func (d sessionDocument) session() (domain.Session, error) {
	s := domain.Session{
		ID: d.ID, UserID: d.UserID, Identity: d.Identity, AppID: d.AppID,
		Device:    domain.Device{ID: d.DeviceID, Name: d.DeviceName, Platform: d.Platform},
		CreatedAt: d.CreatedAt, ExpiresAt: d.ExpiresAt, AbsoluteAt: d.AbsoluteAt,
		Refresh: d.Refresh, Key: d.Key,
	}
	if s.ID == "" || s.UserID == "" || s.Slot() != d.Slot {
		return domain.Session{}, errMalformed
	}
	return s, nil
}

// The filters are types, not maps: no value can become an operator.
type (
	sessionBySlot struct {
		Slot string `bson:"_id"`
	}
	sessionsOf struct {
		Owner  domain.IdentityKey `bson:"identity"`
		EndsAt after              `bson:"ends_at"`
	}
	after struct {
		Time time.Time `bson:"$gt"`
	}
	sessionsEnded struct {
		EndsAt until `bson:"ends_at"`
	}
	until struct {
		Time time.Time `bson:"$lte"`
	}
)

// Save implements ports.SessionRepository.
func (r *SessionRepository) Save(ctx context.Context, s domain.Session) error {
	if err := r.calls.write(ctx, r.saving(s)); err != nil {
		return fmt.Errorf("mongodb: save session: %w", meaning(err))
	}
	return nil
}

// saving returns the command that stores s. A slot of its own is empty, so that
// an insertion will do, which reads nothing; unless s was saved before.
func (r *SessionRepository) saving(s domain.Session) func(context.Context) error {
	doc, fresh := sessionDocumentOf(s), s.Device.ID == ""
	return func(ctx context.Context) (err error) {
		if fresh {
			fresh = false
			_, err = r.sessions.InsertOne(ctx, doc)
			return err
		}
		_, err = r.sessions.ReplaceOne(ctx, sessionBySlot{doc.Slot}, doc, options.Replace().SetUpsert(true))
		return err
	}
}

// FindLive implements ports.SessionRepository. A document that is no session of
// ours is passed over, and told to the log.
func (r *SessionRepository) FindLive(ctx context.Context, owner domain.IdentityKey, now time.Time) ([]domain.Session, error) {
	how := options.Find().SetSort(newestFirst).SetLimit(maxFound)
	var cursor *mongo.Cursor
	err := r.calls.run(ctx, func(ctx context.Context) (err error) { // all of them come in the first batch
		cursor, err = r.sessions.Find(ctx, sessionsOf{owner, after{now}}, how)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("mongodb: find sessions: %w", meaning(err))
	}
	defer func() { _ = cursor.Close(ctx) }()
	var live []domain.Session
	for cursor.Next(ctx) {
		s, err := sessionFrom(cursor)
		if err != nil {
			r.log.WarnContext(ctx, "mongodb: a session is passed over", "error", err)
			continue
		}
		if s.Live(now) {
			live = append(live, s)
		}
	}
	if err := cursor.Err(); err != nil {
		return nil, fmt.Errorf("mongodb: find sessions: %w", meaning(err))
	}
	return live, nil
}

func sessionFrom(cursor *mongo.Cursor) (domain.Session, error) {
	var found sessionDocument
	if err := cursor.Decode(&found); err != nil {
		return domain.Session{}, err
	}
	return found.session()
}
