// Package domain says what is true of WeChat users and of their sessions: who
// they are, when they may act, which of their secrets may be shown (none). It
// knows no library, no database, no HTTP and no clock: time comes in as an
// argument, and a rule returns the next state for others to store.
package domain

import (
	"net/url"
	"strings"
	"time"
	"unicode"
)

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

// WeChatIdentity is what WeChat vouches for: this person, in this mini program.
type WeChatIdentity struct {
	AppID   AppID
	OpenID  OpenID
	UnionID UnionID // empty if WeChat named none
}

// Key is the identity's natural key, unique over all apps and the same on every
// store. An AppID holds no colon, so two identities never share a key.
func (i WeChatIdentity) Key() IdentityKey {
	return IdentityKey(string(i.AppID) + ":" + string(i.OpenID))
}

// IdentityKey is the natural key of a WeChatIdentity. A user is stored under it,
// so that parallel first logins meet in one document.
type IdentityKey string

// Profile is what a person is called and looks like. An empty field says "not
// known", never "erased".
type Profile struct {
	Nickname  string
	AvatarURL string
}

// The values that WeChat hands out for everybody since November 2022, in place
// of a nickname and an avatar.
// https://developers.weixin.qq.com/community/develop/doc/00022c683e8a80b29bed2142b56c01
const (
	placeholderNickname = "微信用户"
	placeholderAvatar   = "POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg"
)

// Longest values that a profile may hold, in bytes: WeChat's nicknames are
// shorter by far, and its avatar addresses fit.
const (
	maxNicknameBytes  = 256
	maxAvatarURLBytes = 1024
)

// Known returns p without what says nothing: WeChat's placeholders, names in
// which nothing can be seen, addresses that are not on the web, and values that
// are too long or hold control characters. The avatar that accompanies the
// placeholder nickname is the grey one, whatever its address.
func (p Profile) Known() Profile {
	name := strings.TrimSpace(p.Nickname)
	if name == placeholderNickname {
		return Profile{}
	}
	if len(name) > maxNicknameBytes || !strings.ContainsFunc(name, visible) || strings.ContainsFunc(name, control) {
		name = ""
	}
	avatar := p.AvatarURL
	if len(avatar) > maxAvatarURLBytes || !webAddress(avatar) || strings.Contains(avatar, placeholderAvatar) {
		avatar = ""
	}
	return Profile{Nickname: name, AvatarURL: avatar}
}

func visible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

// control reports whether r commands a display, ends a line, or stands for text
// that was no UTF-8. Emoji are joined by characters that must pass.
func control(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) || r == unicode.ReplacementChar
}

// webAddress reports whether s is a URL on the web. The paths under which phones
// keep a picture, wxfile://… and http://tmp/…, are none.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.User == nil &&
		strings.Contains(u.Hostname(), ".") && !strings.ContainsFunc(s, outsideURLs)
}

// outsideURLs reports whether r must be escaped wherever it is in a URL.
func outsideURLs(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"<>\\^`{|}", r) }

// WeChatUser is a person who logged in at least once.
type WeChatUser struct {
	ID          UserID
	Identity    WeChatIdentity
	Profile     Profile
	CreatedAt   time.Time
	LastLoginAt time.Time
	BannedAt    time.Time // zero while the user may log in
}

// NewWeChatUser is the user that a first login at now makes: id is kept only if
// nobody has the identity yet. Profile is taken as far as it is Known.
func NewWeChatUser(id UserID, identity WeChatIdentity, profile Profile, now time.Time) WeChatUser {
	return WeChatUser{ID: id, Identity: identity, Profile: profile.Known(), CreatedAt: now, LastLoginAt: now}
}

// Admit returns ErrUserBanned while an operator keeps the user out.
func (u WeChatUser) Admit() error {
	if !u.BannedAt.IsZero() {
		return ErrUserBanned
	}
	return nil
}
