package domain_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
)

// stored is what is stored with an identity in app, of a user that it made.
func stored(id domain.UserID, app domain.AppID, created time.Time) domain.WeChatUser {
	return domain.NewWeChatUser(id, domain.WeChatIdentity{AppID: app, OpenID: "o of " + domain.OpenID(id)}, domain.Profile{}, created)
}

func TestUserHasAnIdentityInEachOfItsApps(t *testing.T) {
	older, younger := stored("id1", "wx1", dawn), stored("id2", "wx1", dawn.Add(time.Hour))
	other := stored("id3", "wx2", dawn)
	younger.Link, younger.ID = younger.Assigned("id1"), "id1"
	other.Link, other.ID = other.Assigned("id1"), "id1"
	user := domain.Unite([]domain.WeChatUser{other, younger, older})
	for app, want := range map[domain.AppID]domain.WeChatIdentity{"wx1": older.Identity, "wx2": other.Identity} {
		if got, ok := user.In(app); got != want || !ok {
			t.Errorf("in %s: got %+v and %v, want %+v and true", app, got, ok, want)
		}
	}
	if got, ok := user.In("wx3"); ok || got != (domain.WeChatIdentity{}) {
		t.Errorf("in an app without it: got %+v and %v, want none", got, ok)
	}
	for id, want := range map[domain.UserID]bool{"id1": true, "id2": true, "id3": true, "id4": false, "": false} {
		if got := user.Includes(id); got != want {
			t.Errorf("Includes(%s): got %v, want %v", id, got, want)
		}
	}
}

func TestDeletionIsDueFromItsTimeOn(t *testing.T) {
	for _, tt := range []struct {
		at   time.Time
		want bool
	}{{time.Time{}, false}, {dawn.Add(-1), true}, {dawn, true}, {dawn.Add(1), false}} {
		if got := (domain.WeChatUser{DeletionAt: tt.at}).DeletionDue(dawn); got != tt.want {
			t.Errorf("at %v: got %v, want %v", tt.at, got, tt.want)
		}
	}
}

func TestLearnedIsWhatIsKnownAndOfThatTime(t *testing.T) {
	const all = domain.NicknameAttribute | domain.AvatarAttribute | domain.PhoneAttribute
	whole := domain.WeChatUser{
		Profile: domain.Profile{Nickname: "n"}, NicknameAt: dawn, Avatar: "a", AvatarAt: dawn, Phone: domain.SealedPhone{Text: "p", At: dawn},
	}
	ancient := whole
	ancient.NicknameAt, ancient.AvatarAt, ancient.Phone.At = time.Time{}, time.Time{}, time.Time{}
	linked := domain.WeChatUser{Others: []domain.WeChatUser{whole}}
	tests := []struct {
		name string
		user domain.WeChatUser
		upTo time.Time
		want domain.Attributes
	}{
		{"nothing is known", domain.WeChatUser{NicknameAt: dawn, AvatarAt: dawn}, dawn, 0},
		{"all, at that time", whole, dawn, all},
		{"all, later", whole, dawn.Add(-1), 0},
		{"nobody knows when", ancient, dawn.Add(-time.Hour), all},
		{"with another identity", linked, dawn, all},
		{"WeChat's picture", domain.WeChatUser{Profile: domain.Profile{AvatarURL: "u"}, AvatarAt: dawn}, dawn, domain.AvatarAttribute},
	}
	for _, tt := range tests {
		if got := tt.user.Learned(tt.upTo); got != tt.want {
			t.Errorf("%s: got %b, want %b", tt.name, got, tt.want)
		}
	}
}

func TestChangeTouchesWhatItHas(t *testing.T) {
	before := domain.WeChatUser{
		ID: "id", Profile: domain.Profile{Nickname: "n", AvatarURL: "u"}, NicknameAt: dawn, Avatar: "a", AvatarAt: dawn,
		Phone: domain.SealedPhone{Text: "p", At: dawn},
	}
	later := dawn.Add(time.Hour)
	tests := []struct {
		name   string
		change domain.ProfileChange
		want   func(*domain.WeChatUser)
	}{
		{"nothing", domain.ProfileChange{At: later}, func(*domain.WeChatUser) {}},
		{"the nickname", domain.ProfileChange{Nickname: "m", At: later}, func(u *domain.WeChatUser) { u.Profile.Nickname, u.NicknameAt = "m", later }},
		{"the address", domain.ProfileChange{AvatarURL: "v", At: later}, func(u *domain.WeChatUser) { u.Profile.AvatarURL, u.AvatarAt = "v", later }},
		{"the picture", domain.ProfileChange{Avatar: "b", At: later}, func(u *domain.WeChatUser) { u.Avatar, u.AvatarAt = "b", later }},
		{"the phone", domain.ProfileChange{Phone: domain.SealedPhone{Text: "q", At: later}, At: later}, func(u *domain.WeChatUser) { u.Phone = domain.SealedPhone{Text: "q", At: later} }},
	}
	for _, tt := range tests {
		want := before
		tt.want(&want)
		if diff := cmp.Diff(want, before.Changed(tt.change)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestEventConcernsWhoMustLoseSomething(t *testing.T) {
	for event, want := range map[domain.PlatformEvent]bool{
		{AppID: "wx1", OpenID: "o1", At: dawn}: false,
		{Withdrawn: domain.PhoneAttribute}:     true,
		{Cancelled: true}:                      true,
	} {
		if got := event.Concerns(); got != want {
			t.Errorf("%+v: got %v, want %v", event, got, want)
		}
	}
}
