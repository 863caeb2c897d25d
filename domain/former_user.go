package domain

import (
	"cmp"
	"strings"
	"time"
)

// FormerUser is what another service has stored of a person, as it stands there.
// A field that is empty or zero says "not known".
type FormerUser struct {
	AppID      AppID // the mini program that the record itself names
	OpenID     OpenID
	UnionID    UnionID
	Profile    Profile
	NicknameAt time.Time // when Profile.Nickname was learned
	AvatarAt   time.Time // when Profile.AvatarURL was
	CreatedAt  time.Time
	SeenAt     time.Time // when the person last logged in
}

// Flaw is what is wrong with a record of another service, in words.
type Flaw string

// The flaws for which nobody is made of a record.
const (
	FlawUnreadable Flaw = "the record cannot be read"
	FlawNoOpenID   Flaw = "the record has no openid"
	FlawOpenID     Flaw = "what the record has for an openid is none"
	FlawOtherApp   Flaw = "the record is of another mini program"
	FlawOwn        Flaw = "the record is wxlogin's own"
	FlawDuplicate  Flaw = "another record has the same openid: the two were merged, of each field the newest that is of use"
)

// The flaws for which something of a record is left out.
const (
	FlawProfileText   Flaw = "the profile was left out: it is cut off, or no JSON"
	FlawProfileType   Flaw = "what is of another kind than WeChat's was left out of the profile"
	FlawProfileOther  Flaw = "the profile was left out: it is of another person"
	FlawPlaceholder   Flaw = "nickname and avatar were left out: they are those that WeChat gives everybody"
	FlawNickname      Flaw = "the nickname was left out: it is too long, or nothing in it can be seen"
	FlawAvatar        Flaw = "the avatar was left out: it is no address on the web, too long, or the grey one"
	FlawUnionID       Flaw = "the unionid was left out: it is none"
	FlawUnionWhose    Flaw = "the unionid was left out: no openid beside it says whose it is"
	FlawScaffoldStart Flaw = "dates were left out: they are of the start of the scaffold, as far as can be told"
	FlawDate          Flaw = "dates were left out: they are none, in the future, or before there were mini programs"
	FlawNoDate        Flaw = "nothing tells when the user was made: the time of the import was taken"
)

// firstMiniPrograms is when WeChat released them: nobody logged in to one before.
var firstMiniPrograms = time.Date(2017, 1, 9, 0, 0, 0, 0, time.UTC)

// BeforeMiniPrograms reports whether nobody can have logged in to a mini program
// at the time.
func BeforeMiniPrograms(at time.Time) bool { return at.Before(firstMiniPrograms) }

// Refused returns the flaw for which nobody is made of f in app, or none.
func (f FormerUser) Refused(app AppID) Flaw {
	switch {
	case f.OpenID == "":
		return FlawNoOpenID
	case !f.OpenID.plausible():
		return FlawOpenID
	case f.AppID != "" && f.AppID != app:
		return FlawOtherApp
	}
	return ""
}

// plausible reports whether the id may be one of WeChat's. What JavaScript makes
// of nothing is none.
func (o OpenID) plausible() bool { return o != "undefined" && o != "null" && o.WellFormed() }

// Checked returns f without what is not to be believed at now, with the flaws for
// which that went.
func (f FormerUser) Checked(now time.Time) (checked FormerUser, flaws []Flaw) {
	checked = f
	checked.Profile = f.Profile.Known()
	flaws = f.profileFlaws(checked.Profile)
	if f.UnionID != "" && !OpenID(f.UnionID).plausible() {
		checked.UnionID, flaws = "", append(flaws, FlawUnionID)
	}
	if checked.Profile.Nickname == "" {
		checked.NicknameAt = time.Time{}
	}
	if checked.Profile.AvatarURL == "" {
		checked.AvatarAt = time.Time{}
	}
	left := false
	for _, at := range []*time.Time{&checked.CreatedAt, &checked.SeenAt, &checked.NicknameAt, &checked.AvatarAt} {
		if !at.IsZero() && (BeforeMiniPrograms(*at) || at.After(now)) {
			*at, left = time.Time{}, true
		}
	}
	if left {
		flaws = append(flaws, FlawDate)
	}
	return checked, flaws
}

// profileFlaws are those for which of f's profile only known is left.
func (f FormerUser) profileFlaws(known Profile) (flaws []Flaw) {
	if strings.TrimSpace(f.Profile.Nickname) == placeholderNickname {
		return []Flaw{FlawPlaceholder}
	}
	if f.Profile.Nickname != "" && known.Nickname == "" {
		flaws = append(flaws, FlawNickname)
	}
	if f.Profile.AvatarURL != "" && known.AvatarURL == "" {
		flaws = append(flaws, FlawAvatar)
	}
	return flaws
}

// User is the user that f, which was checked, makes in app under id. One of whom
// no date is known was made now.
func (f FormerUser) User(id UserID, app AppID, now time.Time) (user WeChatUser, flaws []Flaw) {
	created := f.CreatedAt
	if created.IsZero() || (!f.SeenAt.IsZero() && f.SeenAt.Before(created)) {
		created = f.SeenAt
	}
	if created.IsZero() {
		created, flaws = now, []Flaw{FlawNoDate}
	}
	user = WeChatUser{
		ID:          id,
		Identity:    WeChatIdentity{AppID: app, OpenID: f.OpenID, UnionID: f.UnionID},
		Profile:     f.Profile,
		NicknameAt:  f.NicknameAt,
		AvatarAt:    f.AvatarAt,
		CreatedAt:   created,
		LastLoginAt: created,
	}
	if f.SeenAt.After(created) {
		user.LastLoginAt = f.SeenAt
	}
	return user, flaws
}

// Merge returns what f and other, both checked, say of one person: of what both
// have, other's, which was read later, unless f's is known to be newer.
func (f FormerUser) Merge(other FormerUser) FormerUser {
	merged := FormerUser{
		AppID:     cmp.Or(other.AppID, f.AppID),
		OpenID:    f.OpenID,
		UnionID:   cmp.Or(other.UnionID, f.UnionID),
		CreatedAt: earliest(f.CreatedAt, other.CreatedAt),
		SeenAt:    latest(f.SeenAt, other.SeenAt),
	}
	if f.SeenAt.After(other.SeenAt) { // full logins bring a unionid, and are what is seen
		merged.UnionID = cmp.Or(f.UnionID, other.UnionID)
	}
	merged.Profile.Nickname, merged.NicknameAt = newest(f.Profile.Nickname, f.NicknameAt, other.Profile.Nickname, other.NicknameAt)
	merged.Profile.AvatarURL, merged.AvatarAt = newest(f.Profile.AvatarURL, f.AvatarAt, other.Profile.AvatarURL, other.AvatarAt)
	return merged
}

// newest returns the text that is of the later time, or the second, of those there
// are.
func newest(a string, atA time.Time, b string, atB time.Time) (string, time.Time) {
	if b == "" || (a != "" && atA.After(atB)) {
		return a, atA
	}
	return b, atB
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// earliest is the earlier of two times of which each may be unknown.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
