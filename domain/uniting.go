package domain

import (
	"cmp"
	"slices"
	"time"
)

// Unite makes one user of what is stored with the identities that have one ID, of
// which there is at least one. The identity that was given the ID at first goes
// before the others, and they go by age. Of the profile, what was learned last
// counts, but a picture that the person chose goes before WeChat's. The user was
// made when the first of them was, but the ID is in use since the first login by its
// own identity: the others' came under another ID. Where that one was imported the
// first login of all counts, for who joined it uses the ID before it does. A ban or
// a deletion of one is everyone's.
func Unite(all []WeChatUser) WeChatUser {
	all = slices.SortedFunc(slices.Values(all), older)
	user := all[0]
	if len(all) == 1 {
		return user
	}
	imported := !user.FirstLoginAt.Equal(user.CreatedAt)
	for _, other := range all[1:] {
		user.takeOver(other)
		if imported {
			user.FirstLoginAt = earlier(user.FirstLoginAt, other.FirstLoginAt)
		}
	}
	user.Own, user.Others = &all[0], all[1:]
	return user
}

// UniteAll makes users of what is stored with all of their identities, the oldest
// user first.
func UniteAll(all []WeChatUser) []WeChatUser {
	byID := make(map[UserID][]WeChatUser)
	for _, one := range all {
		byID[one.ID] = append(byID[one.ID], one)
	}
	users := make([]WeChatUser, 0, len(byID))
	for _, theirs := range byID {
		users = append(users, Unite(theirs))
	}
	slices.SortFunc(users, func(a, b WeChatUser) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return users
}

// older orders the identities of a user.
func older(a, b WeChatUser) int {
	linked := func(u WeChatUser) int {
		if u.Link.BornAs != "" {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(linked(a), linked(b)), a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.Identity.Key(), b.Identity.Key()))
}

// takeOver adds to u what other knows and u does not, or learned before.
func (u *WeChatUser) takeOver(other WeChatUser) {
	if newer(other.Profile.Nickname != "", other.NicknameAt, u.Profile.Nickname != "", u.NicknameAt) {
		u.Profile.Nickname, u.NicknameAt = other.Profile.Nickname, other.NicknameAt
	}
	// A picture that the person chose goes before one that WeChat had.
	chosen, theirs := u.Avatar != "", other.Avatar != ""
	if theirs && !chosen || theirs == chosen &&
		newer(theirs || other.Profile.AvatarURL != "", other.AvatarAt, chosen || u.Profile.AvatarURL != "", u.AvatarAt) {
		u.Avatar, u.Profile.AvatarURL, u.AvatarAt = other.Avatar, other.Profile.AvatarURL, other.AvatarAt
	}
	if newer(!other.Phone.Empty(), other.Phone.At, !u.Phone.Empty(), u.Phone.At) {
		u.Phone = other.Phone
	}
	u.CreatedAt = earlier(u.CreatedAt, other.CreatedAt)
	if other.LastLoginAt.After(u.LastLoginAt) {
		u.LastLoginAt = other.LastLoginAt
	}
	u.BannedAt = earlier(u.BannedAt, other.BannedAt)
	u.DeletionAt = earlier(u.DeletionAt, other.DeletionAt)
}

// newer reports whether theirs, if it is there, goes before ours.
func newer(theirs bool, theirsAt time.Time, ours bool, oursAt time.Time) bool {
	return theirs && (!ours || theirsAt.After(oursAt))
}

// earlier returns the earlier of two times, of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
