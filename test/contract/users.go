package contract

import (
	"errors"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// UserRepository holds a store to ports.UserRepository. It calls fresh once for
// each case, and expects an empty store.
func UserRepository(t *testing.T, fresh func(*testing.T) ports.UserRepository) {
	cases := []struct {
		claim string
		check func(*testing.T, ports.UserRepository)
	}{
		{"a first login stores the visitor and says so", firstLoginCreates},
		{"a later login keeps the user's ID and CreatedAt, and creates nothing", laterLoginKeepsUser},
		{"a later login moves LastLoginAt", laterLoginMovesLastLogin},
		{"LastLoginAt never goes back", lastLoginNeverGoesBack},
		{"a UnionID or profile field that the visitor has replaces the stored one", givenFieldsReplace},
		{"a UnionID or profile field that the visitor lacks stays", lackingFieldsStay},
		{"a profile field whose time is not known is stored without one", unknownTimesAreZero},
		{"a first login that is repeated, its answer lost, is still the creation", repeatedFirstLogin},
		{"one OpenID in two apps is two users", twoAppsTwoUsers},
		{"OpenIDs that differ in case are two users", caseMatters},
		{"of parallel first logins exactly one creates, and all return the same ID", parallelFirstLogins},
		{"of parallel first logins of many exactly one creates for each", parallelFirstLoginsOfMany},
		{"a user whom nobody recorded is not found", unknownUserIsNotFound},
		{"what is stored with an identity is found by it, and by it alone", foundByIdentity},
		{"a user of several identities is found as one, united", severalAreUnited},
		{"a login by one of several returns what is stored with it, and keeps its link", loginByOneOfSeveral},
		{"an identity is assigned with all that is stored with it, its link replaced whole", assignReplacesLink},
		{"an identity is assigned back to the user that it was", assignedBack},
		{"an identity that nobody came by is not assigned", assignOfNobody},
		{"a ban is that of every identity, and lifted from every", banOfSeveral},
		{"a user of whom one identity is banned keeps the earlier time", banOfOneOfSeveral},
		{"a ban is returned, stored, and survives logins", banSurvivesLogins},
		{"a user banned already keeps the earlier time", secondBanKeepsTime},
		{"a ban is lifted by a zero time, and may come again", banIsLifted},
		{"lifting a ban that is not there is no error", liftWithoutBan},
		{"a ban of nobody is not found and makes nobody", banOfNobody},
		{"times are kept to the millisecond, in UTC", userTimesAreExact},
		{"unusual texts survive", userTextsSurvive},
		{"unusual texts survive in a link", linkTextsSurvive},
		{"a write whose context is over is refused or done, never half done", userWriteIsWhole},
		{"a read whose context is over is refused or right", userReadIsRight},
	}
	for _, tt := range cases {
		t.Run(tt.claim, func(t *testing.T) { tt.check(t, fresh(t)) })
	}
}

// visitor is a complete user on a first visit.
func visitor(id, openID string, now time.Time) domain.WeChatUser {
	who := identity(openID)
	who.UnionID = domain.UnionID("union-" + openID)
	profile := domain.Profile{Nickname: "nick " + id, AvatarURL: "https://thirdwx.qlogo.cn/" + id}
	return domain.NewWeChatUser(domain.UserID(id), who, profile, now)
}

func record(t *testing.T, users ports.UserRepository, v domain.WeChatUser) (domain.WeChatUser, bool) {
	t.Helper()
	user, created, err := users.RecordLogin(t.Context(), v)
	if err != nil {
		t.Fatalf("RecordLogin(%s): got %v, want no error", v.ID, err)
	}
	return user, created
}

func wantStored(t *testing.T, users ports.UserRepository, want domain.WeChatUser) {
	t.Helper()
	got, err := users.Find(t.Context(), want.ID)
	if err != nil {
		t.Fatalf("Find(%s): got %v, want no error", want.ID, err)
	}
	wantEqual(t, "the stored user", got, want)
}

func wantNotFound(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("%s: got error %v, want %v", what, err, domain.ErrNotFound)
	}
}

func firstLoginCreates(t *testing.T, users ports.UserRepository) {
	full := visitor("u1", "o1", start())
	bare := domain.NewWeChatUser("u2", identity("o2"), domain.Profile{}, start())
	for _, v := range []domain.WeChatUser{full, bare} {
		user, created := record(t, users, v)
		if !created {
			t.Errorf("first login of %s: got created false, want true", v.ID)
		}
		wantEqual(t, "the returned user", user, v)
	}
	wantStored(t, users, full)
	wantStored(t, users, bare)
}

func laterLoginKeepsUser(t *testing.T, users ports.UserRepository) {
	first := visitor("u1", "o1", start())
	record(t, users, first)
	user, created := record(t, users, visitor("u2", "o1", start().Add(time.Hour)))
	if created {
		t.Error("second login: got created true, want false")
	}
	wantEqual(t, "ID", user.ID, first.ID)
	wantEqual(t, "CreatedAt", user.CreatedAt, first.CreatedAt)
	wantEqual(t, "FirstLoginAt", user.FirstLoginAt, first.CreatedAt)
	wantStored(t, users, user)
	_, err := users.Find(t.Context(), "u2")
	wantNotFound(t, "Find of the ID that was not kept", err)
}

func laterLoginMovesLastLogin(t *testing.T, users ports.UserRepository) {
	first := visitor("u1", "o1", start())
	record(t, users, first)
	again := first
	again.LastLoginAt = first.LastLoginAt.Add(time.Hour)
	user, _ := record(t, users, again)
	wantEqual(t, "the returned user", user, again)
	wantStored(t, users, again)
}

func lastLoginNeverGoesBack(t *testing.T, users ports.UserRepository) {
	first := visitor("u1", "o1", start())
	record(t, users, first)
	user, _ := record(t, users, visitor("u2", "o1", first.LastLoginAt.Add(-time.Hour)))
	wantEqual(t, "LastLoginAt", user.LastLoginAt, first.LastLoginAt)
	wantEqual(t, "CreatedAt", user.CreatedAt, first.CreatedAt)
	wantStored(t, users, user)
}
