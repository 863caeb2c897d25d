package mongodb_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
)

// The key of a document is the same document again, whatever its _id is, or is none.
func TestDocumentsOfTheScaffoldAreNamedByTheirIDIfPeopleMaySeeIt(t *testing.T) {
	own, alike := madeOf(joined, 1), madeOf(joined, 2).Hex()
	const openID = "oGZUI0egBJY1zhBYw2KhdUfwVJJE"
	want := []string{
		own.Hex(),   // MongoDB's own
		":" + alike, // a text that looks like one
		"key-1:b",
		"::1",
		"", "", "", "", "", "", "",
	}
	ids := []any{
		own, alike, "key-1:b", ":1",
		7, bson.Binary{Subtype: bson.TypeBinaryUUID, Data: make([]byte, 16)}, bson.M{"of": "o"},
		"wx1:o07", openID, "\x1b[2J", "$(reboot)",
	}
	var documents []bson.M
	for n, id := range ids {
		documents = append(documents, bson.M{"_id": id, "openid": fmt.Sprintf("o%02d", n)})
	}
	users := scaffoldOf(t, documents...)
	records := read(t, users, "")
	for n, record := range records {
		if record.Key != want[n] {
			t.Errorf("of the _id %v: got the key %q, want %q", ids[n], record.Key, want[n])
		}
		if record.Key == "" {
			continue
		}
		if diff := cmp.Diff(records[n+1:], read(t, users, record.Key)); diff != "" {
			t.Errorf("the records behind %s differ (-want +got):\n%s", record.Key, diff)
		}
	}
}
