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

// newestEntry orders what was done, as newestFirst orders sessions.
var newestEntry = bson.D{{Key: "at", Value: -1}, {Key: "_id", Value: -1}}

// unknownOption is what servers answer that speak MongoDB's protocol and lack
// what they are asked for: BadValue, FailedToParse, CannotCreateIndex,
// InvalidOptions, CommandNotSupported, NotImplemented, unknown field.
var unknownOption = []int{2, 9, 67, 72, 115, 238, 40415}

// index is one that a collection has beside that of its _id.
type index struct {
	of   *mongo.Collection
	name string
	keys bson.D
	how  func(*options.IndexOptionsBuilder) *options.IndexOptionsBuilder // nil: nothing special
}

func ascending(field string) bson.D { return bson.D{{Key: field, Value: 1}} }

// sparse leaves documents out that lack the field.
func sparse(o *options.IndexOptionsBuilder) *options.IndexOptionsBuilder { return o.SetSparse(true) }

// ttl lets the server remove documents at the time in the field.
func ttl(o *options.IndexOptionsBuilder) *options.IndexOptionsBuilder {
	return o.SetExpireAfterSeconds(0)
}

// indexes are those that reads need.
func (s *Store) indexes() []index {
	return []index{
		{s.users, "uid", ascending("uid"), nil},
		{s.users, "phone_index", ascending("phone_index"), sparse},
		{s.users, "delete_at", ascending("delete_at"), sparse},
		{s.sessions, "identity_newest", append(ascending("identity"), newestFirst...), nil},
		{s.sessions, "uid_newest", append(ascending("uid"), newestFirst...), nil},
		{s.sessions, "family", ascending("family"), sparse},
		{s.sessions, "retry_key", ascending("retry_key"), sparse},
		{s.revocations, "at", ascending("at"), nil},
		{s.unions, "uid", ascending("uid"), nil},
		{s.audit, "newest", newestEntry, nil},
		{s.audit, "uid_newest", append(ascending("uid"), newestEntry...), nil},
		{s.audit, "other_newest", append(ascending("other"), newestEntry...), nil},
	}
}

// expiries are those that remove what has expired.
func (s *Store) expiries() []index {
	return []index{
		{s.sessions, "ends_at_ttl", ascending("ends_at"), ttl},
		{s.claims, "ends_at_ttl", ascending("ends_at"), ttl},
		{s.revocations, "until_ttl", ascending("until"), ttl},
	}
}

// ensureIndexes makes what is missing in a database that is fit for it, and reports
// whether the server removes what has expired. An index that is there already costs nothing; one that has
// its name and is another is an error. On a large collection an index takes longer
// than a start may: make it by hand before.
func (s *Store) ensureIndexes(ctx context.Context) (expires bool, err error) {
	if err := s.tellsCapitalsApart(ctx); err != nil {
		return false, err
	}
	for _, i := range s.indexes() {
		if err := i.ensure(ctx); err != nil {
			return false, err
		}
	}
	for _, i := range s.expiries() {
		err := i.ensure(ctx)
		var refusal mongo.ServerError
		if errors.As(err, &refusal) && slices.ContainsFunc(unknownOption, refusal.HasErrorCode) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

func (i index) ensure(ctx context.Context) error {
	how := options.Index().SetName(i.name)
	if i.how != nil {
		how = i.how(how)
	}
	_, err := i.of.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: i.keys, Options: how})
	return err
}
