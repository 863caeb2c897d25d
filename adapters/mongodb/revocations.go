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

var _ ports.RevocationLog = (*RevocationLog)(nil)

// How many revocations one command carries: there, so that it is done in time,
// and back, so that one answer holds all that there are on most days.
const (
	recordedAtOnce = 100
	readAtOnce     = 10_000
)

// RevocationLog implements ports.RevocationLog.
type RevocationLog struct {
	revocations *mongo.Collection
	calls       *calls
	log         *slog.Logger
}

// NewRevocationLog returns the log of the revocations in s.
func NewRevocationLog(s *Store) *RevocationLog { return &RevocationLog{s.revocations, &s.calls, s.log} }

// revocationDocument is a revocation as stored.
type revocationDocument struct {
	Key    string    `bson:"_id"`
	OfUser bool      `bson:"of_user,omitempty"` // all that the user of this id began before At
	At     time.Time `bson:"at"`
	Until  time.Time `bson:"until"` // what the TTL index is on
}

func (d revocationDocument) revocation() (domain.Revocation, error) {
	if d.Key == "" || d.At.IsZero() || d.Until.IsZero() {
		return domain.Revocation{}, errMalformed
	}
	if d.OfUser {
		return domain.Revocation{UserID: domain.UserID(d.Key), At: d.At, Until: d.Until}, nil
	}
	return domain.Revocation{SessionID: domain.SessionID(d.Key), At: d.At, Until: d.Until}, nil
}

// The filters and updates are types, not maps: no value can become an operator.
type (
	revocationByKey struct {
		Key string `bson:"_id"`
	}
	revocationsSince struct {
		At    from  `bson:"at"`
		Until after `bson:"until"`
	}
	revocationsOver struct {
		Until upTo `bson:"until"`
	}
	latest struct {
		Times revocationTimes `bson:"$max"`
		Kind  *revocationKind `bson:"$setOnInsert,omitempty"` // empty is an error to some
	}
	revocationKind struct {
		OfUser bool `bson:"of_user"`
	}
	revocationTimes struct {
		At    time.Time `bson:"at"`
		Until time.Time `bson:"until"`
	}
)

func latestOf(v domain.Revocation) latest {
	update := latest{Times: revocationTimes{v.At, v.Until}}
	if v.UserID != "" {
		update.Kind = &revocationKind{true}
	}
	return update
}

// Record implements ports.RevocationLog.
func (r *RevocationLog) Record(ctx context.Context, revocations ...domain.Revocation) error {
	for some := range slices.Chunk(revocations, recordedAtOnce) {
		writes := make([]mongo.WriteModel, len(some))
		for i, v := range some {
			writes[i] = mongo.NewUpdateOneModel().SetUpsert(true).
				SetFilter(revocationByKey{v.Key()}).SetUpdate(latestOf(v))
		}
		err := r.calls.update(ctx, func(ctx context.Context) error {
			_, err := r.revocations.BulkWrite(ctx, writes, options.BulkWrite().SetOrdered(false))
			return err
		})
		if err != nil {
			return fmt.Errorf("mongodb: record revocations: %w", meaning(err))
		}
	}
	return nil
}

// FindSince implements ports.RevocationLog.
func (r *RevocationLog) FindSince(ctx context.Context, since, now time.Time) ([]domain.Revocation, error) {
	filter, how := revocationsSince{from{since}, after{now}}, options.Find().SetBatchSize(readAtOnce)
	found, err := query[revocationDocument, domain.Revocation]{
		calls: r.calls, log: r.log, read: revocationDocument.revocation,
		find: func(ctx context.Context) (*mongo.Cursor, error) { return r.revocations.Find(ctx, filter, how) },
	}.all(ctx)
	if err != nil {
		return nil, fmt.Errorf("mongodb: find revocations: %w", err)
	}
	return found, nil
}
