package mongodb

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.UnionRepository = (*UnionRepository)(nil)

// UnionRepository implements ports.UnionRepository.
type UnionRepository struct {
	unions *mongo.Collection
	calls  *calls
}

// NewUnionRepository returns the repository of the claims on UnionIDs in s.
func NewUnionRepository(s *Store) *UnionRepository { return &UnionRepository{s.unions, &s.calls} }

// unionDocument is a domain.UnionClaim as stored.
type unionDocument struct {
	Union    domain.UnionID `bson:"_id"`
	UserID   domain.UserID  `bson:"uid"`
	Disputed bool           `bson:"disputed"`
}

func (d unionDocument) claim() (domain.UnionClaim, error) {
	if d.UserID == "" {
		return domain.UnionClaim{}, errMalformed
	}
	return domain.UnionClaim(d), nil
}

// The filters and updates are types, not maps: no value can become an operator.
type (
	unionByID struct {
		Union domain.UnionID `bson:"_id"`
	}
	unionStanding struct {
		Union    domain.UnionID `bson:"_id"`
		UserID   domain.UserID  `bson:"uid"`
		Disputed anyFlag        `bson:"disputed"`
	}
	anyFlag struct {
		Of []*bool `bson:"$in"` // nil: there is none
	}
	unionsByUser struct {
		UserID domain.UserID `bson:"uid"`
	}
	unionNext struct {
		UserID   domain.UserID `bson:"uid"`
		Disputed bool          `bson:"disputed"`
	}
)

// ClaimUnion implements ports.UnionRepository.
func (r *UnionRepository) ClaimUnion(ctx context.Context, claim domain.UnionClaim) (domain.UnionClaim, error) {
	insert := func() error {
		return r.calls.run(ctx, func(ctx context.Context) error {
			_, err := r.unions.InsertOne(ctx, unionDocument(claim))
			return err
		})
	}
	find := func() (domain.UnionClaim, error) { return r.find(ctx, claim.Union) }
	standing, err := claimed(claim, insert, find)
	if err != nil {
		return domain.UnionClaim{}, fmt.Errorf("mongodb: claim union: %w", err)
	}
	return standing, nil
}

func (r *UnionRepository) find(ctx context.Context, union domain.UnionID) (domain.UnionClaim, error) {
	var found unionDocument
	err := r.calls.run(ctx, func(ctx context.Context) error {
		return r.unions.FindOne(ctx, unionByID{union}).Decode(&found)
	})
	if errors.Is(err, mongo.ErrNoDocuments) {
		return domain.UnionClaim{}, domain.ErrNotFound
	}
	if err != nil {
		return domain.UnionClaim{}, meaning(err)
	}
	return found.claim()
}

// ReplaceUnion implements ports.UnionRepository.
func (r *UnionRepository) ReplaceUnion(ctx context.Context, standing, next domain.UnionClaim) (bool, error) {
	flag := anyFlag{[]*bool{&standing.Disputed}}
	if !standing.Disputed {
		flag.Of = append(flag.Of, nil) // it reads as false
	}
	filter, update := unionStanding{standing.Union, standing.UserID, flag}, set{unionNext{next.UserID, next.Disputed}}
	var done *mongo.UpdateResult
	err := r.calls.update(ctx, func(ctx context.Context) (err error) {
		done, err = r.unions.UpdateOne(ctx, filter, update)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("mongodb: replace union: %w", meaning(err))
	}
	return done.MatchedCount == 1, nil
}

// ReleaseUnions implements ports.UnionRepository.
func (r *UnionRepository) ReleaseUnions(ctx context.Context, id domain.UserID) error {
	err := r.calls.update(ctx, func(ctx context.Context) error {
		_, err := r.unions.DeleteMany(ctx, unionsByUser{id})
		return err
	})
	if err != nil {
		return fmt.Errorf("mongodb: release unions: %w", meaning(err))
	}
	return nil
}
