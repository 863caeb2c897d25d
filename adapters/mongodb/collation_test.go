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
	for locale, refused := range map[string]bool{"en": true, "simple": false} {
		collation := bson.D{{Key: "collation", Value: bson.D{{Key: "locale", Value: locale}, {Key: "strength", Value: 2}}}}
		server := testkit.InstantMongo{Options: collation} // of the collection "users"
		store, err := mongodb.NewStore(config.MongoDB{URI: domain.NewSecret(server.Serve(t))}, system.NewClock(), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		err = store.Open(t.Context())
		if told := err != nil && strings.Contains(err.Error(), `the collection "users" compares texts by a collation of its own`); told != refused {
			t.Errorf("%s: got %v, want refused: %v", locale, err, refused)
		}
		if !refused {
			_ = store.Close(t.Context())
		}
	}
}
