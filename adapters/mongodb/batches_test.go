package mongodb_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"wxlogin/adapters/mongodb"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

func TestMoreRevocationsThanOneAnswerHoldsAreAllFound(t *testing.T) {
	const many = 10_050
	uri := testkit.MongoDB(t)
	log := mongodb.NewRevocationLog(opened(t, uri))
	now := time.Now().UTC().Truncate(time.Millisecond)
	all := make([]bson.D, many)
	for i := range all {
		all[i] = bson.D{{Key: "_id", Value: fmt.Sprint("s", i)}, {Key: "at", Value: now}, {Key: "until", Value: now.Add(time.Hour)}}
	}
	if _, err := raw(t, uri).Collection("revocations").InsertMany(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	found, err := log.FindSince(t.Context(), now, now)
	if err != nil {
		t.Fatalf("FindSince: got %v, want no error", err)
	}
	known := make(map[domain.SessionID]bool, many)
	for _, v := range found {
		known[v.SessionID] = true
	}
	if len(found) != many || len(known) != many {
		t.Errorf("got %d revocations of %d sessions, want %d of as many", len(found), len(known), many)
	}
}

func TestSessionsOfAUserComeInOneAnswer(t *testing.T) {
	var log testkit.Buffer
	s := store(t, testkit.MongoDB(t), &clock{now: time.Now()}, &log)
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	sessions, now := mongodb.NewSessionRepository(s), time.Now()
	for i := range 130 { // more than MongoDB puts into a first answer unless it is asked to
		one := domain.Session{ID: domain.SessionID(fmt.Sprint("s", i)), UserID: "u1", Identity: "wx1:o1",
			CreatedAt: now, ExpiresAt: now.Add(time.Hour), AbsoluteAt: now.Add(time.Hour)}
		if err := sessions.Save(t.Context(), one); err != nil {
			t.Fatal(err)
		}
	}
	if live, err := sessions.FindLiveOf(t.Context(), "u1", now); err != nil || len(live) != 130 {
		t.Errorf("got %d sessions and error %v, want 130 and none", len(live), err)
	}
	if strings.Contains(log.String(), "name=getMore") {
		t.Error("there was a second command, want one")
	}
}

// The store removes claims whenever it likes, also between an insertion that
// meets one and the look at it.
func TestClaimThatIsRemovedMeanwhileIsNeverReportedAsNotFound(t *testing.T) {
	uri := testkit.MongoDB(t)
	refreshes := mongodb.NewRefreshRepository(opened(t, uri))
	stored := raw(t, uri).Collection("refresh_claims")
	claimed := make(chan struct{})
	var remover sync.WaitGroup
	remover.Go(func() {
		for {
			select {
			case <-claimed:
				return
			default:
				_, _ = stored.DeleteOne(t.Context(), bson.D{{Key: "_id", Value: "parent"}})
			}
		}
	})
	for i := range 150 {
		claim := domain.RefreshClaim{Parent: "parent", Child: domain.RefreshHash(fmt.Sprint("child-", i)), EndsAt: time.Now().Add(time.Hour)}
		got, err := refreshes.Claim(t.Context(), claim)
		if errors.Is(err, domain.ErrNotFound) || (err == nil && (got.Parent != "parent" || got.Child == "")) {
			t.Errorf("got %+v and error %v, want a claim", got, err)
		}
	}
	close(claimed)
	remover.Wait()
}
