package mongodb

import (
	"context"
	"errors"
	"log/slog"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"wxlogin/domain"
)

// identities are the documents of users, one for each identity.
type identities struct {
	stored *mongo.Collection
	calls  *calls
	log    *slog.Logger
}

func identitiesIn(s *Store) identities { return identities{s.users, &s.calls, s.log} }

// find returns what is stored with the identities that filter finds. A document
// that is malformed is an error if all are wanted, and else passed over.
func (i identities) find(ctx context.Context, filter any, all bool) ([]domain.WeChatUser, error) {
	return query[userDocument, domain.WeChatUser]{
		calls: i.calls, log: i.log, read: userDocument.user, whole: all,
		find: func(ctx context.Context) (*mongo.Cursor, error) { return i.stored.Find(ctx, filter) },
	}.all(ctx)
}

// user returns the user, united of all identities, or domain.ErrNotFound.
func (i identities) user(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	all, err := i.find(ctx, userByID{id}, true)
	if err != nil {
		return domain.WeChatUser{}, err
	}
	if len(all) == 0 {
		return domain.WeChatUser{}, domain.ErrNotFound
	}
	return domain.Unite(all), nil
}

// one returns what is stored with the identity, or domain.ErrNotFound.
func (i identities) one(ctx context.Context, key domain.IdentityKey) (domain.WeChatUser, error) {
	var found userDocument
	err := i.calls.run(ctx, func(ctx context.Context) error {
		return i.stored.FindOne(ctx, userByKey{key}).Decode(&found)
	})
	if errors.Is(err, mongo.ErrNoDocuments) {
		return domain.WeChatUser{}, domain.ErrNotFound
	}
	if err != nil {
		return domain.WeChatUser{}, meaning(err)
	}
	return found.user()
}

// ownerDocument is who has an identity, of all that is stored with it.
type ownerDocument struct {
	ID domain.UserID `bson:"uid"`
}

func (d ownerDocument) owner() (domain.UserID, error) {
	if d.ID == "" {
		return "", errMalformed
	}
	return d.ID, nil
}

// ownerAlone leaves the rest out of an answer.
type ownerAlone struct {
	ID bool `bson:"uid"`
}

// owners returns whose the identities are that filter finds, each user once, at
// most limit, in the order that how asks for.
func (i identities) owners(ctx context.Context, filter any, how *options.FindOptionsBuilder, limit int) ([]domain.UserID, error) {
	if limit <= 0 {
		return nil, nil
	}
	var owners []domain.UserID
	seen := make(map[domain.UserID]bool)
	err := query[ownerDocument, domain.UserID]{
		calls: i.calls, log: i.log, read: ownerDocument.owner,
		find: func(ctx context.Context) (*mongo.Cursor, error) {
			return i.stored.Find(ctx, filter, how.SetProjection(ownerAlone{true}))
		},
	}.each(ctx, func(id domain.UserID) (more bool) {
		if !seen[id] {
			seen[id] = true
			owners = append(owners, id)
		}
		return len(owners) < limit
	})
	if err != nil {
		return nil, err
	}
	return owners, nil
}

// change does update to what is stored with the identity that filter finds, or
// returns domain.ErrNotFound.
func (i identities) change(ctx context.Context, filter, update any) error {
	return i.found(i.update(ctx, mongo.NewUpdateOneModel().SetFilter(filter).SetUpdate(update)))
}

// replace does update to what is stored with the identity, and returns the avatar
// that was there before, in one command; or domain.ErrNotFound.
func (i identities) replace(ctx context.Context, key domain.IdentityKey, update any) (domain.AvatarName, error) {
	var before struct {
		Avatar domain.AvatarName `bson:"avatar"`
	}
	how := options.FindOneAndUpdate().SetReturnDocument(options.Before)
	err := i.calls.update(ctx, func(ctx context.Context) error {
		return i.stored.FindOneAndUpdate(ctx, userByKey{key}, update, how).Decode(&before)
	})
	if errors.Is(err, mongo.ErrNoDocuments) {
		return "", domain.ErrNotFound
	}
	return before.Avatar, meaning(err)
}

// mark does a marking, or returns domain.ErrNotFound.
func (i identities) mark(ctx context.Context, m marking) error {
	return i.found(i.update(ctx, m.writes()...))
}

func (identities) found(documents int64, err error) error {
	if err == nil && documents == 0 {
		return domain.ErrNotFound
	}
	return err
}

// update does the writes in one command, and returns how many documents they
// found.
func (i identities) update(ctx context.Context, writes ...mongo.WriteModel) (documents int64, err error) {
	var done *mongo.BulkWriteResult
	err = i.calls.update(ctx, func(ctx context.Context) (err error) {
		done, err = i.stored.BulkWrite(ctx, writes)
		return err
	})
	if err != nil {
		return 0, meaning(err)
	}
	return done.MatchedCount, nil
}
