package mongodb_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"wxlogin/adapters/mongodb"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

// oldUser is a user as the version before accounts stored it.
func oldUser(now time.Time) bson.D {
	return bson.D{
		{Key: "_id", Value: "wx1:o1"}, {Key: "uid", Value: "u1"}, {Key: "app_id", Value: "wx1"}, {Key: "openid", Value: "o1"},
		{Key: "unionid", Value: "union"}, {Key: "nickname", Value: "nick"}, {Key: "avatar_url", Value: "https://a.test/"},
		{Key: "created_at", Value: now}, {Key: "last_login_at", Value: now},
	}
}

func TestFirstVisitorIsStoredWithAllThatIsKnown(t *testing.T) {
	users := mongodb.NewUserRepository(opened(t, testkit.MongoDB(t)))
	now := time.Now().UTC().Truncate(time.Millisecond)
	for i, profile := range []domain.Profile{{}, {Nickname: "nick"}, {AvatarURL: "https://a.test/"}, {Nickname: "nick", AvatarURL: "https://a.test/"}} {
		who := domain.WeChatIdentity{AppID: "wx1", OpenID: domain.OpenID(fmt.Sprint("o", i)), UnionID: "union"}
		want := domain.WeChatUser{
			ID: domain.UserID(fmt.Sprint("u", i)), Identity: who, Profile: profile,
			NicknameAt: now, Avatar: "avatar", AvatarAt: now.Add(time.Second),
			Phone:     domain.SealedPhone{Owner: who.Key(), Text: "sealed", Index: "index", At: now.Add(time.Minute)},
			CreatedAt: now, FirstLoginAt: now, LastLoginAt: now, BannedAt: now, DeletionAt: now.Add(time.Hour),
			Link: domain.Link{Several: true, Decided: "union", Apart: true},
		}
		for range 2 {
			got, created, err := users.RecordLogin(t.Context(), want)
			if diff := cmp.Diff(want, got); err != nil || !created || diff != "" {
				t.Errorf("got created %t and error %v, and it differs (-want +got):\n%s", created, err, diff)
			}
		}
	}
}

func TestUserOfTheVersionBeforeIsTakenOver(t *testing.T) {
	uri := testkit.MongoDB(t)
	now := time.Now().UTC().Truncate(time.Millisecond)
	if _, err := raw(t, uri).Collection("users").InsertOne(t.Context(), oldUser(now)); err != nil {
		t.Fatal(err)
	}
	store := opened(t, uri)
	users, profiles := mongodb.NewUserRepository(store), mongodb.NewProfileRepository(store)
	want := domain.WeChatUser{
		ID: "u1", Identity: domain.WeChatIdentity{AppID: "wx1", OpenID: "o1", UnionID: "union"},
		Profile: domain.Profile{Nickname: "nick", AvatarURL: "https://a.test/"}, CreatedAt: now, FirstLoginAt: now, LastLoginAt: now,
	}
	wantFound := func(what string) {
		t.Helper()
		got, err := users.Find(t.Context(), "u1")
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: error %v, and it differs (-want +got):\n%s", what, err, diff)
		}
	}
	wantFound("Find")
	want.BannedAt = now
	if _, err := users.SetBan(t.Context(), "u1", now); err != nil {
		t.Errorf("SetBan: got %v, want no error", err)
	}
	wantFound("Find of the banned user")
	want.Profile.AvatarURL = ""
	if err := profiles.ClearProfile(t.Context(), "wx1:o1", domain.AvatarAttribute|domain.PhoneAttribute, now.Add(-time.Hour)); err != nil {
		t.Errorf("ClearProfile: got %v, want no error", err)
	}
	wantFound("Find of the user without an avatar")
	want.Link = domain.Link{Decided: "union"}
	if err := users.Assign(t.Context(), "wx1:o1", "u1", "u1", want.Link); err != nil {
		t.Errorf("Assign: got %v, want no error", err)
	}
	wantFound("Find of the user whose identity was decided")
}

// Who dies between the two writes of a first login has told nobody of it.
func TestFirstLoginThatEndedHalfwayIsTheNext(t *testing.T) {
	uri := testkit.MongoDB(t)
	store := opened(t, uri)
	now := time.Now().UTC().Truncate(time.Millisecond)
	who := domain.NewWeChatUser("u1", domain.WeChatIdentity{AppID: "wx1", OpenID: "o1"}, domain.Profile{}, now.Add(-time.Hour))
	if stored, err := mongodb.NewImportRepository(store).Import(t.Context(), who); err != nil || !stored {
		t.Fatalf("Import: got %t and %v, want it stored", stored, err)
	}
	byHand(t, raw(t, uri), who.Identity.Key(), bson.D{{Key: "$max", Value: bson.D{{Key: "last_login_at", Value: now}}}})
	for _, at := range []time.Time{now.Add(time.Minute), now.Add(time.Hour)} {
		visit := domain.NewWeChatUser("u2", who.Identity, domain.Profile{}, at)
		user, created, err := mongodb.NewUserRepository(store).RecordLogin(t.Context(), visit)
		if err != nil || created || user.ID != "u1" || user.FirstLoginAt != now.Add(time.Minute) || user.LastLoginAt != at {
			t.Errorf("got %+v, created %t and error %v, want u1, who first came at %v", user, created, err, now.Add(time.Minute))
		}
	}
}

// due is the i-th identity, which is due as the i-th.
func due(i int, owner domain.UserID, now time.Time) bson.D {
	openid := fmt.Sprint("o", i)
	return bson.D{
		{Key: "_id", Value: "wx1:" + openid}, {Key: "uid", Value: owner}, {Key: "app_id", Value: "wx1"}, {Key: "openid", Value: openid},
		{Key: "created_at", Value: now}, {Key: "phone", Value: "sealed"}, {Key: "phone_index", Value: "p"},
		{Key: "delete_at", Value: now.Add(time.Duration(i) * time.Millisecond)},
	}
}

func TestUsersOfMoreIdentitiesThanOneAnswerHoldsHideNobody(t *testing.T) {
	const many = 250
	uri := testkit.MongoDB(t)
	now := time.Now().UTC().Truncate(time.Millisecond)
	all := make([]bson.D, many)
	for i := range all {
		all[i] = due(i, "u1", now)
	}
	all[many-1] = due(many-1, "u2", now)
	if _, err := raw(t, uri).Collection("users").InsertMany(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	store := opened(t, uri)
	deletions := mongodb.NewDeletionRepository(store)
	for limit, want := range map[int][]domain.UserID{0: nil, 1: {"u1"}, 2: {"u1", "u2"}, 100: {"u1", "u2"}} {
		found, err := deletions.FindDue(t.Context(), now.Add(time.Hour), limit)
		if err != nil || !slices.Equal(found, want) {
			t.Errorf("FindDue of %d: got %v and error %v, want %v", limit, found, err, want)
		}
	}
	found, err := mongodb.NewProfileRepository(store).FindByPhone(t.Context(), "p")
	if err != nil || len(found) != 2 || len(found[0].All()) != many-1 || len(found[1].All()) != 1 {
		t.Errorf("FindByPhone: got %d users and error %v, want both, with all identities", len(found), err)
	}
	user, err := mongodb.NewUserRepository(store).SetBan(t.Context(), "u1", now)
	if err != nil || len(user.All()) != many-1 {
		t.Errorf("SetBan: got %d identities and error %v, want %d", len(user.All()), err, many-1)
	}
	for _, one := range user.All() {
		if one.Admit() == nil {
			t.Errorf("%s may log in, want every identity banned", one.Identity.Key())
		}
	}
}
