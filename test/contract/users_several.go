package contract

import (
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// assign makes u's identity, which is u.ID's, the user id's, by link, and returns what is stored with
// it then.
func assign(t *testing.T, users ports.UserRepository, u domain.WeChatUser, id domain.UserID, link domain.Link) domain.WeChatUser {
	t.Helper()
	if err := users.Assign(t.Context(), u.Identity.Key(), u.ID, id, link); err != nil {
		t.Fatalf("Assign(%s, %s): got %v, want no error", u.Identity.Key(), id, err)
	}
	u.ID, u.Link = id, link
	return u
}

// linked makes u1 of three identities, of which the oldest came last, and returns
// what is stored with each. There is a u4, too, who has nothing to do with it.
func linked(t *testing.T, users ports.UserRepository) []domain.WeChatUser {
	t.Helper()
	now := start()
	all := []domain.WeChatUser{
		domain.NewWeChatUser("u1", identity("o1"), domain.Profile{}, now),
		visitor("u2", "o2", now.Add(time.Minute)),
		visitor("u3", "o3", now.Add(-time.Minute)),
	}
	for _, v := range append(all, visitor("u4", "o4", now)) {
		record(t, users, v)
	}
	for i, v := range all {
		all[i] = assign(t, users, v, "u1", v.Assigned("u1"))
	}
	return all
}

func wantByIdentity(t *testing.T, users ports.UserRepository, all ...domain.WeChatUser) {
	t.Helper()
	for _, want := range all {
		got, err := users.FindByIdentity(t.Context(), want.Identity.Key())
		if err != nil {
			t.Fatalf("FindByIdentity(%s): got %v, want no error", want.Identity.Key(), err)
		}
		wantEqual(t, "what is stored with "+string(want.Identity.Key()), got, want)
	}
}

// wantUnited wants the identities found each by itself, and as one user.
func wantUnited(t *testing.T, users ports.UserRepository, all ...domain.WeChatUser) {
	t.Helper()
	wantByIdentity(t, users, all...)
	wantStored(t, users, domain.Unite(all))
}

func foundByIdentity(t *testing.T, users ports.UserRepository) {
	a, b := visitor("u1", "oABC", start()), visitor("u2", "oabc", start())
	record(t, users, a)
	record(t, users, b)
	wantByIdentity(t, users, a, b)
	for _, key := range []domain.IdentityKey{"", "u1", "oABC", identity("oAbC").Key(), identity("oAB").Key(), identity("").Key()} {
		got, err := users.FindByIdentity(t.Context(), key)
		wantNotFound(t, "FindByIdentity", err)
		wantEqual(t, "the user who is not found", got, domain.WeChatUser{})
	}
}

func severalAreUnited(t *testing.T, users ports.UserRepository) {
	wantUnited(t, users, linked(t, users)...)
	wantStored(t, users, storedWith(t, users, "o4"))
	for _, id := range []domain.UserID{"u2", "u3"} {
		_, err := users.Find(t.Context(), id)
		wantNotFound(t, "Find of a user whose identity is another's", err)
	}
}

// storedWith is what is stored with an identity.
func storedWith(t *testing.T, users ports.UserRepository, openID string) domain.WeChatUser {
	t.Helper()
	user, err := users.FindByIdentity(t.Context(), identity(openID).Key())
	if err != nil {
		t.Fatalf("FindByIdentity(%s): got %v, want no error", openID, err)
	}
	return user
}

func loginByOneOfSeveral(t *testing.T, users ports.UserRepository) {
	all := linked(t, users)
	again := visitor("u5", "o2", all[1].LastLoginAt.Add(time.Hour))
	again.Profile, again.NicknameAt, again.AvatarAt = domain.Profile{}, time.Time{}, time.Time{}
	all[1].LastLoginAt = again.LastLoginAt
	user, created := record(t, users, again)
	if created {
		t.Error("login by an identity that was assigned: got created true, want false")
	}
	wantEqual(t, "the returned user", user, all[1])
	wantUnited(t, users, all...)
}

func assignReplacesLink(t *testing.T, users ports.UserRepository) {
	u := visitor("u1", "o1", start())
	record(t, users, u)
	u.BannedAt = setBan(t, users, "u1", u.CreatedAt).BannedAt
	links := []domain.Link{
		{Several: true},
		{BornAs: "u1", Several: true, Decided: "union-1"},
		{BornAs: "u1", Apart: true},
		{Decided: "union-2", Apart: true, Several: true},
		{},
	}
	for i, link := range links {
		u = assign(t, users, u, []domain.UserID{"u1", "u2"}[i%2], link)
		wantUnited(t, users, u)
		wantUnited(t, users, assign(t, users, u, u.ID, u.Link)) // done again, its answer lost
	}
}

func assignedBack(t *testing.T, users ports.UserRepository) {
	all := linked(t, users)
	all[1] = assign(t, users, all[1], "u2", domain.Link{Apart: true})
	wantUnited(t, users, all[0], all[2])
	wantUnited(t, users, all[1])
}

func assignOfNobody(t *testing.T, users ports.UserRepository) {
	v := visitor("u1", "o1", start())
	record(t, users, v)
	wantNotFound(t, "Assign", users.Assign(t.Context(), identity("o2").Key(), "u1", "u1", domain.Link{Several: true}))
	wantNotFound(t, "Assign of another's", users.Assign(t.Context(), identity("o1").Key(), "u2", "u3", domain.Link{Several: true}))
	wantUnited(t, users, v)
	_, err := users.FindByIdentity(t.Context(), identity("o2").Key())
	wantNotFound(t, "FindByIdentity after Assign", err)
}

func banOfSeveral(t *testing.T, users ports.UserRepository) {
	all := linked(t, users)
	for _, at := range []time.Time{start().Add(time.Hour), {}} {
		for i := range all {
			all[i].BannedAt = at
		}
		wantEqual(t, "the returned user", setBan(t, users, "u1", at), domain.Unite(all))
		wantUnited(t, users, all...)
	}
	if other := storedWith(t, users, "o4"); !other.BannedAt.IsZero() {
		t.Errorf("another user: got banned at %v, want no ban", other.BannedAt)
	}
}

func banOfOneOfSeveral(t *testing.T, users ports.UserRepository) {
	early, late := start().Add(time.Hour), start().Add(2*time.Hour)
	record(t, users, visitor("u1", "o1", start()))
	record(t, users, visitor("u2", "o2", start()))
	setBan(t, users, "u2", early)
	assign(t, users, storedWith(t, users, "o2"), "u1", domain.Link{BornAs: "u2", Several: true})
	if got := setBan(t, users, "u1", late).BannedAt; !got.Equal(early) {
		t.Errorf("got banned at %v, want %v, as one identity was", got, early)
	}
	if got := storedWith(t, users, "o1").BannedAt; got.IsZero() {
		t.Error("the identity that was not banned: got no ban, want one")
	}
	if got := setBan(t, users, "u1", time.Time{}).BannedAt; !got.IsZero() {
		t.Errorf("after the ban was lifted: got %v, want the zero time", got)
	}
}

func linkTextsSurvive(t *testing.T, users ports.UserRepository) {
	for name, text := range texts {
		u := visitor("u-"+name, text, start())
		record(t, users, u)
		link := domain.Link{BornAs: domain.UserID(text + " born"), Several: true, Decided: domain.UnionID(text)}
		wantUnited(t, users, assign(t, users, u, domain.UserID(text), link))
	}
}
