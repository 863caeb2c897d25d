package mongodb_test

import (
	"errors"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"wxlogin/adapters/mongodb"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

// To take a broken claim for none would give a UnionID to another.
func TestPoisonedUnionIsAnErrorOrAClaimAndNeverNone(t *testing.T) {
	uri := testkit.MongoDB(t)
	unions := mongodb.NewUnionRepository(opened(t, uri))
	stored := raw(t, uri).Collection("unions")
	for _, field := range []string{"uid", "disputed"} {
		for poison, update := range poisons {
			t.Run(field+" "+poison, func(t *testing.T) {
				claim := domain.UnionClaim{Union: domain.UnionID(t.Name()), UserID: "u1"}
				if _, err := unions.ClaimUnion(t.Context(), claim); err != nil {
					t.Fatal(err)
				}
				if _, err := stored.UpdateOne(t.Context(), bson.D{{Key: "_id", Value: t.Name()}}, update(field)); err != nil {
					t.Fatal(err)
				}
				claim.UserID = "u2"
				got, err := unions.ClaimUnion(t.Context(), claim)
				var promised *domain.Error
				if errors.As(err, &promised) || (err == nil && (got.Union != claim.Union || got.UserID == "" || got.UserID == "u2")) {
					t.Errorf("ClaimUnion: got %+v and error %v, want what stands, or an error that promises nothing", got, err)
				}
				if err != nil || (poison != "missing" && poison != "null") {
					return
				}
				if done, err := unions.ReplaceUnion(t.Context(), got, claim); err != nil || !done {
					t.Errorf("ReplaceUnion of what lacks a field: got %t and error %v, want it done", done, err)
				}
			})
		}
	}
}

func appendEntry(t *testing.T, log ports.AuditLog, id string, at time.Time) {
	t.Helper()
	e := domain.AuditEntry{ID: id, At: at, Action: domain.AuditErased, By: domain.ByUser, UserID: "u1", OtherID: "u2", AppID: "wx1"}
	if err := log.Append(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

func TestPoisonedAuditEntriesArePassedOver(t *testing.T) {
	uri := testkit.MongoDB(t)
	log := mongodb.NewAuditLog(opened(t, uri))
	stored := raw(t, uri).Collection("audit")
	now := time.Now().UTC().Truncate(time.Millisecond)
	appendEntry(t, log, "whole", now)
	strange := bson.D{{Key: "_id", Value: bson.NewObjectID()}, {Key: "at", Value: now}, {Key: "uid", Value: "u1"}}
	if _, err := stored.InsertOne(t.Context(), strange); err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"at", "action", "by", "uid", "other", "app_id"} {
		for poison, update := range poisons {
			id := field + " " + poison
			appendEntry(t, log, id, now)
			if _, err := stored.UpdateOne(t.Context(), bson.D{{Key: "_id", Value: id}}, update(field)); err != nil {
				t.Fatal(err)
			}
			appendEntry(t, log, id, now) // one of its ID is there, whatever it is
		}
	}
	for _, id := range []domain.UserID{"", "u1", "u2"} {
		found, err := log.FindEntries(t.Context(), id, 100)
		if err != nil {
			t.Fatalf("FindEntries(%q): got %v, want no error", id, err)
		}
		whole := 0
		for _, e := range found {
			if e.ID == "whole" {
				whole++
			}
			if e.At.IsZero() || e.Action == "" || e.ID == "" {
				t.Errorf("FindEntries(%q): got %+v, want no entry that is not whole", id, e)
			}
		}
		if whole != 1 {
			t.Errorf("FindEntries(%q): got %v, want the whole one among them, once", id, found)
		}
	}
}
