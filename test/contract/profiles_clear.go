package contract

import (
	"fmt"
	"testing"
	"time"

	"wxlogin/domain"
)

const allAttributes = domain.NicknameAttribute | domain.AvatarAttribute | domain.PhoneAttribute

// cleared is u without these attributes.
func cleared(u domain.WeChatUser, what domain.Attributes) domain.WeChatUser {
	if what.Has(domain.NicknameAttribute) {
		u.Profile.Nickname, u.NicknameAt = "", time.Time{}
	}
	if what.Has(domain.AvatarAttribute) {
		u.Profile.AvatarURL, u.Avatar, u.AvatarAt = "", "", time.Time{}
	}
	if what.Has(domain.PhoneAttribute) {
		u.Phone = domain.SealedPhone{}
	}
	return u
}

// known records a user of whom all is known, learned at at.
func (p people) known(t *testing.T, id, openID string, at time.Time) domain.WeChatUser {
	t.Helper()
	u, change := visitor(id, openID, start()), fullChange(id, at)
	change.Phone.At = at
	record(t, p.users, u)
	return p.change(t, u, change)
}

func namedAttributesGo(t *testing.T, p people) {
	for what := range allAttributes + 1 {
		at := start().Add(time.Hour)
		for i, upTo := range []time.Time{{}, at} {
			u := p.known(t, fmt.Sprintf("u%d-%d", what, i), fmt.Sprintf("o%d-%d", what, i), at)
			for range 2 {
				p.clear(t, u, what, upTo)
				wantUnited(t, p.users, cleared(u, what))
			}
		}
	}
}

func laterAttributesStay(t *testing.T, p people) {
	learned := start().Add(time.Hour)
	for i, after := range []time.Duration{-time.Hour, -time.Millisecond, 0, time.Millisecond, time.Hour} {
		u := p.known(t, fmt.Sprint("u", i), fmt.Sprint("o", i), learned)
		p.clear(t, u, allAttributes, learned.Add(after))
		if after >= 0 {
			u = cleared(u, allAttributes)
		}
		wantUnited(t, p.users, u)
	}
	mixed := p.known(t, "u-mixed", "o-mixed", learned)
	mixed = p.change(t, mixed, domain.ProfileChange{Nickname: "later", At: learned.Add(time.Minute)})
	p.clear(t, mixed, allAttributes, learned)
	wantUnited(t, p.users, cleared(mixed, domain.AvatarAttribute|domain.PhoneAttribute))
}

func unknownAttributesGo(t *testing.T, p people) {
	for i, upTo := range []time.Time{start().Add(-time.Hour), {}} {
		u := visitor(fmt.Sprint("u", i), fmt.Sprint("o", i), start())
		u.NicknameAt, u.AvatarAt = time.Time{}, time.Time{}
		record(t, p.users, u)
		phone := fullChange("x", start()).Phone
		phone.At = time.Time{}
		u = p.change(t, u, domain.ProfileChange{Phone: phone})
		wantUnited(t, p.users, u)
		p.clear(t, u, allAttributes, upTo)
		wantUnited(t, p.users, cleared(u, allAttributes))
	}
}

func clearingIsAlone(t *testing.T, p people) {
	all := linked(t, p.users)
	for i := range all {
		all[i] = p.change(t, all[i], fullChange(fmt.Sprint(i), start()))
	}
	p.clear(t, all[0], allAttributes, time.Time{})
	all[0] = cleared(all[0], allAttributes)
	wantUnited(t, p.users, all...)
	p.clear(t, all[2], domain.PhoneAttribute, time.Time{})
	all[2] = cleared(all[2], domain.PhoneAttribute)
	wantUnited(t, p.users, all...)
}

func clearingOfNothing(t *testing.T, p people) {
	bare := domain.NewWeChatUser("u1", identity("o1"), domain.Profile{}, start())
	record(t, p.users, bare)
	p.clear(t, bare, allAttributes, start())
	p.clear(t, bare, allAttributes, time.Time{})
	wantUnited(t, p.users, bare)
	nobody := visitor("u2", "o2", start())
	p.clear(t, nobody, allAttributes, time.Time{})
	_, err := p.users.FindByIdentity(t.Context(), nobody.Identity.Key())
	wantNotFound(t, "FindByIdentity after ClearProfile", err)
}

func clearedComesAgain(t *testing.T, p people) {
	u := p.known(t, "u1", "o1", start())
	for i := range 2 {
		p.clear(t, u, allAttributes, time.Time{})
		u = p.change(t, cleared(u, allAttributes), fullChange(fmt.Sprint(i), start()))
		wantUnited(t, p.users, u)
	}
	p.clear(t, u, allAttributes, time.Time{})
	u = cleared(u, allAttributes)
	again := visitor("u2", "o1", start().Add(time.Hour))
	u.Profile, u.NicknameAt, u.AvatarAt, u.LastLoginAt = again.Profile, again.NicknameAt, again.AvatarAt, again.LastLoginAt
	record(t, p.users, again)
	wantUnited(t, p.users, u)
}
