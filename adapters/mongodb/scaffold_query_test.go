package mongodb_test

import (
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"wxlogin/adapters/mongodb"
	"wxlogin/test/testkit"
)

// What listCollections says of a collection's options, and whether it compares in
// another way than by bytes.
var collections = map[string]bool{
	`{}`:                                false,
	`{"capped":true}`:                   false,
	`{"collation":{"locale":"simple"}}`: false,
	`{"collation":7}`:                   false,
	`{"collation":{"locale":"en","strength":2}}`:     true,
	`{"collation":{"locale":"zh@collation=pinyin"}}`: true,
}

func optionsOf(t *testing.T, text string) (options bson.D) {
	t.Helper()
	if err := bson.UnmarshalExtJSON([]byte(text), false, &options); err != nil {
		t.Fatal(err)
	}
	return options
}

func TestCollectionsThatDoNotCompareByBytesAreToldToDoSo(t *testing.T) {
	for text, want := range collections {
		made, err := bson.Marshal(optionsOf(t, text))
		if err != nil {
			t.Fatal(err)
		}
		if got := mongodb.ByBytes(made); want != (got != nil) || (got != nil && got.Locale != "simple") {
			t.Errorf("%s: got %v, want a collation: %t", text, got, want)
		}
	}
	if got := mongodb.ByBytes(nil); got != nil {
		t.Errorf("of no options: got %v, want none", got)
	}
}

func TestScaffoldIsAskedToCompareByBytesWhereItDoesNot(t *testing.T) {
	document, err := bson.Marshal(bson.M{"_id": madeOf(joined, 1), "openid": "o1"})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range collections {
		server := testkit.InstantMongo{Documents: []bson.Raw{document}, Batch: 10, Options: optionsOf(t, text)}
		users := formerIn(t, server.Serve(t))
		read(t, users, "")
		read(t, users, madeOf(joined, 1).Hex())
		for command, times := range map[string]int{"aggregate": 2, "find": 1} {
			if got := len(server.Heard(command)); got != times {
				t.Errorf("%s: got %d times %s, want %d", text, got, command, times)
			}
			for _, heard := range server.Heard(command) {
				if locale, _ := heard.Lookup("collation", "locale").StringValueOK(); want != (locale == "simple") {
					t.Errorf("%s: got %s, want a collation in it: %t", text, heard, want)
				}
			}
		}
	}
}

// The token is nobody's business on the way either.
func TestRecordToGoOnFromIsAskedForItsOpenIDAlone(t *testing.T) {
	document, err := bson.Marshal(bson.M{"openid": "o1"})
	if err != nil {
		t.Fatal(err)
	}
	server := testkit.InstantMongo{Documents: []bson.Raw{document}, Batch: 10, Options: bson.D{}}
	read(t, formerIn(t, server.Serve(t)), "key")
	const want = `{"openid": {"$numberInt":"1"},"_id": {"$numberInt":"0"}}`
	if heard := server.Heard("find"); len(heard) != 1 || heard[0].Lookup("projection").String() != want {
		t.Errorf("got %v, want a projection of %s", heard, want)
	}
}

// Who may read the users may not be let list collections.
func TestScaffoldThatListsNothingIsReadAllTheSame(t *testing.T) {
	document, err := bson.Marshal(bson.M{"openid": "o1"})
	if err != nil {
		t.Fatal(err)
	}
	server := testkit.InstantMongo{Documents: []bson.Raw{document}, Batch: 10, Unlisted: 13}
	users := formerIn(t, server.Serve(t))
	if n, err := users.Count(t.Context()); n != 1 || err != nil || len(read(t, users, "")) != 1 {
		t.Errorf("got %d and %v, want one", n, err)
	}
}

// A name that is mistyped is a database that is empty.
func TestScaffoldWithoutUsersIsToldFromOneThatIsNotThere(t *testing.T) {
	uri := testkit.MongoDB(t)
	users := formerIn(t, uri)
	const want = `there is no collection "users"`
	if _, err := users.Count(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Count: got %v, want that %s", err, want)
	}
	for _, err := range users.Records(t.Context(), "") {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Records: got %v, want that %s", err, want)
		}
	}
	if err := raw(t, uri).CreateCollection(t.Context(), "users"); err != nil {
		t.Fatal(err)
	}
	if n, err := users.Count(t.Context()); n != 0 || err != nil || len(read(t, users, "")) != 0 {
		t.Errorf("of an empty collection: got %d and %v, want none", n, err)
	}
}
