package contract

import (
	"fmt"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

func importedUserIsUnseen(t *testing.T, users ports.UserRepository, imports ports.ImportRepository) {
	u := former("u1", "o1")
	u.FirstLoginAt = u.CreatedAt
	wantImported(t, imports, u, true)
	u.FirstLoginAt = time.Time{}
	wantStored(t, users, u)
	u = assign(t, users, u, "u2", domain.Link{BornAs: "u1", Several: true})
	u.BannedAt = setBan(t, users, "u2", start()).BannedAt
	wantUnited(t, users, u)
}

func importedUserLogsIn(t *testing.T, users ports.UserRepository, imports ports.ImportRepository) {
	u := former("u1", "o1")
	wantImported(t, imports, u, true)
	visit := domain.NewWeChatUser("u2", u.Identity, domain.Profile{}, start())
	user, created := record(t, users, visit)
	if created {
		t.Error("got created true, want false: the import made the user")
	}
	u.FirstLoginAt, u.LastLoginAt = visit.LastLoginAt, visit.LastLoginAt
	wantEqual(t, "the user who logs in", user, u)
	wantStored(t, users, u)
}

func importedUserComesFirst(t *testing.T, users ports.UserRepository, imports ports.ImportRepository) {
	zone := time.FixedZone("CST", 8*60*60)
	first := start().Add(123 * time.Millisecond).In(zone)
	wantImported(t, imports, former("u1", "o1"), true)
	for i, at := range []time.Time{first, first.Add(time.Hour), first.Add(-time.Hour)} {
		visit := domain.NewWeChatUser(domain.UserID(fmt.Sprint("v", i)), identity("o1"), domain.Profile{}, at)
		user, _ := record(t, users, visit)
		wantExactUTC(t, "FirstLoginAt", user.FirstLoginAt, first)
		wantEqual(t, "CreatedAt", user.CreatedAt, former("u1", "o1").CreatedAt)
		wantUnited(t, users, user)
		wantImported(t, imports, former("u2", "o1"), false)
		wantUnited(t, users, user)
	}
}

func importedLoginIsRepeated(t *testing.T, users ports.UserRepository, imports ports.ImportRepository) {
	wantImported(t, imports, former("u1", "o1"), true)
	now := start()
	early := domain.NewWeChatUser("v1", identity("o1"), domain.Profile{}, now)
	_, _, err := users.RecordLogin(over(t), early)
	wantRefused(t, "RecordLogin", err)
	user, _ := record(t, users, domain.NewWeChatUser("v2", identity("o1"), domain.Profile{}, now.Add(time.Minute)))
	if late := user.FirstLoginAt.Sub(now); late != 0 && (late != time.Minute || err == nil) {
		t.Errorf("got first logged in at %v, want %v if it was noted, or the next", user.FirstLoginAt, now)
	}
	wantUnited(t, users, user)
}

func parallelImportedLogins(t *testing.T, users ports.UserRepository, imports ports.ImportRepository) {
	const tries = 40
	now := start()
	wantImported(t, imports, former("u1", "o1"), true)
	returned := make([]domain.WeChatUser, tries)
	atOnce(tries, func(i int) {
		visit := domain.NewWeChatUser(domain.UserID(fmt.Sprint("v", i)), identity("o1"), domain.Profile{}, now.Add(time.Duration(i)*time.Second))
		user, created, err := users.RecordLogin(t.Context(), visit)
		if err != nil || created {
			t.Errorf("RecordLogin: got created %t and %v, want false and no error", created, err)
		}
		returned[i] = user
	})
	stored := storedWith(t, users, "o1")
	for _, user := range returned {
		wantEqual(t, "FirstLoginAt of a user returned", user.FirstLoginAt, stored.FirstLoginAt)
	}
	if late := stored.FirstLoginAt.Sub(now); late < 0 || late >= tries*time.Second {
		t.Errorf("got first logged in at %v, want the time of one of the logins", stored.FirstLoginAt)
	}
}

func importedUserIsBanned(t *testing.T, users ports.UserRepository, imports ports.ImportRepository) {
	u := former("u1", "o1")
	wantImported(t, imports, u, true)
	u.BannedAt = start()
	wantEqual(t, "the returned user", setBan(t, users, u.ID, u.BannedAt), u)
	wantImported(t, imports, former("u2", "o1"), false)
	wantStored(t, users, u)
}

func bannedVisitIsNoLogin(t *testing.T, users ports.UserRepository, imports ports.ImportRepository) {
	u := former("u1", "o1")
	wantImported(t, imports, u, true)
	at := start()
	for i, ban := range []time.Time{at, {}, at} { // who has logged in before has for good
		u.BannedAt = setBan(t, users, "u1", ban).BannedAt
		u.LastLoginAt = at.Add(time.Duration(i) * time.Minute)
		if i == 1 {
			u.FirstLoginAt = u.LastLoginAt
		}
		got, _ := record(t, users, domain.NewWeChatUser("v", identity("o1"), domain.Profile{}, u.LastLoginAt))
		wantEqual(t, "the user after a visit", got, u)
		wantStored(t, users, u)
	}
}
