package mongodb

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.SessionRepository = (*SessionRepository)(nil)

// The most sessions that FindLive and FindLiveOf return.
const (
	maxFound   = 20
	maxFoundOf = 200
)

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

// Save implements ports.SessionRepository. A slot of its own is empty, so that an
// insertion will do, which reads nothing; unless s was saved before.
func (r *SessionRepository) Save(ctx context.Context, s domain.Session) error {
	save := r.calls.update
	if s.Device.ID == "" {
		save = r.calls.write
	}
	if err := save(ctx, r.saving(s)); err != nil {
		return fmt.Errorf("mongodb: save session: %w", meaning(err))
	}
	return nil
}

// saving returns the command that stores s.
func (r *SessionRepository) saving(s domain.Session) func(context.Context) error {
	doc, fresh := sessionDocumentOf(s), s.Device.ID == ""
	return func(ctx context.Context) (err error) {
		switch {
		case fresh:
			fresh = false
			_, err = r.sessions.InsertOne(ctx, doc)
		case doc.Key == "":
			err = r.succeed(ctx, doc)
		default:
			_, err = r.sessions.ReplaceOne(ctx, sessionBySlot{doc.Slot}, doc, options.Replace().SetUpsert(true))
		}
		return err
	}
}

// succeed stores doc, which has no key, over one that is live and leaves its key, or
// else anew: there a live one that came in between is a duplicate, for succeed to be
// called again.
func (r *SessionRepository) succeed(ctx context.Context, doc sessionDocument) error {
	began := after{doc.Rest.CreatedAt}
	done, err := r.sessions.UpdateOne(ctx, sessionLive{doc.Slot, began}, successionOf(doc.Rest))
	if err != nil || done.MatchedCount > 0 {
		return err
	}
	_, err = r.sessions.ReplaceOne(ctx, sessionNotLive{doc.Slot, notAfter{began}}, doc, options.Replace().SetUpsert(true))
	return err
}

// FindLive implements ports.SessionRepository.
func (r *SessionRepository) FindLive(ctx context.Context, owner domain.IdentityKey, now time.Time) ([]domain.Session, error) {
	return r.findLive(ctx, sessionsByIdentity{owner, after{now}, notEmpty{}}, now, maxFound)
}

// FindLiveOf implements ports.SessionRepository.
func (r *SessionRepository) FindLiveOf(ctx context.Context, user domain.UserID, now time.Time, ids ...domain.SessionID) ([]domain.Session, error) {
	if len(ids) > 0 {
		return r.findLive(ctx, sessionsByID{user, after{now}, anySession{ids}}, now, maxFoundOf)
	}
	return r.findLive(ctx, sessionsByUser{user, after{now}}, now, maxFoundOf)
}

// findLive returns the newest sessions that filter finds and that are live at now,
// at most so many. All of them come in the first batch.
func (r *SessionRepository) findLive(ctx context.Context, filter any, now time.Time, most int32) ([]domain.Session, error) {
	how := options.Find().SetSort(newestFirst).SetLimit(int64(most)).SetBatchSize(most + 1)
	found, err := query[sessionDocument, domain.Session]{
		calls: r.calls, log: r.log, read: sessionDocument.session,
		find: func(ctx context.Context) (*mongo.Cursor, error) { return r.sessions.Find(ctx, filter, how) },
	}.all(ctx)
	if err != nil {
		return nil, fmt.Errorf("mongodb: find sessions: %w", err)
	}
	return slices.DeleteFunc(found, func(s domain.Session) bool { return !s.Live(now) }), nil
}

// Delete implements ports.SessionRepository.
func (r *SessionRepository) Delete(ctx context.Context, user domain.UserID, ids ...domain.SessionID) error {
	if len(ids) == 0 {
		return nil
	}
	err := r.calls.update(ctx, func(ctx context.Context) error {
		_, err := r.sessions.DeleteMany(ctx, sessionsNamed{user, anySession{ids}})
		return err
	})
	if err != nil {
		return fmt.Errorf("mongodb: delete sessions: %w", meaning(err))
	}
	return nil
}

// SetKey implements ports.SessionRepository.
func (r *SessionRepository) SetKey(ctx context.Context, s domain.Session, key domain.SealedKey) error {
	err := r.calls.update(ctx, func(ctx context.Context) error {
		_, err := r.sessions.UpdateOne(ctx, sessionInSlot{s.Slot(), s.ID}, set{sealedKey{key}})
		return err
	})
	if err != nil {
		return fmt.Errorf("mongodb: set session key: %w", meaning(err))
	}
	return nil
}
