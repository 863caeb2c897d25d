package contract

import (
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

func setBan(t *testing.T, users ports.UserRepository, id domain.UserID, at time.Time) domain.WeChatUser {
	t.Helper()
	user, err := users.SetBan(t.Context(), id, at)
	if err != nil {
		t.Fatalf("SetBan(%s): got %v, want no error", id, err)
	}
	return user
}

func unknownUserIsNotFound(t *testing.T, users ports.UserRepository) {
	record(t, users, visitor("u1", "o1", start()))
	for _, id := range []domain.UserID{"u2", "o1", ""} {
		_, err := users.Find(t.Context(), id)
		wantNotFound(t, "Find", err)
	}
}

func banSurvivesLogins(t *testing.T, users ports.UserRepository) {
	want, other := visitor("u1", "o1", start()), visitor("u2", "o2", start())
	record(t, users, want)
	record(t, users, other)
	want.BannedAt = want.CreatedAt.Add(time.Hour)
	wantEqual(t, "the banned user", setBan(t, users, want.ID, want.BannedAt), want)

	again := visitor("u3", "o1", want.CreatedAt.Add(2*time.Hour))
	again.Profile = domain.Profile{}
	want.LastLoginAt = again.LastLoginAt
	user, created := record(t, users, again)
	if created {
		t.Error("login of a banned user: got created true, want false")
	}
	wantEqual(t, "the banned user after a login", user, want)
	wantStored(t, users, want)
	wantStored(t, users, other)
}

func secondBanKeepsTime(t *testing.T, users ports.UserRepository) {
	want := visitor("u1", "o1", start())
	record(t, users, want)
	want.BannedAt = want.CreatedAt.Add(time.Hour)
	setBan(t, users, want.ID, want.BannedAt)
	wantEqual(t, "the user banned twice", setBan(t, users, want.ID, want.BannedAt.Add(time.Hour)), want)
	wantStored(t, users, want)
}

func banIsLifted(t *testing.T, users ports.UserRepository) {
	want := visitor("u1", "o1", start())
	record(t, users, want)
	setBan(t, users, want.ID, want.CreatedAt.Add(time.Hour))
	user := setBan(t, users, want.ID, time.Time{})
	wantEqual(t, "the user after the ban", user, want)
	if !user.BannedAt.IsZero() {
		t.Errorf("BannedAt: got %v, want the zero time", user.BannedAt)
	}
	wantStored(t, users, want)

	want.BannedAt = want.CreatedAt.Add(2 * time.Hour)
	wantEqual(t, "the user banned again", setBan(t, users, want.ID, want.BannedAt), want)
	wantStored(t, users, want)
}

func liftWithoutBan(t *testing.T, users ports.UserRepository) {
	want := visitor("u1", "o1", start())
	record(t, users, want)
	wantEqual(t, "the user", setBan(t, users, want.ID, time.Time{}), want)
	wantStored(t, users, want)
}

func banOfNobody(t *testing.T, users ports.UserRepository) {
	for _, at := range []time.Time{start(), {}} {
		_, err := users.SetBan(t.Context(), "u1", at)
		wantNotFound(t, "SetBan", err)
		_, err = users.Find(t.Context(), "u1")
		wantNotFound(t, "Find after SetBan", err)
	}
}
