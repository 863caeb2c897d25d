package mongodb_test

import (
	"os"
	"regexp"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"wxlogin/adapters/mongodb"
	"wxlogin/domain"
)

// Documents of the scaffold's may have a uid, or an app_id, of their own: wxlogin's
// have both, and are stored under them.
func TestOnlyDocumentsOfWxloginsAreTakenForItsOwn(t *testing.T) {
	own := map[bool][]bson.M{
		true: {
			{"_id": "wx1:o01", "openid": "o01", "uid": "u1", "app_id": "wx1"},
		},
		false: {
			{"openid": "o02", "uid": "u2"},
			{"openid": "o03", "uid": "u3", "app_id": "wx1"},
			{"_id": "wx1:o04", "openid": "o04", "app_id": "wx1"},
			{"_id": "wx1:o05", "openid": "o05", "uid": "u5"},
			{"_id": "wx1:o06", "openid": "o06", "uid": 6, "app_id": "wx1"},
			{"_id": ":o07", "openid": "o07", "uid": "u7", "app_id": 1},
			{"_id": "key-8", "openid": "o08", "uid": "u8", "app_id": "wx1"},
			{"_id": "wx1:", "openid": "o09", "uid": "u9", "app_id": "wx1"},
		},
	}
	users := scaffoldOf(t, append(own[true], own[false]...)...)
	var refused int
	for _, record := range read(t, users, "") {
		if record.Refused == domain.FlawOwn {
			refused++
		}
		if want := record.User.OpenID == "o01"; want != (record.Refused != "") {
			t.Errorf("the document of %s: got it refused for %q, want it refused: %v", record.User.OpenID, record.Refused, want)
		}
	}
	if refused != len(own[true]) {
		t.Errorf("got %d documents for wxlogin's own, want %d", refused, len(own[true]))
	}
}

// What README says to remove, where both share a database, is none of wxlogin's.
func TestAdviceOnRemovingTheScaffoldsDocumentsSparesWxlogins(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile("remove `([^`]+)` and nothing else").FindSubmatch(readme)
	if said == nil {
		t.Fatal("README does not say what to remove")
	}
	var filter bson.D
	quoted := regexp.MustCompile(`([$\w]+):`).ReplaceAll(said[1], []byte(`"$1":`))
	if err := bson.UnmarshalExtJSON(quoted, false, &filter); err != nil {
		t.Fatal(err)
	}
	users := scaffoldOf(
		t,
		bson.M{"_id": "wx1:o1", "openid": "o1", "uid": "u1", "app_id": "wx1"},
		bson.M{"openid": "o2"},
		bson.M{"openid": "o3", "uid": "u3", "app_id": "wx1"},
		bson.M{"_id": "key-4", "openid": "o4", "uid": "u4"},
		bson.M{"_id": "key-5", "openid": "o5", "app_id": "wx1"},
		bson.M{"_id": 6, "openid": "o6", "uid": 6},
	)
	removed, err := mongodb.DocumentsOf(users).DeleteMany(t.Context(), filter)
	if err != nil {
		t.Fatal(err)
	}
	left := read(t, users, "")
	if removed.DeletedCount != 5 || len(left) != 1 || left[0].Refused != domain.FlawOwn {
		t.Errorf("got %d documents removed by %s and %v left, want wxlogin's alone", removed.DeletedCount, said[1], left)
	}
}
