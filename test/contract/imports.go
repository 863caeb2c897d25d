package contract

import (
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// ImportRepository holds a store to ports.ImportRepository. It calls fresh once for
// each case, and expects an empty store, which both repositories are on.
func ImportRepository(t *testing.T, fresh func(*testing.T) (ports.UserRepository, ports.ImportRepository)) {
	cases := []struct {
		claim string
		check func(*testing.T, ports.UserRepository, ports.ImportRepository)
	}{
		{"whoever is nobody's identity is stored whole, with times of long ago", importStores},
		{"an import that is repeated changes nothing, and says so", importRepeated},
		{"whoever logged in before stays as they are", importLeavesUsers},
		{"whoever was imported has never logged in here, whatever is said of it", importedUserIsUnseen},
		{"whoever was imported logs in as that user", importedUserLogsIn},
		{"the first login here of one who was imported is noted once", importedUserComesFirst},
		{"a first login whose context is over is noted or not, and the next is the first then", importedLoginIsRepeated},
		{"of parallel first logins of one who was imported all return one time", parallelImportedLogins},
		{"the ID that was not kept is nobody's", importLeavesNoID},
		{"one OpenID in two apps is two users", importTwoApps},
		{"of parallel imports and logins of one identity exactly one stores", parallelImports},
		{"a user who was imported is banned as others are", importedUserIsBanned},
		{"a visit of one who is banned is no first login here", bannedVisitIsNoLogin},
		{"unusual texts survive", importTextsSurvive},
		{"a write whose context is over is refused or done, never half done", importIsWhole},
	}
	for _, tt := range cases {
		t.Run(tt.claim, func(t *testing.T) {
			users, imports := fresh(t)
			tt.check(t, users, imports)
		})
	}
}

// former is a complete user of another service, of some years ago.
func former(id, openID string) domain.WeChatUser {
	u := visitor(id, openID, time.Date(2018, 3, 4, 5, 6, 7, 8_000_000, time.UTC))
	u.NicknameAt, u.AvatarAt = u.CreatedAt.Add(time.Hour), u.CreatedAt.Add(2*time.Hour)
	u.LastLoginAt = u.CreatedAt.Add(24 * time.Hour)
	u.FirstLoginAt = time.Time{}
	return u
}

func wantImported(t *testing.T, imports ports.ImportRepository, u domain.WeChatUser, want bool) {
	t.Helper()
	stored, err := imports.Import(t.Context(), u)
	if err != nil || stored != want {
		t.Fatalf("Import(%s): got %t and %v, want %t and no error", u.ID, stored, err, want)
	}
}

func importStores(t *testing.T, users ports.UserRepository, imports ports.ImportRepository) {
	full, bare, timeless := former("u1", "o1"), former("u2", "o2"), former("u3", "o3")
	bare.Profile, bare.Identity.UnionID = domain.Profile{}, ""
	bare.NicknameAt, bare.AvatarAt = time.Time{}, time.Time{}
	timeless.NicknameAt, timeless.AvatarAt = time.Time{}, time.Time{}
	for _, u := range []domain.WeChatUser{full, bare, timeless} {
		wantImported(t, imports, u, true)
		wantStored(t, users, u)
		got, err := users.FindByIdentity(t.Context(), u.Identity.Key())
		if err != nil {
			t.Fatalf("FindByIdentity: got %v, want no error", err)
		}
		wantEqual(t, "the user by its identity", got, u)
	}
}

func importRepeated(t *testing.T, users ports.UserRepository, imports ports.ImportRepository) {
	first := former("u1", "o1")
	wantImported(t, imports, first, true)
	for _, id := range []string{"u1", "u2"} {
		again := former(id, "o1")
		again.Profile = domain.Profile{Nickname: "other", AvatarURL: "https://thirdwx.qlogo.cn/other"}
		again.CreatedAt, again.LastLoginAt = first.CreatedAt.Add(-time.Hour), first.LastLoginAt.Add(time.Hour)
		again.NicknameAt, again.Identity.UnionID = first.NicknameAt.Add(time.Hour), "other"
		wantImported(t, imports, again, false)
		wantStored(t, users, first)
	}
}

func importLeavesUsers(t *testing.T, users ports.UserRepository, imports ports.ImportRepository) {
	full := visitor("u1", "o1", start())
	bare := domain.NewWeChatUser("u2", identity("o2"), domain.Profile{}, start())
	for _, v := range []domain.WeChatUser{full, bare} {
		record(t, users, v)
		wantImported(t, imports, former("other", string(v.Identity.OpenID)), false)
		wantStored(t, users, v)
	}
}

func importLeavesNoID(t *testing.T, users ports.UserRepository, imports ports.ImportRepository) {
	wantImported(t, imports, former("u1", "o1"), true)
	wantImported(t, imports, former("u2", "o1"), false)
	_, err := users.Find(t.Context(), "u2")
	wantNotFound(t, "Find of the ID that was not kept", err)
}

func importTwoApps(t *testing.T, users ports.UserRepository, imports ports.ImportRepository) {
	here, there := former("u1", "o1"), former("u2", "o1")
	there.Identity.AppID = "wxfedcba9876543210"
	wantImported(t, imports, here, true)
	wantImported(t, imports, there, true)
	wantStored(t, users, here)
	wantStored(t, users, there)
}

func parallelImports(t *testing.T, users ports.UserRepository, imports ports.ImportRepository) {
	const tries = 60
	var made atomic.Int32
	atOnce(tries, func(i int) {
		id := domain.UserID(string(rune('A' + i)))
		u := former(string(id), "o1")
		var done bool
		var err error
		if i%3 == 0 {
			_, done, err = users.RecordLogin(t.Context(), domain.NewWeChatUser(id, u.Identity, domain.Profile{}, start()))
		} else {
			done, err = imports.Import(t.Context(), u)
		}
		if err != nil {
			t.Errorf("try %d: got %v, want no error", i, err)
		}
		if done {
			made.Add(1)
		}
	})
	if n := made.Load(); n != 1 {
		t.Errorf("got %d of %d told that they made the user, want 1", n, tries)
	}
}

func importTextsSurvive(t *testing.T, users ports.UserRepository, imports ports.ImportRepository) {
	for name, text := range texts {
		u := former("u-"+name, text)
		u.Profile.Nickname, u.Identity.UnionID = text, domain.UnionID(text)
		wantImported(t, imports, u, true)
		wantStored(t, users, u)
	}
}

func importIsWhole(t *testing.T, users ports.UserRepository, imports ports.ImportRepository) {
	u := former("u1", "o1")
	stored, err := imports.Import(over(t), u)
	wantRefused(t, "Import", err)
	if err == nil && !stored {
		t.Error("Import: got false and no error, want true")
	}
	if again, err := imports.Import(t.Context(), u); err != nil || (stored && again) {
		t.Errorf("Import again: got %t and %v, want it once", again, err)
	}
	wantStored(t, users, u)
}
