package mongodb_test

import (
	"errors"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"wxlogin/adapters/mongodb"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

func TestPoisonedSessionIsFoundWholeOrNotAtAll(t *testing.T) {
	uri := testkit.MongoDB(t)
	store := opened(t, uri)
	sessions, refreshes := mongodb.NewSessionRepository(store), mongodb.NewRefreshRepository(store)
	stored := raw(t, uri).Collection("sessions")
	now := time.Now().UTC().Truncate(time.Millisecond)
	for _, field := range []string{
		"sid", "uid", "identity", "created_at", "expires_at", "absolute_at", "ends_at",
		"family", "refresh", "rotated_at", "retry_key", "retry_sealed",
	} {
		for poison, update := range poisons {
			t.Run(field+" "+poison, func(t *testing.T) {
				name := t.Name()
				s := domain.Session{ID: "s1", UserID: "u1", Identity: domain.IdentityKey(name), Device: domain.Device{ID: "d"},
					CreatedAt: now, ExpiresAt: now.Add(time.Hour), AbsoluteAt: now.Add(time.Hour), RotatedAt: now,
					Family: domain.RefreshFamily(name), Refresh: "r", Retry: domain.LoginRetry{Key: domain.LoginKey(name), Refresh: "t"}}
				if err := sessions.Save(t.Context(), s); err != nil {
					t.Fatal(err)
				}
				if _, err := stored.UpdateOne(t.Context(), bson.D{{Key: "_id", Value: name + "@d"}}, update(field)); err != nil {
					t.Fatal(err)
				}
				found, err := refreshes.FindByFamily(t.Context(), s.Family, now)
				wantWholeOrNotFound(t, "FindByFamily", found, err)
				found, err = refreshes.FindByLogin(t.Context(), s.Retry.Key, now)
				wantWholeOrNotFound(t, "FindByLogin", found, err)
			})
		}
	}
}

func wantWholeOrNotFound(t *testing.T, call string, s domain.Session, err error) {
	t.Helper()
	whole := s.ID != "" && s.UserID != "" && s.Identity == domain.IdentityKey(t.Name()) && !s.ExpiresAt.IsZero() && !s.AbsoluteAt.IsZero()
	if !errors.Is(err, domain.ErrNotFound) && (err != nil || !whole) {
		t.Errorf("%s: got %+v and error %v, want a whole session or %v", call, s, err, domain.ErrNotFound)
	}
}

// To take a broken claim for none would end a session, as if its token was stolen.
func TestPoisonedClaimIsAnErrorOrAClaimAndNeverNone(t *testing.T) {
	uri := testkit.MongoDB(t)
	refreshes := mongodb.NewRefreshRepository(opened(t, uri))
	stored := raw(t, uri).Collection("refresh_claims")
	for _, field := range []string{"child", "sealed", "ends_at"} {
		for poison, update := range poisons {
			t.Run(field+" "+poison, func(t *testing.T) {
				claim := domain.RefreshClaim{Parent: domain.RefreshHash(t.Name()), Child: "child", Sealed: "sealed", EndsAt: time.Now().Add(time.Hour)}
				if _, err := refreshes.Claim(t.Context(), claim); err != nil {
					t.Fatal(err)
				}
				if _, err := stored.UpdateOne(t.Context(), bson.D{{Key: "_id", Value: t.Name()}}, update(field)); err != nil {
					t.Fatal(err)
				}
				found, err := refreshes.FindClaim(t.Context(), claim.Parent)
				wantClaimOrBroken(t, "FindClaim", found, err)
				found, err = refreshes.Claim(t.Context(), claim)
				wantClaimOrBroken(t, "Claim", found, err)
			})
		}
	}
}

func wantClaimOrBroken(t *testing.T, call string, c domain.RefreshClaim, err error) {
	t.Helper()
	var promised *domain.Error
	switch {
	case errors.As(err, &promised):
		t.Errorf("%s: got %v, want no promise: nobody but the operator can mend it", call, err)
	case err == nil && (c.Parent != domain.RefreshHash(t.Name()) || c.Child == "" || c.EndsAt.IsZero()):
		t.Errorf("%s: got %+v, want a whole claim or an error", call, c)
	case err != nil && c != (domain.RefreshClaim{}):
		t.Errorf("%s: got %+v beside the error %v, want nothing", call, c, err)
	}
}

func TestPoisonedRevocationsArePassedOver(t *testing.T) {
	uri := testkit.MongoDB(t)
	log := mongodb.NewRevocationLog(opened(t, uri))
	stored := raw(t, uri).Collection("revocations")
	now := time.Now().UTC().Truncate(time.Millisecond)
	record := func(id string) {
		v := domain.Revocation{SessionID: domain.SessionID(id), At: now, Until: now.Add(time.Hour)}
		if err := log.Record(t.Context(), v); err != nil {
			t.Fatalf("Record of %s: got %v, want no error", id, err)
		}
	}
	record("whole")
	strange := bson.D{{Key: "_id", Value: bson.NewObjectID()}, {Key: "at", Value: now}, {Key: "until", Value: now.Add(time.Hour)}}
	if _, err := stored.InsertOne(t.Context(), strange); err != nil {
		t.Fatal(err)
	}
	broken := map[domain.SessionID]bool{}
	for _, field := range []string{"at", "until"} {
		for poison, update := range poisons {
			id := field + " " + poison
			record(id)
			broken[domain.SessionID(id)] = true
			if _, err := stored.UpdateOne(t.Context(), bson.D{{Key: "_id", Value: id}}, update(field)); err != nil {
				t.Fatal(err)
			}
		}
	}
	found, err := log.FindSince(t.Context(), time.Time{}, now)
	if err != nil || len(found) != 1 || found[0].SessionID != "whole" {
		t.Errorf("got %v and error %v, want the whole one alone", found, err)
	}
	for id := range broken {
		record(string(id)) // a hand broke it, and the next revocation mends it
	}
	found, err = log.FindSince(t.Context(), now, now)
	if err != nil || len(found) != 1+len(broken) {
		t.Errorf("got %d and error %v after all were recorded again, want %d and none", len(found), err, 1+len(broken))
	}
}
