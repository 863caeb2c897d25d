package contract

import (
	"errors"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
)

func userWriteIsWhole(t *testing.T, users ports.UserRepository) {
	v := visitor("u1", "o1", start())
	user, created, err := users.RecordLogin(over(t), v)
	wantRefused(t, "RecordLogin", err)
	if err == nil && (!created || user.ID != v.ID) {
		t.Errorf("RecordLogin: got %s, %t and no error, want %s, true", user.ID, created, v.ID)
	}
	next := visitor("u2", "o1", start())
	user, created = record(t, users, next)
	want := v.ID
	if created {
		want = next.ID
	}
	wantEqual(t, "ID of the user who has the identity", user.ID, want)
	wantStored(t, users, user)

	link := domain.Link{BornAs: "u0", Several: true}
	err = users.Assign(over(t), user.Identity.Key(), user.ID, user.ID, link)
	wantRefused(t, "Assign", err)
	if err == nil {
		user.Link = link
		wantStored(t, users, user)
	}
	banOverIsWhole(t, users, user.ID)
}

func banOverIsWhole(t *testing.T, users ports.UserRepository, id domain.UserID) {
	user, err := users.Find(t.Context(), id)
	if err != nil {
		t.Fatalf("Find: got %v, want no error", err)
	}
	_, err = users.SetBan(over(t), user.ID, user.CreatedAt)
	wantRefused(t, "SetBan", err)
	if err == nil {
		user.BannedAt = user.CreatedAt
		wantStored(t, users, user)
	}
}

func userReadIsRight(t *testing.T, users ports.UserRepository) {
	v := visitor("u1", "o1", start())
	record(t, users, v)
	user, err := users.Find(over(t), v.ID)
	wantRefused(t, "Find", err)
	if err == nil {
		wantEqual(t, "the user", user, v)
	}
	if _, err = users.Find(over(t), "nobody"); !errors.Is(err, domain.ErrNotFound) {
		wantRefused(t, "Find of nobody", err)
	}
	user, err = users.FindByIdentity(over(t), v.Identity.Key())
	wantRefused(t, "FindByIdentity", err)
	if err == nil {
		wantEqual(t, "the user by its identity", user, v)
	}
}
