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
// of all of WeChat's.
func (i WeChatIdentity) WellFormed() bool {
	return wellFormed(string(i.AppID)) && i.OpenID.WellFormed() && (i.UnionID == "" || i.UnionID.WellFormed())
}

// WellFormed reports whether the id has the form of all of WeChat's names.
func (o OpenID) WellFormed() bool { return wellFormed(string(o)) }

// WellFormed reports whether the id has the form of all of WeChat's names.
func (u UnionID) WellFormed() bool { return wellFormed(string(u)) }

// wellFormed reports whether name is printable ASCII without blanks, of 1 to 128
// bytes. Another might be changed on its way through a store, and then be somebody
// else's.
func wellFormed(name string) bool {
	odd := func(r rune) bool { return r <= ' ' || r > '~' }
	return name != "" && len(name) <= longestName && !strings.ContainsFunc(name, odd)
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
