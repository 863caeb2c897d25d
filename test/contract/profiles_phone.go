package contract

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"wxlogin/domain"
)

func (p people) wantByPhone(t *testing.T, want []domain.WeChatUser, indexes ...domain.PhoneIndex) {
	t.Helper()
	got, err := p.profiles.FindByPhone(t.Context(), indexes...)
	if err != nil {
		t.Fatalf("FindByPhone(%q): got %v, want no error", indexes, err)
	}
	if len(got) == 0 && len(want) == 0 {
		return
	}
	wantEqual(t, fmt.Sprintf("the users of %q", indexes), got, want)
}

// phoned records a user with a phone number, who came so long after the others.
func (p people) phoned(t *testing.T, n int, index domain.PhoneIndex, after time.Duration) domain.WeChatUser {
	t.Helper()
	u := visitor(fmt.Sprintf("u%02d", n), fmt.Sprintf("o%02d", n), start().Add(after))
	record(t, p.users, u)
	return p.change(t, u, domain.ProfileChange{Phone: domain.SealedPhone{Text: "sealed", Index: index, At: u.CreatedAt}})
}

func foundByPhone(t *testing.T, p people) {
	record(t, p.users, visitor("u9", "o9", start())) // has no number
	c, a, b := p.phoned(t, 3, "pC", 2*time.Minute), p.phoned(t, 1, "pA", 0), p.phoned(t, 2, "pB", time.Minute)
	same := p.phoned(t, 4, "pA", 3*time.Minute)
	p.wantByPhone(t, nil)
	p.wantByPhone(t, nil, "")
	p.wantByPhone(t, nil, "pa", "p", "pAA", "sealed", "%", "")
	p.wantByPhone(t, []domain.WeChatUser{b}, "pB")
	p.wantByPhone(t, []domain.WeChatUser{a, same}, "pA")
	p.wantByPhone(t, []domain.WeChatUser{a, c, same}, "pC", "nobody's", "pA", "pC")
}

func foundByPhoneOnce(t *testing.T, p people) {
	all := linked(t, p.users)
	all[1] = p.change(t, all[1], fullChange("x", start()))
	p.wantByPhone(t, []domain.WeChatUser{domain.Unite(all)}, "phone-x")
	all[2] = p.change(t, all[2], fullChange("x", start()))
	all[0] = p.change(t, all[0], fullChange("y", start()))
	united := []domain.WeChatUser{domain.Unite(all)}
	p.wantByPhone(t, united, "phone-x")
	p.wantByPhone(t, united, "phone-y", "phone-x")
}

func atMostTwentyByPhone(t *testing.T, p people) {
	const many = 23
	all := make([]domain.WeChatUser, many)
	for i := range all {
		all[i] = p.phoned(t, i, []domain.PhoneIndex{"p1", "p2"}[i%2], time.Duration(many-i)*time.Minute)
	}
	slices.Reverse(all)
	p.wantByPhone(t, all[:20], "p1", "p2")

	old := visitor("old", "old", start()) // makes the youngest of them the oldest
	record(t, p.users, old)
	youngest := all[many-1]
	parts := []domain.WeChatUser{
		assign(t, p.users, youngest, youngest.ID, youngest.Assigned(youngest.ID)),
		assign(t, p.users, old, youngest.ID, old.Assigned(youngest.ID)),
	}
	p.wantByPhone(t, append([]domain.WeChatUser{domain.Unite(parts)}, all[:19]...), "p1", "p2")
}

func formerPhoneFindsNobody(t *testing.T, p people) {
	u := p.phoned(t, 1, "p1", 0)
	u = p.change(t, u, domain.ProfileChange{Phone: domain.SealedPhone{Text: "sealed too", Index: "p2", At: start()}})
	p.wantByPhone(t, nil, "p1")
	p.wantByPhone(t, []domain.WeChatUser{u}, "p1", "p2")
	p.clear(t, u, domain.PhoneAttribute, time.Time{})
	p.wantByPhone(t, nil, "p1", "p2", "")
}

func profileTimesAreExact(t *testing.T, p people) {
	now := start().Add(123*time.Millisecond + 987_654).In(time.FixedZone("CST", 8*60*60))
	u := visitor("u1", "o1", start())
	record(t, p.users, u)
	change := fullChange("x", now)
	change.Phone.At = now.Add(time.Hour)
	p.change(t, u, change)
	found, err := p.profiles.FindByPhone(t.Context(), change.Phone.Index)
	if err != nil || len(found) != 1 {
		t.Fatalf("FindByPhone: got %d users and error %v, want 1 and none", len(found), err)
	}
	for _, got := range []domain.WeChatUser{found[0], storedWith(t, p.users, "o1")} {
		wantExactUTC(t, "NicknameAt", got.NicknameAt, now)
		wantExactUTC(t, "AvatarAt", got.AvatarAt, now)
		wantExactUTC(t, "Phone.At", got.Phone.At, change.Phone.At)
	}
}

func profileTextsSurvive(t *testing.T, p people) {
	for name, text := range texts {
		u := visitor("u-"+name, text, start())
		record(t, p.users, u)
		u = p.change(t, u, domain.ProfileChange{
			Nickname: text, AvatarURL: text, Avatar: domain.AvatarName(text), At: start(),
			Phone: domain.SealedPhone{Text: text, Index: domain.PhoneIndex(text), At: start()},
		})
		wantUnited(t, p.users, u)
		p.wantByPhone(t, []domain.WeChatUser{u}, domain.PhoneIndex(text))
	}
}

func profileWriteIsWhole(t *testing.T, p people) {
	u := visitor("u1", "o1", start())
	record(t, p.users, u)
	change := fullChange("x", start())
	_, err := p.profiles.ChangeProfile(over(t), u.Identity.Key(), change)
	wantRefused(t, "ChangeProfile", err)
	if err == nil {
		u = changed(u, change)
		wantUnited(t, p.users, u)
	}
	u = p.change(t, storedWith(t, p.users, "o1"), change)
	wantUnited(t, p.users, u)

	err = p.profiles.ClearProfile(over(t), u.Identity.Key(), allAttributes, time.Time{})
	wantRefused(t, "ClearProfile", err)
	if err == nil {
		wantUnited(t, p.users, cleared(u, allAttributes))
	}
	p.clear(t, u, allAttributes, time.Time{})
	wantUnited(t, p.users, cleared(u, allAttributes))
}

func profileReadIsRight(t *testing.T, p people) {
	u := p.phoned(t, 1, "p1", 0)
	found, err := p.profiles.FindByPhone(over(t), "p1")
	wantRefused(t, "FindByPhone", err)
	if err == nil {
		wantEqual(t, "the users found", found, []domain.WeChatUser{u})
	}
	if _, err = p.profiles.ChangeProfile(over(t), identity("nobody").Key(), fullChange("x", start())); !errors.Is(err, domain.ErrNotFound) {
		wantRefused(t, "ChangeProfile of nobody", err)
	}
}
