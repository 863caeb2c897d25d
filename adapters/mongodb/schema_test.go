package mongodb_test

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"wxlogin/adapters/mongodb"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

func indexes(t *testing.T, c *mongo.Collection) []string {
	t.Helper()
	all, err := c.Indexes().ListSpecifications(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, index := range all {
		names = append(names, index.Name)
	}
	slices.Sort(names)
	return names
}

func TestIndexesAreMadeOnceHoweverOftenAStoreOpens(t *testing.T) {
	uri := testkit.MongoDB(t)
	for range 3 {
		opened(t, uri)
	}
	db := raw(t, uri)
	for collection, want := range map[string][]string{
		"users":       {"_id_", "delete_at", "phone_index", "uid"},
		"sessions":    {"_id_", "family", "identity_newest", "retry_key", "uid_newest"},
		"revocations": {"_id_", "at"},
		"unions":      {"_id_", "uid"},
		"audit":       {"_id_", "newest", "other_newest", "uid_newest"},
	} {
		got := slices.DeleteFunc(indexes(t, db.Collection(collection)), func(name string) bool {
			return strings.HasSuffix(name, "_ttl") // only a server that knows them has those
		})
		if !slices.Equal(got, want) {
			t.Errorf("%s: got indexes %v, want %v", collection, got, want)
		}
	}
}

// before makes a database as the version before refresh tokens left it, with one
// session in it, and returns that session.
func before(t *testing.T, db *mongo.Database) domain.Session {
	t.Helper()
	now := time.Now().UTC().Truncate(time.Millisecond)
	end := now.Add(time.Hour)
	for collection, index := range map[string]mongo.IndexModel{
		"users": {Keys: bson.D{{Key: "uid", Value: 1}}, Options: options.Index().SetName("uid")},
		"sessions": {
			Keys:    bson.D{{Key: "identity", Value: 1}, {Key: "created_at", Value: -1}, {Key: "sid", Value: -1}},
			Options: options.Index().SetName("identity_newest"),
		},
	} {
		if _, err := db.Collection(collection).Indexes().CreateOne(t.Context(), index); err != nil {
			t.Fatal(err)
		}
	}
	old := bson.D{
		{Key: "_id", Value: "wx1:o1@device-1"}, {Key: "sid", Value: "s1"}, {Key: "uid", Value: "u1"},
		{Key: "identity", Value: "wx1:o1"}, {Key: "app_id", Value: "wx1"}, {Key: "device_id", Value: "device-1"},
		{Key: "created_at", Value: now}, {Key: "expires_at", Value: end}, {Key: "absolute_at", Value: end},
		{Key: "ends_at", Value: end}, {Key: "sealed_key", Value: "key"},
	}
	if _, err := db.Collection("sessions").InsertOne(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	return domain.Session{ID: "s1", UserID: "u1", Identity: "wx1:o1", AppID: "wx1", Device: domain.Device{ID: "device-1"},
		CreatedAt: now, ExpiresAt: end, AbsoluteAt: end, Key: "key"}
}

func TestDatabaseOfTheVersionBeforeIsTakenOver(t *testing.T) {
	uri := testkit.MongoDB(t)
	db := raw(t, uri)
	old := before(t, db)
	store := opened(t, uri)
	if got := indexes(t, db.Collection("sessions")); !slices.Contains(got, "uid_newest") || !slices.Contains(got, "family") {
		t.Errorf("got indexes %v, want the new ones beside the old", got)
	}
	sessions := mongodb.NewSessionRepository(store)
	live, err := sessions.FindLiveOf(t.Context(), "u1", old.CreatedAt)
	if diff := cmp.Diff([]domain.Session{old}, live); err != nil || diff != "" {
		t.Errorf("FindLiveOf: error %v, and it differs (-want +got):\n%s", err, diff)
	}
	if moved, err := mongodb.NewRefreshRepository(store).Renew(t.Context(), old, ""); err != nil || moved {
		t.Errorf("Renew of a session that has no refresh token: got %t and error %v, want false and none", moved, err)
	}
	if err := sessions.Delete(t.Context(), "u1", "s1"); err != nil {
		t.Errorf("Delete: got %v, want no error", err)
	}
	if live, err := sessions.FindLive(t.Context(), "wx1:o1", old.CreatedAt); err != nil || len(live) != 0 {
		t.Errorf("FindLive after it: got %v and error %v, want nothing", live, err)
	}
}

func TestWhatHasExpiredIsSweptWhereTheServerDoesNot(t *testing.T) {
	uri := testkit.MongoDB(t)
	db, now := raw(t, uri), time.Now().UTC()
	first := opened(t, uri)
	if slices.Contains(indexes(t, db.Collection("sessions")), "ends_at_ttl") {
		t.Skip("this server has TTL indexes and removes what has expired by itself")
	}
	for name, life := range map[string]time.Duration{"expires-1": time.Hour, "stays-1": 3 * time.Hour, "expires-2": 2 * time.Hour} {
		s := domain.Session{ID: domain.SessionID(name), UserID: "u1", Identity: "wx1:o1", Device: domain.Device{ID: name},
			CreatedAt: now, ExpiresAt: now.Add(3 * time.Hour), AbsoluteAt: now.Add(life)}
		if err := mongodb.NewSessionRepository(first).Save(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		claim := domain.RefreshClaim{Parent: domain.RefreshHash(name), Child: "child", EndsAt: now.Add(life)}
		if _, err := mongodb.NewRefreshRepository(first).Claim(t.Context(), claim); err != nil {
			t.Fatal(err)
		}
		revoked := domain.Revocation{SessionID: domain.SessionID(name), At: now, Until: now.Add(life)}
		if err := mongodb.NewRevocationLog(first).Record(t.Context(), revoked); err != nil {
			t.Fatal(err)
		}
	}
	later := store(t, uri, &clock{now: now.Add(2 * time.Hour)}, io.Discard)
	if err := later.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, collection := range []string{"sessions", "refresh_claims", "revocations"} {
		var left []string
		for end := time.Now().Add(5 * time.Second); time.Now().Before(end) && len(left) != 1; time.Sleep(5 * time.Millisecond) {
			left = ids(t, db.Collection(collection))
		}
		if len(left) != 1 || !strings.HasSuffix(left[0], "stays-1") {
			t.Errorf("%s: got %v left, want the live one alone", collection, left)
		}
	}
}

func ids(t *testing.T, c *mongo.Collection) []string {
	t.Helper()
	cursor, err := c.Find(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		ID string `bson:"_id"`
	}
	if err := cursor.All(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(all))
	for i, one := range all {
		names[i] = one.ID
	}
	return names
}
