package mongodb_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"wxlogin/adapters/mongodb"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

var (
	launched = time.Date(2019, 7, 1, 8, 0, 0, 123_000_000, time.UTC) // the scaffold
	joined   = launched.Add(36 * time.Hour).Truncate(time.Second)    // the person
)

// madeOf is the _id that a document has that was made at the time.
func madeOf(at time.Time, n byte) bson.ObjectID {
	id := bson.NewObjectIDFromTimestamp(at)
	copy(id[4:], []byte{0, 0, 0, 0, 0, 0, 0, n})
	return id
}

// scaffoldOf returns the scaffold's users, with the documents in the order given.
func scaffoldOf(t *testing.T, documents ...bson.M) *mongodb.ScaffoldUsers {
	t.Helper()
	uri := testkit.MongoDB(t)
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(t.Context()) }()
	name := uri[strings.LastIndex(uri, "/")+1:]
	name, _, _ = strings.Cut(name, "?")
	for _, document := range documents {
		if _, err := client.Database(name).Collection("users").InsertOne(t.Context(), document); err != nil {
			t.Fatal(err)
		}
	}
	return formerIn(t, uri)
}

func formerIn(t *testing.T, uri string) *mongodb.ScaffoldUsers {
	t.Helper()
	users, err := mongodb.NewScaffoldUsers(config.Former{URI: domain.NewSecret(uri)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = users.Close(t.Context()) })
	return users
}

func read(t *testing.T, users *mongodb.ScaffoldUsers, after string) (records []ports.FormerRecord) {
	t.Helper()
	for record, err := range users.Records(t.Context(), after) {
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, record)
	}
	return records
}

func TestDocumentsOfTheScaffoldAreReadWithWhatIsWrongWithThem(t *testing.T) {
	one, two, three, four := madeOf(joined, 1), madeOf(joined.Add(time.Hour), 2), madeOf(joined, 3), madeOf(joined, 4)
	later := joined.Add(48 * time.Hour)
	const picture, other = "https://thirdwx.qlogo.cn/a", "https://thirdwx.qlogo.cn/b"
	users := scaffoldOf(
		t,
		bson.M{"_id": two, "openid": "o1", "nickName": "new", "avatarUrl": "", "avatar": other, "createAt": launched, "updateAt": later, "token": "secret"},
		bson.M{"_id": one, "openid": "o1", "nickName": "old", "avatar": picture, "createAt": launched, "updateAt": launched, "token": "secret", "__v": 0},
		bson.M{"_id": "wx1:o2", "openid": "o2", "createAt": joined},
		bson.M{"_id": three, "nickName": "nobody", "createAt": "yesterday"},
		bson.M{"_id": four, "openid": bson.M{"of": "o9"}, "nickName": 7},
		bson.M{"_id": "key-3", "openid": "o3", "avatarUrl": picture, "avatar": other},
		bson.M{"_id": "wx1:o4", "openid": "o4", "uid": "u4", "app_id": "wx1"},
	)
	want := []ports.FormerRecord{
		{Key: three.Hex(), Flaws: []domain.Flaw{domain.FlawDate}, User: domain.FormerUser{Profile: domain.Profile{Nickname: "nobody"}, CreatedAt: joined, NicknameAt: joined, AvatarAt: joined}},
		{Key: one.Hex(), Flaws: []domain.Flaw{domain.FlawScaffoldStart, domain.FlawScaffoldStart}, User: domain.FormerUser{
			OpenID: "o1", Profile: domain.Profile{Nickname: "old", AvatarURL: picture}, CreatedAt: joined, NicknameAt: joined, AvatarAt: joined,
		}},
		{Key: two.Hex(), Flaws: []domain.Flaw{domain.FlawScaffoldStart}, User: domain.FormerUser{
			OpenID: "o1", Profile: domain.Profile{Nickname: "new", AvatarURL: other},
			CreatedAt: joined.Add(time.Hour), NicknameAt: joined.Add(time.Hour), AvatarAt: joined.Add(time.Hour), SeenAt: later,
		}},
		{Flaws: []domain.Flaw{domain.FlawScaffoldStart}, User: domain.FormerUser{OpenID: "o2"}},
		{Key: "key-3", User: domain.FormerUser{OpenID: "o3", Profile: domain.Profile{AvatarURL: picture}}},
		{Refused: domain.FlawOwn, User: domain.FormerUser{OpenID: "o4"}},
		{Key: four.Hex(), Refused: domain.FlawOpenID, Flaws: []domain.Flaw{domain.FlawNickname}, User: domain.FormerUser{CreatedAt: joined, NicknameAt: joined, AvatarAt: joined}},
	}
	if diff := cmp.Diff(want, read(t, users, "")); diff != "" {
		t.Errorf("the records differ (-want +got):\n%s", diff)
	}
	if n, err := users.Count(t.Context()); err != nil || n != 7 {
		t.Errorf("Count: got %d and %v, want 7", n, err)
	}
	if diff := cmp.Diff(want[3:6], read(t, users, one.Hex())); diff != "" {
		t.Errorf("the records behind one differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[5:6], read(t, users, "key-3")); diff != "" {
		t.Errorf("the records behind one of a name differ (-want +got):\n%s", diff)
	}
	for _, err := range users.Records(t.Context(), three.Hex()) {
		if err == nil || !strings.Contains(err.Error(), "no record") {
			t.Errorf("behind a document without openid: got %v, want that there is none", err)
		}
	}
}

func TestManyDocumentsOfTheScaffoldAreReadInOrder(t *testing.T) {
	var documents []bson.M
	for n := range 60 {
		documents = append(documents, bson.M{"_id": madeOf(joined.Add(time.Duration(n)*time.Second), byte(n)), "openid": fmt.Sprintf("of person %02d", (59-n)/2)})
	}
	users := scaffoldOf(t, documents...)
	records := read(t, users, "")
	for n, record := range records[1:] {
		before := records[n]
		if record.User.OpenID < before.User.OpenID || (record.User.OpenID == before.User.OpenID && record.Key < before.Key) {
			t.Fatalf("%s of %s comes behind %s of %s", record.Key, record.User.OpenID, before.Key, before.User.OpenID)
		}
	}
	if len(records) != 60 {
		t.Errorf("got %d records, want 60", len(records))
	}
	for _, err := range users.Records(t.Context(), "") {
		if err != nil {
			t.Error(err)
		}
		break // who stops early leaves nothing behind: goleak sees to it
	}
}

func TestScaffoldThatIsNotThereIsSaidWithoutThePassword(t *testing.T) {
	users := formerIn(t, "mongodb://app:s3cret@127.0.0.1:1/scaffold?serverSelectionTimeoutMS=200")
	_, err := users.Count(t.Context())
	if err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("Count: got %v, want an error without the password", err)
	}
	for _, err := range users.Records(t.Context(), "") {
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("Records: got %v, want an error without the password", err)
		}
	}
}

func TestAvatarsThatAreNoTextAreLeftOutAndSaidToBe(t *testing.T) {
	const picture, file = "https://thirdwx.qlogo.cn/a", "wxfile://tmp"
	left := []domain.Flaw{domain.FlawAvatar}
	fields := []struct {
		avatarURL, avatar any
		flaws             []domain.Flaw
	}{
		{7, nil, left}, {nil, 7, left}, {"", bson.A{picture}, left}, {bson.M{}, "", left}, {true, 1.5, left}, {file, 7, left}, {7, file, left},
		{picture, 7, nil}, {7, picture, nil}, {nil, "", nil}, {file, picture, nil}, {file, nil, nil}, // of a file the domain tells
	}
	var documents []bson.M
	for n, f := range fields {
		documents = append(documents, bson.M{"openid": fmt.Sprintf("o%02d", n), "avatarUrl": f.avatarURL, "avatar": f.avatar})
	}
	for n, record := range read(t, scaffoldOf(t, documents...), "") {
		if diff := cmp.Diff(fields[n].flaws, record.Flaws); diff != "" {
			t.Errorf("of %v: got other flaws (-want +got):\n%s", fields[n], diff)
		}
	}
}
