package mongodb_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"wxlogin/adapters/mongodb"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

// poisons are what a hand may have done to a document.
var poisons = map[string]func(field string) bson.D{
	"missing":  func(field string) bson.D { return bson.D{{Key: "$unset", Value: bson.D{{Key: field, Value: ""}}}} },
	"null":     set(nil),
	"number":   set(42),
	"text":     set("text"),
	"document": set(bson.D{}),
	"array":    set(bson.A{"a"}),
}

func set(value any) func(string) bson.D {
	return func(field string) bson.D { return bson.D{{Key: "$set", Value: bson.D{{Key: field, Value: value}}}} }
}

func TestPoisonedUserIsAnErrorOrAUserNeverAPanic(t *testing.T) {
	uri := testkit.MongoDB(t)
	users := mongodb.NewUserRepository(opened(t, uri))
	stored := raw(t, uri).Collection("users")
	for _, field := range []string{
		"uid", "app_id", "openid", "unionid", "nickname", "created_at", "last_login_at", "banned_at",
		"nickname_at", "avatar", "avatar_at", "phone", "phone_index", "phone_at", "delete_at", "born_as", "several", "decided_union", "apart", "first_login_at",
	} {
		for poison, update := range poisons {
			t.Run(field+" "+poison, func(t *testing.T) {
				v := domain.NewWeChatUser(domain.UserID("u "+t.Name()),
					domain.WeChatIdentity{AppID: "wx1", OpenID: domain.OpenID(t.Name())}, domain.Profile{}, time.Now())
				if _, _, err := users.RecordLogin(t.Context(), v); err != nil {
					t.Fatal(err)
				}
				key := bson.D{{Key: "_id", Value: v.Identity.Key()}}
				if _, err := stored.UpdateOne(t.Context(), key, update(field)); err != nil {
					t.Fatal(err)
				}
				user, _, err := users.RecordLogin(t.Context(), v)
				wantWholeOrBroken(t, "RecordLogin", user, err)
				user, err = users.Find(t.Context(), v.ID)
				if !errors.Is(err, domain.ErrNotFound) {
					wantWholeOrBroken(t, "Find", user, err)
				}
				user, err = users.SetBan(t.Context(), v.ID, time.Now())
				if err == nil && user.Admit() == nil {
					t.Errorf("SetBan: got %+v, who may log in, and no error", user)
				}
			})
		}
	}
}

func wantWholeOrBroken(t *testing.T, call string, user domain.WeChatUser, err error) {
	t.Helper()
	var promised *domain.Error
	switch {
	case errors.As(err, &promised):
		t.Errorf("%s: got %v, want no promise: nobody but the operator can mend it", call, err)
	case err == nil && (user.ID == "" || user.Identity.OpenID != domain.OpenID(t.Name()) || user.Identity.AppID != "wx1"):
		t.Errorf("%s: got %+v, want a whole user or an error", call, user)
	}
}

func TestPoisonedSessionsArePassedOver(t *testing.T) {
	uri := testkit.MongoDB(t)
	sessions := mongodb.NewSessionRepository(opened(t, uri))
	stored := raw(t, uri).Collection("sessions")
	now := time.Now().UTC().Truncate(time.Millisecond)
	for _, field := range []string{
		"sid", "uid", "identity", "device_id", "created_at", "expires_at", "absolute_at", "ends_at", "sealed_key",
		"family", "refresh", "rotated_at", "retry_key", "retry_sealed",
	} {
		for poison, update := range poisons {
			t.Run(field+" "+poison, func(t *testing.T) {
				owner := domain.IdentityKey(fmt.Sprintf("wx1:%s", t.Name()))
				for i, device := range []string{"whole", "broken"} {
					s := domain.Session{ID: domain.SessionID(device), UserID: "u1", Identity: owner, Device: domain.Device{ID: device},
						CreatedAt: now.Add(time.Duration(i)), ExpiresAt: now.Add(time.Hour), AbsoluteAt: now.Add(time.Hour), Key: "key"}
					if err := sessions.Save(t.Context(), s); err != nil {
						t.Fatal(err)
					}
				}
				key := bson.D{{Key: "_id", Value: string(owner) + "@broken"}}
				if _, err := stored.UpdateOne(t.Context(), key, update(field)); err != nil {
					t.Fatal(err)
				}
				live, err := sessions.FindLive(t.Context(), owner, now)
				if err != nil {
					t.Fatalf("FindLive: got %v, want no error", err)
				}
				whole := 0
				for _, s := range live {
					if s.ID == "whole" {
						whole++
					} else if s.ID == "" || s.UserID == "" || s.Device.ID != "broken" || !s.Live(now) {
						t.Errorf("got %+v, want no session that is not whole", s)
					}
				}
				if whole != 1 {
					t.Errorf("got %v, want the whole session among them", live)
				}
			})
		}
	}
}
