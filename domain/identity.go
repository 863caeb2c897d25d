package domain

import "strings"

// WeChatIdentity is what WeChat vouches for: this person, in this mini program.
type WeChatIdentity struct {
	AppID   AppID
	OpenID  OpenID
	UnionID UnionID // empty if WeChat named none
}

// longestName bounds what is stored of WeChat's names; known ones have 28 bytes.
const longestName = 128

// WellFormed reports whether the identity is complete and its names have the form
// of all of WeChat's: printable ASCII without blanks, 128 bytes at most. Another
// might be changed on its way through a store, and then be somebody else's.
func (i WeChatIdentity) WellFormed() bool {
	if i.AppID == "" || i.OpenID == "" {
		return false
	}
	for _, name := range []string{string(i.AppID), string(i.OpenID), string(i.UnionID)} {
		odd := func(r rune) bool { return r <= ' ' || r > '~' }
		if len(name) > longestName || strings.ContainsFunc(name, odd) {
			return false
		}
	}
	return true
}

// Key is the identity's natural key, unique over all apps and the same on every
// store. An AppID holds no colon, so two identities never share a key.
func (i WeChatIdentity) Key() IdentityKey {
	return IdentityKey(string(i.AppID) + ":" + string(i.OpenID))
}

// IdentityKey is the natural key of a WeChatIdentity. A user is stored under it,
// so that parallel first logins meet in one document.
type IdentityKey string

// Identity returns the identity that the key is of, without its UnionID.
func (k IdentityKey) Identity() WeChatIdentity {
	app, open, _ := strings.Cut(string(k), ":")
	return WeChatIdentity{AppID: AppID(app), OpenID: OpenID(open)}
}
