package mongodb

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// unlisted is what servers answer whom they do not let list collections:
// Unauthorized, and AtlasError of Atlas' shared ones.
var unlisted = []int{13, 8000}

// collectionsNamed finds collections by their names.
type collectionsNamed struct {
	Name struct {
		Of []string `bson:"$in"`
	} `bson:"name"`
}

// listed returns what a database says of those collections, as far as there are
// such. It is not known where the server does not let them be listed: data can be
// read and written without.
func listed(ctx context.Context, db *mongo.Database, names ...string) (found []mongo.CollectionSpecification, known bool, err error) {
	var filter collectionsNamed
	filter.Name.Of = names
	found, err = db.ListCollectionSpecifications(ctx, filter)
	var refusal mongo.ServerError
	if errors.As(err, &refusal) && slices.ContainsFunc(unlisted, refusal.HasErrorCode) {
		return nil, false, nil
	}
	return found, err == nil, err
}

// tellsCapitalsApart refuses a database that has one of the store's collections
// with a collation, as another service may have made it, under which ids that
// differ in capitals are one: so would be the people.
func (s *Store) tellsCapitalsApart(ctx context.Context) error {
	var names []string
	for _, own := range []*mongo.Collection{s.users, s.sessions, s.claims, s.revocations, s.unions, s.audit} {
		names = append(names, own.Name())
	}
	found, _, err := listed(ctx, s.users.Database(), names...)
	if err != nil {
		return err
	}
	for _, made := range found {
		if foldsText(made.Options) {
			return fmt.Errorf("the collection %q has a collation under which people whose openids differ in capitals are one: take another database", made.Name)
		}
	}
	return nil
}

// foldsText reports whether a collection made with those options may take two ids
// of WeChat's for one:
// https://www.mongodb.com/docs/manual/reference/collation/#std-label-collation-document-fields
func foldsText(made bson.Raw) bool {
	if byBytes(made) == nil {
		return false
	}
	of := func(field string) bson.RawValue { return made.Lookup("collation", field) }
	strength, told := of("strength").AsInt64OK()
	numeric, _ := of("numericOrdering").BooleanOK()
	alternate, _ := of("alternate").StringValueOK()
	return (told && strength < 3) || numeric || alternate == "shifted"
}

// byBytes is the collation that compares texts by their bytes, for a collection
// made with those options, or nil where it does so anyway: not every server that
// speaks MongoDB's protocol knows collations.
func byBytes(made bson.Raw) *options.Collation {
	locale, ok := made.Lookup("collation", "locale").StringValueOK()
	if !ok || locale == "simple" {
		return nil
	}
	return &options.Collation{Locale: "simple"}
}
