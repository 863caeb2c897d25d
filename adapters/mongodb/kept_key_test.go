package mongodb_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"wxlogin/adapters/mongodb"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

// afterUpdate is a log that does something when it is told of an update.
type afterUpdate func()

func (f afterUpdate) Write(line []byte) (int, error) {
	if strings.Contains(string(line), "name=update collection=sessions") {
		f()
	}
	return len(line), nil
}

// A session without a key is stored by two commands, and others may come in between.
func TestKeyThatIsStoredMeanwhileStays(t *testing.T) {
	uri := testkit.MongoDB(t)
	elsewhere := mongodb.NewSessionRepository(opened(t, uri))
	now := time.Now().UTC().Truncate(time.Millisecond)
	keyed := domain.Session{
		ID: "s1", UserID: "u1", Identity: "wx1:o1", Device: domain.Device{ID: "device-1"},
		CreatedAt: now, ExpiresAt: now.Add(time.Hour), AbsoluteAt: now.Add(time.Hour), Key: "key",
	}
	meanwhile := afterUpdate(sync.OnceFunc(func() {
		if err := elsewhere.Save(t.Context(), keyed); err != nil {
			t.Errorf("Save elsewhere: got %v, want no error", err)
		}
	}))
	s := store(t, uri, &clock{now: now}, meanwhile)
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	next := keyed
	next.ID, next.Key = "s2", ""
	if err := mongodb.NewSessionRepository(s).Save(t.Context(), next); err != nil {
		t.Fatalf("Save: got %v, want no error", err)
	}
	live, err := elsewhere.FindLive(t.Context(), keyed.Identity, now)
	if err != nil || len(live) != 1 || live[0].ID != "s2" || live[0].Key != "key" {
		t.Errorf("got %+v and error %v, want s2 with the key", live, err)
	}
}
