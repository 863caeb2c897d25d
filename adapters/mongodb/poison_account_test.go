package mongodb_test

import (
	"errors"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"wxlogin/adapters/mongodb"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

// newcomer records a user named by the test, who begins with a hand's change.
func newcomer(t *testing.T, db *mongo.Database, users ports.UserRepository, by bson.D) domain.WeChatUser {
	t.Helper()
	v := domain.NewWeChatUser(domain.UserID("u "+t.Name()),
		domain.WeChatIdentity{AppID: "wx1", OpenID: domain.OpenID(t.Name())}, domain.Profile{}, time.Now())
	if _, _, err := users.RecordLogin(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	byHand(t, db, v.Identity.Key(), by)
	return v
}

func byHand(t *testing.T, db *mongo.Database, key domain.IdentityKey, change bson.D) {
	t.Helper()
	if _, err := db.Collection("users").UpdateOne(t.Context(), bson.D{{Key: "_id", Value: key}}, change); err != nil {
		t.Fatal(err)
	}
}

func TestBanAndDeletionReplaceWhatIsNoTime(t *testing.T) {
	uri := testkit.MongoDB(t)
	store, db := opened(t, uri), raw(t, uri)
	users, deletions := mongodb.NewUserRepository(store), mongodb.NewDeletionRepository(store)
	now := time.Now().UTC().Truncate(time.Millisecond)
	for poison, update := range poisons {
		t.Run(poison, func(t *testing.T) {
			v := newcomer(t, db, users, update("banned_at"))
			if user, err := users.SetBan(t.Context(), v.ID, now); err != nil || user.BannedAt != now {
				t.Errorf("SetBan: got %v and error %v, want %v", user.BannedAt, err, now)
			}
			byHand(t, db, v.Identity.Key(), update("delete_at"))
			if due, err := deletions.FindDue(t.Context(), now, 100); err != nil || len(due) != 0 {
				t.Errorf("FindDue: got %v and error %v, want nobody", due, err)
			}
			if err := deletions.Erase(t.Context(), v.ID, now); err != nil {
				t.Errorf("Erase: got %v, want no error", err)
			}
			if err := deletions.ScheduleDeletion(t.Context(), v.ID, now); err != nil {
				t.Errorf("ScheduleDeletion: got %v, want no error, and a user to be there", err)
			}
			if user, err := users.Find(t.Context(), v.ID); err != nil || user.DeletionAt != now {
				t.Errorf("Find: got %v and error %v, want %v", user.DeletionAt, err, now)
			}
			if err := deletions.ScheduleDeletion(t.Context(), v.ID, time.Time{}); err != nil {
				t.Errorf("ScheduleDeletion of nothing: got %v, want no error", err)
			}
		})
	}
}

func TestAttributeWhoseTimeIsNoTimeIsRemoved(t *testing.T) {
	uri := testkit.MongoDB(t)
	store, db := opened(t, uri), raw(t, uri)
	users, profiles := mongodb.NewUserRepository(store), mongodb.NewProfileRepository(store)
	long := time.Now().Add(-time.Hour)
	for poison, update := range poisons {
		t.Run(poison, func(t *testing.T) {
			v := newcomer(t, db, users, bson.D{{Key: "$set", Value: bson.D{
				{Key: "nickname", Value: "n"}, {Key: "avatar", Value: "a"}, {Key: "avatar_url", Value: "a"}, {Key: "phone", Value: "p"},
			}}})
			for _, field := range []string{"nickname_at", "avatar_at", "phone_at"} {
				byHand(t, db, v.Identity.Key(), update(field))
			}
			all := domain.NicknameAttribute | domain.AvatarAttribute | domain.PhoneAttribute
			if err := profiles.ClearProfile(t.Context(), v.Identity.Key(), all, long); err != nil {
				t.Errorf("ClearProfile: got %v, want no error", err)
			}
			got, err := users.Find(t.Context(), v.ID)
			if err != nil || got.Profile != (domain.Profile{}) || got.Avatar != "" || !got.Phone.Empty() {
				t.Errorf("got %+v and error %v, want nothing to be known", got, err)
			}
		})
	}
}

func TestPoisonedIdentityIsAnErrorOfItsUserAndCanBeErased(t *testing.T) {
	uri := testkit.MongoDB(t)
	store, db := opened(t, uri), raw(t, uri)
	users, profiles, deletions := mongodb.NewUserRepository(store), mongodb.NewProfileRepository(store), mongodb.NewDeletionRepository(store)
	now := time.Now().UTC().Truncate(time.Millisecond)
	if _, _, err := users.RecordLogin(t.Context(), visitor); err != nil {
		t.Fatal(err)
	}
	broken := newcomer(t, db, users, bson.D{{Key: "$set", Value: bson.D{
		{Key: "uid", Value: "u1"}, {Key: "nickname", Value: 42}, {Key: "phone_index", Value: "p"},
	}}})
	var promised *domain.Error
	if got, err := users.Find(t.Context(), "u1"); err == nil || errors.As(err, &promised) {
		t.Errorf("Find: got %+v and error %v, want an error that promises nothing", got, err)
	}
	nobodys := bson.D{{Key: "_id", Value: "wx1:o3"}, {Key: "phone_index", Value: "p"}, {Key: "delete_at", Value: now.Add(-time.Hour)}}
	if _, err := db.Collection("users").InsertOne(t.Context(), nobodys); err != nil {
		t.Fatal(err)
	}
	if found, err := profiles.FindByPhone(t.Context(), "p"); err != nil || len(found) != 1 || len(found[0].Others) != 0 || found[0].ID != "u1" {
		t.Errorf("FindByPhone: got %+v and error %v, want the user without the identity", found, err)
	}
	if err := deletions.ScheduleDeletion(t.Context(), "u1", now); err != nil {
		t.Errorf("ScheduleDeletion: got %v, want no error", err)
	}
	if due, err := deletions.FindDue(t.Context(), now, 10); err != nil || len(due) != 1 || due[0] != "u1" {
		t.Errorf("FindDue: got %v and error %v, want the user", due, err)
	}
	if err := deletions.Erase(t.Context(), "u1", now); err != nil {
		t.Errorf("Erase: got %v, want no error", err)
	}
	if _, err := users.FindByIdentity(t.Context(), broken.Identity.Key()); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("FindByIdentity after it: got %v, want %v", err, domain.ErrNotFound)
	}
}
