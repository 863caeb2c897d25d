package contract

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

func repeatedFirstLogin(t *testing.T, users ports.UserRepository) {
	v := visitor("u1", "o1", start())
	for range 2 {
		user, created := record(t, users, v)
		if !created {
			t.Error("got created false, want true: the visitor made the user")
		}
		wantEqual(t, "the returned user", user, v)
	}
}

func twoAppsTwoUsers(t *testing.T, users ports.UserRepository) {
	here := visitor("u1", "o1", start())
	there := visitor("u2", "o1", start())
	there.Identity.AppID = "wxfedcba9876543210"
	wantBothCreated(t, users, here, there)
}

func caseMatters(t *testing.T, users ports.UserRepository) {
	wantBothCreated(t, users, visitor("u1", "oABC", start()), visitor("u2", "oabc", start()))
}

func wantBothCreated(t *testing.T, users ports.UserRepository, a, b domain.WeChatUser) {
	t.Helper()
	for _, v := range []domain.WeChatUser{a, b} {
		if _, created := record(t, users, v); !created {
			t.Errorf("first login of %s: got created false, want true", v.ID)
		}
	}
	wantStored(t, users, a)
	wantStored(t, users, b)
}

func parallelFirstLogins(t *testing.T, users ports.UserRepository) {
	wantOneCreation(t, users, 200, 1)
}

func parallelFirstLoginsOfMany(t *testing.T, users ports.UserRepository) {
	wantOneCreation(t, users, 8, 25)
}

// wantOneCreation lets all identities log in, each so many times, all at once.
func wantOneCreation(t *testing.T, users ports.UserRepository, times, identities int) {
	ids := make([]domain.UserID, times*identities)
	creations := make([]atomic.Int32, identities)
	now := start()
	atOnce(len(ids), func(i int) {
		who := i % identities
		v := visitor(fmt.Sprintf("u%d", i), fmt.Sprintf("o%d", who), now)
		user, created, err := users.RecordLogin(t.Context(), v)
		if err != nil {
			t.Errorf("RecordLogin of identity %d: got %v, want no error", who, err)
		}
		if ids[i] = user.ID; created {
			creations[who].Add(1)
		}
	})
	for who := range identities {
		if got := creations[who].Load(); got != 1 {
			t.Errorf("identity %d: got %d creations, want 1", who, got)
		}
	}
	for i, id := range ids {
		if first := ids[i%identities]; id != first {
			t.Errorf("identity %d: got IDs %q and %q, want one", i%identities, id, first)
		}
	}
	for _, id := range ids[:identities] {
		if _, err := users.Find(t.Context(), id); err != nil {
			t.Errorf("Find(%s): got %v, want no error", id, err)
		}
	}
}

func userTimesAreExact(t *testing.T, users ports.UserRepository) {
	zone := time.FixedZone("CST", 8*60*60)
	now := start().Add(123*time.Millisecond + 987_654).In(zone)
	record(t, users, visitor("u1", "o1", now))
	if _, err := users.SetBan(t.Context(), "u1", now); err != nil {
		t.Fatalf("SetBan: got %v, want no error", err)
	}
	returned, _ := record(t, users, visitor("u2", "o1", now))
	found, err := users.Find(t.Context(), "u1")
	if err != nil {
		t.Fatalf("Find: got %v, want no error", err)
	}
	for _, user := range []domain.WeChatUser{returned, found} {
		wantExactUTC(t, "CreatedAt", user.CreatedAt, now)
		wantExactUTC(t, "FirstLoginAt", user.FirstLoginAt, now)
		wantExactUTC(t, "LastLoginAt", user.LastLoginAt, now)
		wantExactUTC(t, "BannedAt", user.BannedAt, now)
		wantExactUTC(t, "NicknameAt", user.NicknameAt, now)
		wantExactUTC(t, "AvatarAt", user.AvatarAt, now)
	}
	wantEqual(t, "the returned user, against the stored,", returned, found)
}

func userTextsSurvive(t *testing.T, users ports.UserRepository) {
	for name, text := range texts {
		v := visitor("u "+name, text, start())
		v.Identity.UnionID = domain.UnionID(text)
		v.Profile = domain.Profile{Nickname: text, AvatarURL: "https://thirdwx.qlogo.cn/" + text}
		user, created := record(t, users, v)
		if !created {
			t.Errorf("%s: got created false, want true", name)
		}
		wantEqual(t, "the returned user", user, v)
		wantStored(t, users, v)
	}
}
