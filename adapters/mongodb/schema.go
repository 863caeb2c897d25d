package mongodb

import (
	"context"
	"errors"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// newestFirst orders sessions. The ids of two that began in one millisecond tell
// which is the younger.
var newestFirst = bson.D{{Key: "created_at", Value: -1}, {Key: "sid", Value: -1}}

// unknownOption is what servers answer that speak MongoDB's protocol and lack
// what they are asked for: BadValue, FailedToParse, CannotCreateIndex,
// InvalidOptions, CommandNotSupported, NotImplemented, unknown field.
var unknownOption = []int{2, 9, 67, 72, 115, 238, 40415}

// ensureIndexes makes what is missing, and reports whether the server removes
// expired sessions. An index that is there already costs nothing; one that has
// its name and is another is an error. On a large collection an index takes longer
// than a start may: make it by hand before.
func (s *Store) ensureIndexes(ctx context.Context) (expires bool, err error) {
	byID := mongo.IndexModel{
		Keys:    bson.D{{Key: "uid", Value: 1}},
		Options: options.Index().SetName("uid"),
	}
	if _, err = s.users.Indexes().CreateOne(ctx, byID); err != nil {
		return false, err
	}
	byOwner := mongo.IndexModel{
		Keys:    append(bson.D{{Key: "identity", Value: 1}}, newestFirst...),
		Options: options.Index().SetName("identity_newest"),
	}
	if _, err = s.sessions.Indexes().CreateOne(ctx, byOwner); err != nil {
		return false, err
	}
	return s.ensureExpiry(ctx)
}

func (s *Store) ensureExpiry(ctx context.Context) (expires bool, err error) {
	atEnd := mongo.IndexModel{
		Keys:    bson.D{{Key: "ends_at", Value: 1}},
		Options: options.Index().SetName("ends_at_ttl").SetExpireAfterSeconds(0),
	}
	_, err = s.sessions.Indexes().CreateOne(ctx, atEnd)
	var refusal mongo.ServerError
	if errors.As(err, &refusal) && slices.ContainsFunc(unknownOption, refusal.HasErrorCode) {
		return false, nil
	}
	return err == nil, err
}
