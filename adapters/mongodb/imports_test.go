package mongodb_test

import (
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"wxlogin/adapters/mongodb"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

// The scaffold's database may be wxlogin's too, and have an index that somebody made
// against duplicates.
func TestImportIntoACollectionWithAUniqueIndexOfAnothersSaysSo(t *testing.T) {
	const openID = "oGZUI0egBJY1zhBYw2KhdUfwVJJE"
	uri := testkit.MongoDB(t)
	users := raw(t, uri).Collection("users")
	if _, err := users.InsertOne(t.Context(), bson.M{"openid": openID}); err != nil {
		t.Fatal(err)
	}
	unique := mongo.IndexModel{Keys: bson.M{"openid": 1}, Options: options.Index().SetUnique(true).SetName("one_openid")}
	if _, err := users.Indexes().CreateOne(t.Context(), unique); err != nil {
		t.Fatal(err)
	}
	imports := mongodb.NewImportRepository(opened(t, uri))
	person := func(openID domain.OpenID) domain.WeChatUser {
		return domain.NewWeChatUser("u1", domain.WeChatIdentity{AppID: "wx1", OpenID: openID}, domain.Profile{}, time.Now())
	}
	stored, err := imports.Import(t.Context(), person(openID))
	if stored || err == nil || !strings.Contains(err.Error(), "must go") || strings.Contains(err.Error(), openID) {
		t.Errorf("got %t and %v, want an error that tells of the index and not of the openid", stored, err)
	}
	for _, want := range []bool{true, false} {
		if stored, err := imports.Import(t.Context(), person("o2")); stored != want || err != nil {
			t.Errorf("of whom no other document tells: got %t and %v, want %t", stored, err, want)
		}
	}
}

func TestNameOfARefusingIndexIsSaidWithoutValues(t *testing.T) {
	for text, want := range map[string]string{
		`E11000 duplicate key error collection: a.users index: openid_1 dup key: { openid: "o1" }`:                                             "openid_1",
		`E11000 duplicate key error collection: a.users index: one openid dup key: { openid: "o1" }`:                                           "",
		`E11000 duplicate key error collection: a.users index: o-1.$ collation: { locale: "en" } dup key: { openid: " index: o1 " }`:           "o-1.$",
		`E11000 duplicate key error { openid: " index: o1 " }`:                                                                                 "",
		`write exception: write errors: [E11000 duplicate key error collection: a.users index: openid_1 dup key: { openid: "o index: o1 x" }]`: "openid_1",
	} {
		if got := mongodb.Refusing(mongo.CommandError{Message: text}); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
