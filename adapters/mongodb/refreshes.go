package mongodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.RefreshRepository = (*RefreshRepository)(nil)

// RefreshRepository implements ports.RefreshRepository.
type RefreshRepository struct {
	sessions *SessionRepository
	claims   *mongo.Collection
	calls    *calls
}

// NewRefreshRepository returns the repository of what renews the sessions in s.
func NewRefreshRepository(s *Store) *RefreshRepository {
	return &RefreshRepository{NewSessionRepository(s), s.claims, &s.calls}
}

// claimDocument is a claim as stored. It is never changed.
type claimDocument struct {
	Parent domain.RefreshHash `bson:"_id"`
	Child  domain.RefreshHash `bson:"child"`
	Sealed domain.SealedToken `bson:"sealed"`
	EndsAt time.Time          `bson:"ends_at"` // what the TTL index is on
}

func (d claimDocument) claim() (domain.RefreshClaim, error) {
	if d.Child == "" || d.EndsAt.IsZero() {
		return domain.RefreshClaim{}, errMalformed
	}
	return domain.RefreshClaim(d), nil
}

// The filters and updates are types, not maps: no value can become an operator.
type (
	claimByParent struct {
		Parent domain.RefreshHash `bson:"_id"`
	}
	sessionUnspent struct {
		Slot  string             `bson:"_id"`
		ID    domain.SessionID   `bson:"sid"`
		Spent domain.RefreshHash `bson:"refresh"`
	}
	renewal struct {
		New  renewed   `bson:"$set"`
		Over loginOver `bson:"$unset"`
	}
	renewed struct {
		Refresh   domain.RefreshHash `bson:"refresh"`
		RotatedAt time.Time          `bson:"rotated_at"`
		ExpiresAt time.Time          `bson:"expires_at"`
		EndsAt    time.Time          `bson:"ends_at"`
	}
	loginOver struct {
		Key    string `bson:"retry_key"`
		Sealed string `bson:"retry_sealed"`
	}
)

// FindByFamily implements ports.RefreshRepository.
func (r *RefreshRepository) FindByFamily(ctx context.Context, family domain.RefreshFamily, now time.Time) (domain.Session, error) {
	return r.find(ctx, sessionsByFamily{family, after{now}}, now)
}

// FindByLogin implements ports.RefreshRepository.
func (r *RefreshRepository) FindByLogin(ctx context.Context, key domain.LoginKey, now time.Time) (domain.Session, error) {
	return r.find(ctx, sessionsByLogin{key, after{now}}, now)
}

func (r *RefreshRepository) find(ctx context.Context, filter any, now time.Time) (domain.Session, error) {
	live, err := r.sessions.findLive(ctx, filter, now, maxFound)
	if err != nil {
		return domain.Session{}, err
	}
	if len(live) == 0 {
		return domain.Session{}, fmt.Errorf("mongodb: find session: %w", domain.ErrNotFound)
	}
	return live[0], nil
}

// Claim implements ports.RefreshRepository.
func (r *RefreshRepository) Claim(ctx context.Context, claim domain.RefreshClaim) (domain.RefreshClaim, error) {
	claim.EndsAt = claim.EndsAt.UTC().Truncate(time.Millisecond) // as it is stored
	insert := func() error {
		return r.calls.run(ctx, func(ctx context.Context) error {
			_, err := r.claims.InsertOne(ctx, claimDocument(claim))
			return err
		})
	}
	find := func() (domain.RefreshClaim, error) { return r.findClaim(ctx, claim.Parent) }
	standing, err := claimed(claim, insert, find)
	if err != nil {
		return domain.RefreshClaim{}, fmt.Errorf("mongodb: claim: %w", err)
	}
	return standing, nil
}

// FindClaim implements ports.RefreshRepository.
func (r *RefreshRepository) FindClaim(ctx context.Context, parent domain.RefreshHash) (domain.RefreshClaim, error) {
	claim, err := r.findClaim(ctx, parent)
	if err != nil {
		return domain.RefreshClaim{}, fmt.Errorf("mongodb: find claim: %w", err)
	}
	return claim, nil
}

func (r *RefreshRepository) findClaim(ctx context.Context, parent domain.RefreshHash) (domain.RefreshClaim, error) {
	var found claimDocument
	err := r.calls.run(ctx, func(ctx context.Context) error {
		return r.claims.FindOne(ctx, claimByParent{parent}).Decode(&found)
	})
	if errors.Is(err, mongo.ErrNoDocuments) {
		return domain.RefreshClaim{}, domain.ErrNotFound
	}
	if err != nil {
		return domain.RefreshClaim{}, meaning(err)
	}
	return found.claim()
}

// Renew implements ports.RefreshRepository.
func (r *RefreshRepository) Renew(ctx context.Context, s domain.Session, spent domain.RefreshHash) (bool, error) {
	update := renewal{New: renewed{s.Refresh, s.RotatedAt, s.ExpiresAt, endOf(s)}}
	var done *mongo.UpdateResult
	err := r.calls.update(ctx, func(ctx context.Context) (err error) {
		done, err = r.sessions.sessions.UpdateOne(ctx, sessionUnspent{s.Slot(), s.ID, spent}, update)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("mongodb: renew session: %w", meaning(err))
	}
	return done.MatchedCount == 1, nil
}
