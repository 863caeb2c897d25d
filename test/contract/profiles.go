package contract

import (
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// people are both ports on the identities of one store.
type people struct {
	users    ports.UserRepository
	profiles ports.ProfileRepository
}

// ProfileRepository holds a store to ports.ProfileRepository. It calls fresh once
// for each case, and expects an empty store, behind both ports.
func ProfileRepository(t *testing.T, fresh func(*testing.T) (ports.UserRepository, ports.ProfileRepository)) {
	cases := []struct {
		claim string
		check func(*testing.T, people)
	}{
		{"what a change has is stored, with its time, and what it lacks stays", changeIsStored},
		{"a change of all replaces all, again and again", changeReplaces},
		{"a change that has nothing changes nothing", emptyChange},
		{"a change is of one identity alone, and is the user's", changeIsAlone},
		{"a change of nobody is not found and makes nobody", changeOfNobody},
		{"a login returns what was changed, and keeps it", changeSurvivesLogins},
		{"a login's avatar comes with its time, and the picture that was uploaded stays", loginKeepsPicture},
		{"the attributes that are named are removed, and no others", namedAttributesGo},
		{"what was learned at or before a time is removed, and what was learned later stays", laterAttributesStay},
		{"what was learned nobody knows when is removed, whatever the time", unknownAttributesGo},
		{"an attribute is removed of one identity alone", clearingIsAlone},
		{"where there is nothing to remove, or nobody, is no error", clearingOfNothing},
		{"what was removed may come again", clearedComesAgain},
		{"the users who have one of these phone numbers are found, and no others", foundByPhone},
		{"a user of several identities is found once, united", foundByPhoneOnce},
		{"at most 20 users are found, the oldest, the oldest first", atMostTwentyByPhone},
		{"a number that was replaced or removed finds nobody", formerPhoneFindsNobody},
		{"times of a profile are kept to the millisecond, in UTC", profileTimesAreExact},
		{"unusual texts survive in a profile", profileTextsSurvive},
		{"a write whose context is over is refused or done, never half done", profileWriteIsWhole},
		{"a read whose context is over is refused or right", profileReadIsRight},
	}
	for _, tt := range cases {
		t.Run(tt.claim, func(t *testing.T) {
			users, profiles := fresh(t)
			tt.check(t, people{users, profiles})
		})
	}
}

// fullChange is a change of all that can be, at at; the phone was bound a little
// before.
func fullChange(text string, at time.Time) domain.ProfileChange {
	return domain.ProfileChange{
		Nickname:  "chosen " + text,
		AvatarURL: "https://thirdwx.qlogo.cn/chosen/" + text,
		Avatar:    domain.AvatarName("avatar-" + text),
		Phone: domain.SealedPhone{
			Text: "sealed+/=" + text, Index: domain.PhoneIndex("phone-" + text), At: at.Add(-time.Second),
		},
		At: at,
	}
}

// changed is u after a change.
func changed(u domain.WeChatUser, change domain.ProfileChange) domain.WeChatUser {
	if change.Nickname != "" {
		u.Profile.Nickname, u.NicknameAt = change.Nickname, change.At
	}
	if change.AvatarURL != "" {
		u.Profile.AvatarURL, u.AvatarAt = change.AvatarURL, change.At
	}
	if change.Avatar != "" {
		u.Avatar, u.AvatarAt = change.Avatar, change.At
	}
	if !change.Phone.Empty() {
		u.Phone = change.Phone
		u.Phone.Owner = u.Identity.Key()
	}
	return u
}

// change changes what is stored with u's identity, and returns what is stored with
// it then.
func (p people) change(t *testing.T, u domain.WeChatUser, change domain.ProfileChange) domain.WeChatUser {
	t.Helper()
	replaced, err := p.profiles.ChangeProfile(t.Context(), u.Identity.Key(), change)
	if err != nil {
		t.Fatalf("ChangeProfile(%s): got %v, want no error", u.Identity.Key(), err)
	}
	before := u.Avatar
	if change.Avatar == "" || change.Avatar == before {
		before = ""
	}
	wantEqual(t, "the avatar that was replaced", replaced, before)
	return changed(u, change)
}

func (p people) clear(t *testing.T, u domain.WeChatUser, what domain.Attributes, upTo time.Time) {
	t.Helper()
	if err := p.profiles.ClearProfile(t.Context(), u.Identity.Key(), what, upTo); err != nil {
		t.Fatalf("ClearProfile(%s): got %v, want no error", u.Identity.Key(), err)
	}
}

func changeIsStored(t *testing.T, p people) {
	at := start().Add(time.Hour)
	all := fullChange("x", at)
	for name, change := range map[string]domain.ProfileChange{
		"nickname": {Nickname: all.Nickname, At: at},
		"address":  {AvatarURL: all.AvatarURL, At: at},
		"picture":  {Avatar: all.Avatar, At: at},
		"phone":    {Phone: all.Phone, At: at},
		"all":      all,
	} {
		full, bare := visitor("u1-"+name, "o1-"+name, start()), domain.NewWeChatUser(domain.UserID("u2-"+name), identity("o2-"+name), domain.Profile{}, start())
		for _, u := range []domain.WeChatUser{full, bare} {
			record(t, p.users, u)
			wantUnited(t, p.users, p.change(t, u, change))
			wantUnited(t, p.users, p.change(t, u, change)) // done again, its answer lost
		}
	}
}

func changeReplaces(t *testing.T, p people) {
	u := visitor("u1", "o1", start())
	record(t, p.users, u)
	for i, text := range []string{"a", "b", "c"} {
		u = p.change(t, u, fullChange(text, start().Add(time.Duration(i)*time.Hour)))
		wantUnited(t, p.users, u)
	}
}

func emptyChange(t *testing.T, p people) {
	u := visitor("u1", "o1", start())
	record(t, p.users, u)
	for range 2 {
		p.change(t, u, domain.ProfileChange{At: start().Add(time.Hour)})
		wantUnited(t, p.users, u)
		u = p.change(t, u, fullChange("a", start()))
	}
}

func changeIsAlone(t *testing.T, p people) {
	all := linked(t, p.users)
	all[2] = p.change(t, all[2], fullChange("x", start()))
	wantUnited(t, p.users, all...)
	all[0] = p.change(t, all[0], fullChange("y", start()))
	wantUnited(t, p.users, all...)
}

func changeOfNobody(t *testing.T, p people) {
	record(t, p.users, visitor("u1", "o1", start()))
	for _, change := range []domain.ProfileChange{fullChange("x", start()), {}} {
		_, err := p.profiles.ChangeProfile(t.Context(), identity("o2").Key(), change)
		wantNotFound(t, "ChangeProfile", err)
		_, err = p.users.FindByIdentity(t.Context(), identity("o2").Key())
		wantNotFound(t, "FindByIdentity after ChangeProfile", err)
	}
}

func changeSurvivesLogins(t *testing.T, p people) {
	u := visitor("u1", "o1", start())
	record(t, p.users, u)
	u = p.change(t, u, fullChange("x", start().Add(time.Minute)))
	again := domain.NewWeChatUser("u2", identity("o1"), domain.Profile{}, start().Add(time.Hour))
	u.LastLoginAt = again.LastLoginAt
	user, _ := record(t, p.users, again)
	wantEqual(t, "the returned user", user, u)
	wantUnited(t, p.users, u)
}

func loginKeepsPicture(t *testing.T, p people) {
	u := visitor("u1", "o1", start())
	record(t, p.users, u)
	u = p.change(t, u, fullChange("x", start().Add(time.Minute)))
	again := visitor("u2", "o1", start().Add(time.Hour))
	u.LastLoginAt, u.Profile, u.NicknameAt, u.AvatarAt = again.LastLoginAt, again.Profile, again.NicknameAt, again.AvatarAt
	user, _ := record(t, p.users, again)
	wantEqual(t, "the returned user", user, u)
	wantUnited(t, p.users, u)
}
