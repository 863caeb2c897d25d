// Package domain says what is true of WeChat users and of their sessions: who
// they are, when they may act, which of their secrets may be shown (none). It
// knows no library, no database, no HTTP and no clock: time comes in as an
// argument, and a rule returns the next state for others to store.
package domain

import "time"

// AppID names a mini program (the wx… string of WeChat's console). It scopes
// every OpenID.
type AppID string

// OpenID names a person within one mini program. WeChat documents no form;
// treat it as opaque and case-sensitive. It is no credential and never accepted
// from a client.
type OpenID string

// UnionID names a person across the apps bound to one WeChat Open Platform
// account. It is empty where the mini program is bound to none, and it may
// change when the binding does, so it is never a key.
type UnionID string

// UserID is the public name of a user, the "sub" of every token: a UUIDv7, made
// once, unrelated to what WeChat calls the person.
type UserID string

// WeChatUser is a person who logged in, or was imported from another service.
//
// What is stored of a user is stored with an identity. A person who came through
// several mini programs has several, which are one user by having one ID: Unite
// makes it of them.
type WeChatUser struct {
	ID         UserID
	Identity   WeChatIdentity
	Profile    Profile
	NicknameAt time.Time  // when Profile.Nickname was learned; zero: nobody knows any more
	Avatar     AvatarName // the picture that the person uploaded; it goes before WeChat's
	AvatarAt   time.Time  // when Avatar or Profile.AvatarURL was learned, as NicknameAt
	Phone      SealedPhone
	CreatedAt  time.Time // of one who was imported, when the other service made the user
	// FirstLoginAt is when the person first logged in here: since when the ID is in
	// use. With an identity it is CreatedAt, but of one that was imported. Zero: never
	// yet.
	FirstLoginAt time.Time
	LastLoginAt  time.Time
	BannedAt     time.Time // zero while the user may log in
	DeletionAt   time.Time // when the user is to be erased; zero: never
	Link         Link
	// Others are what is stored with the user's other identities, oldest first, and
	// Own is what is stored with this one, where there are others. Only Unite sets
	// them.
	Others []WeChatUser
	Own    *WeChatUser
}

// NewWeChatUser is the user that a first login at now makes: id is kept only if
// nobody has the identity yet. Profile is taken as far as it is Known.
func NewWeChatUser(id UserID, identity WeChatIdentity, profile Profile, now time.Time) WeChatUser {
	u := WeChatUser{ID: id, Identity: identity, Profile: profile.Known(), CreatedAt: now, FirstLoginAt: now, LastLoginAt: now}
	if u.Profile.Nickname != "" {
		u.NicknameAt = now
	}
	if u.Profile.AvatarURL != "" {
		u.AvatarAt = now
	}
	return u
}

// Admit returns ErrUserBanned while an operator keeps the user out.
func (u WeChatUser) Admit() error {
	if !u.BannedAt.IsZero() {
		return ErrUserBanned
	}
	return nil
}

// DeletionDue reports whether the user is to be erased by now: nothing brings the
// account back then.
func (u WeChatUser) DeletionDue(now time.Time) bool {
	return !u.DeletionAt.IsZero() && !now.Before(u.DeletionAt)
}

// All returns what is stored with each of the user's identities, the one that u
// came by first.
func (u WeChatUser) All() []WeChatUser {
	others := u.Others
	u.Others = nil
	if u.Own != nil {
		u = *u.Own
	}
	return append([]WeChatUser{u}, others...)
}

// OneWeChatAccount reports whether all identities of the user are of one WeChat
// account: there is one, or WeChat names one UnionID for all.
func (u WeChatUser) OneWeChatAccount() bool {
	all := u.All()
	for _, other := range all[1:] {
		if other.Identity.UnionID == "" || other.Identity.UnionID != all[0].Identity.UnionID {
			return false
		}
	}
	return true
}

// In returns the user's identity in app, the oldest where an operator made it
// several, and whether there is one.
func (u WeChatUser) In(app AppID) (identity WeChatIdentity, ok bool) {
	for _, one := range u.All() {
		if one.Identity.AppID == app {
			return one.Identity, true
		}
	}
	return WeChatIdentity{}, false
}

// ActingIn returns the user as one who acts in app: Identity and Link are those
// there. They are as they were where there is none.
func (u WeChatUser) ActingIn(app AppID) WeChatUser {
	for _, one := range u.All() {
		if one.Identity.AppID == app {
			u.Identity, u.Link = one.Identity, one.Link
			break
		}
	}
	return u
}

// Learned returns those of the attributes that are known of the user and were
// learned by upTo, or at a time that nobody knows any more.
func (u WeChatUser) Learned(upTo time.Time) Attributes {
	var known Attributes
	for _, one := range u.All() {
		if one.Profile.Nickname != "" && !one.NicknameAt.After(upTo) {
			known |= NicknameAttribute
		}
		if (one.Avatar != "" || one.Profile.AvatarURL != "") && !one.AvatarAt.After(upTo) {
			known |= AvatarAttribute
		}
		if !one.Phone.Empty() && !one.Phone.At.After(upTo) {
			known |= PhoneAttribute
		}
	}
	return known
}

// Changed returns the user after change.
func (u WeChatUser) Changed(change ProfileChange) WeChatUser {
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
	}
	return u
}
