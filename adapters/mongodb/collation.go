package mongodb

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// notAuthorized is what a server answers whom it does not let do something.
const notAuthorized = 13

// tellsCapitalsApart refuses a database that has one of the store's collections
// with a collation of its own, as another service may have made it: under most of
// them ids that differ in capitals are one, and so would be the people. Where the
// server does not let the collections be listed, nobody knows, and all goes on.
func (s *Store) tellsCapitalsApart(ctx context.Context) error {
	found, err := s.users.Database().ListCollectionSpecifications(ctx, bson.D{})
	var refusal mongo.ServerError
	if errors.As(err, &refusal) && refusal.HasErrorCode(notAuthorized) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, made := range found {
		if s.has(made.Name) && byBytes(made.Options) != nil {
			return fmt.Errorf("the collection %q compares texts by a collation of its own, under which people whose openids differ in capitals may be one: take another database", made.Name)
		}
	}
	return nil
}

// has reports whether a collection of that name is the store's.
func (s *Store) has(name string) bool {
	for _, own := range []*mongo.Collection{s.users, s.sessions, s.claims, s.revocations, s.unions, s.audit} {
		if own.Name() == name {
			return true
		}
	}
	return false
}

// byBytes is the collation that tells texts apart by their bytes, for a collection
// made with those options, or nil where it does so anyway: not every server that
// speaks MongoDB's protocol knows collations. Openids are told apart by capitals.
func byBytes(made bson.Raw) *options.Collation {
	locale, ok := made.Lookup("collation", "locale").StringValueOK()
	if !ok || locale == "simple" {
		return nil
	}
	return &options.Collation{Locale: "simple"}
}
