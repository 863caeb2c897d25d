package domain

import (
	"cmp"
	"slices"
)

// Link says how an identity came to the user that it belongs to.
type Link struct {
	// BornAs is the user that the identity's first login made, where it belongs to
	// another now. Empty: it belongs to that one.
	BornAs UserID
	// Several says that the user may have other identities: what is stored with
	// this one is not all.
	Several bool
	// Decided is the UnionID for which it was decided whose the identity is. It is
	// decided again when WeChat names another.
	Decided UnionID
	// Apart says that an operator took the identity out of a user: no login links
	// it again.
	Apart bool
}

// Undecided reports whether it is yet to be decided to whom the UnionID that
// WeChat names makes the identity belong.
func (u WeChatUser) Undecided() bool {
	return u.Identity.UnionID != "" && u.Identity.UnionID != u.Link.Decided && !u.Link.Apart
}

// Original returns the user that the identity's first login made.
func (u WeChatUser) Original() UserID { return cmp.Or(u.Link.BornAs, u.ID) }

// Includes reports whether the first login of one of u's identities made the user
// id.
func (u WeChatUser) Includes(id UserID) bool {
	return slices.ContainsFunc(u.All(), func(one WeChatUser) bool { return one.Original() == id })
}

// Assigned returns the link that u's identity has once it belongs to the user id,
// who has other identities, too.
func (u WeChatUser) Assigned(id UserID) Link {
	link := u.Link
	link.BornAs, link.Several = u.Original(), true
	if link.BornAs == id {
		link.BornAs = ""
	}
	return link
}

// UnionClaim says whose a UnionID is: the user's who came with it first.
type UnionClaim struct {
	Union  UnionID
	UserID UserID
	// Disputed says that two users came with it who could not become one by
	// themselves, so that nobody is linked by it until an operator decides.
	Disputed bool
}

// Joins reports whether two users may become one without an operator's word: not
// if both gave a phone number, and not the same.
func (u WeChatUser) Joins(other WeChatUser) bool {
	return u.Phone.Empty() || other.Phone.Empty() || u.Phone.Index == other.Phone.Index
}

// Before reports whether u keeps its ID when the two users become one: the one who
// first logged in here before the other. How old a user is says nothing of that: the
// ID of one who was imported, and has not logged in, is known to nobody.
func (u WeChatUser) Before(other WeChatUser) bool {
	if never := u.FirstLoginAt.IsZero(); never != other.FirstLoginAt.IsZero() {
		return !never
	}
	return cmp.Or(u.FirstLoginAt.Compare(other.FirstLoginAt), cmp.Compare(u.ID, other.ID)) < 0
}
