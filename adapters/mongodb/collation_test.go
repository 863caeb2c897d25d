package mongodb_test

import (
	"log/slog"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"wxlogin/adapters/mongodb"
	"wxlogin/adapters/system"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

func TestADatabaseThatMayTakeTwoPeopleForOneIsRefused(t *testing.T) {
	for made, refused := range map[string]bool{
		`{}`:                                  false,
		`{"collation": {"locale": "simple"}}`: false,
		`{"collation": {"locale": "zh"}}`:     false,
		`{"collation": {"locale": "en", "strength": 3, "alternate": "non-ignorable"}}`: false,
		`{"collation": {"locale": "en", "strength": 2}}`:                               true,
		`{"collation": {"locale": "en", "strength": {"$numberLong": "1"}}}`:            true,
		`{"collation": {"locale": "en", "strength": 3, "numericOrdering": true}}`:      true,
		`{"collation": {"locale": "en", "strength": 3, "alternate": "shifted"}}`:       true,
	} {
		err := openingOf(t, &testkit.InstantMongo{Options: optionsOf(t, made)})
		if told := err != nil && strings.Contains(err.Error(), `the collection "users" has a collation`); told != refused || (err != nil) != refused {
			t.Errorf("%s: got %v, want refused: %v", made, err, refused)
		}
	}
}

func TestADatabaseThatListsNothingIsTaken(t *testing.T) {
	for code, taken := range map[int]bool{13: true, 8000: true, 2: false} {
		if err := openingOf(t, &testkit.InstantMongo{Unlisted: code}); (err == nil) != taken {
			t.Errorf("code %d: got %v, want taken: %v", code, err, taken)
		}
	}
}

// openingOf is what a store says at its start, whose collection "users" is the server's.
func openingOf(t *testing.T, server *testkit.InstantMongo) error {
	t.Helper()
	if server.Options == nil {
		server.Options = bson.D{}
	}
	store, err := mongodb.NewStore(config.MongoDB{URI: domain.NewSecret(server.Serve(t))}, system.NewClock(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err = store.Open(t.Context()); err == nil {
		err = store.Close(t.Context())
	}
	return err
}
