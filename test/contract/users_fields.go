package contract

import (
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// fields are what a later login may change, each with a way to set it to what was
// learned at a time.
var fields = map[string]func(*domain.WeChatUser, string, time.Time){
	"UnionID":   func(u *domain.WeChatUser, s string, _ time.Time) { u.Identity.UnionID = domain.UnionID(s) },
	"Nickname":  func(u *domain.WeChatUser, s string, at time.Time) { u.Profile.Nickname, u.NicknameAt = s, at },
	"AvatarURL": func(u *domain.WeChatUser, s string, at time.Time) { u.Profile.AvatarURL, u.AvatarAt = s, at },
}

func givenFieldsReplace(t *testing.T, users ports.UserRepository) {
	for name, set := range fields {
		want := visitor("u-"+name, "o-"+name, start())
		record(t, users, want)
		only := domain.NewWeChatUser("other", identity("o-"+name), domain.Profile{}, want.CreatedAt)
		set(&only, "new", want.CreatedAt.Add(time.Minute))
		set(&want, "new", want.CreatedAt.Add(time.Minute))
		user, _ := record(t, users, only)
		wantEqual(t, "the user after a login with "+name+" alone", user, want)
		wantStored(t, users, want)
	}
}

func lackingFieldsStay(t *testing.T, users ports.UserRepository) {
	for name, set := range fields {
		first := visitor("u-"+name, "o-"+name, start())
		record(t, users, first)
		without := first
		set(&without, "", time.Time{})
		user, _ := record(t, users, without)
		wantEqual(t, "the user after a login without "+name, user, first)
		wantStored(t, users, first)
	}
}

func unknownTimesAreZero(t *testing.T, users ports.UserRepository) {
	first, later := visitor("u1", "o1", start()), visitor("u2", "o2", start())
	record(t, users, later)
	for _, v := range []domain.WeChatUser{first, later} {
		v.NicknameAt, v.AvatarAt = time.Time{}, time.Time{}
		user, _ := record(t, users, v)
		wantEqual(t, "the returned user", user, v)
		wantStored(t, users, v)
	}
}
