package application_test

import (
	"context"
	"errors"
	"testing"

	"wxlogin/domain"
)

var moves = []string{
	"RecordLogin", "ClaimUnion", "Find", "Assign", "FindLiveOf", "Record", "Delete", "Append", "Save",
}

// linkedAtLast wants a and b to be one user, of whom nothing is left that would
// let anybody act as b.
func linkedAtLast(t *testing.T, w *world) {
	t.Helper()
	a, b := w.part(t, appA, "a"), w.part(t, appB, "b")
	w.wantOne(t, a, b)
	w.wantClaim(t, "u", a.ID, false)
	w.wantLinkRecorded(t, a.ID, b.Original())
	w.wantNothingOf(t, b.Original())
	w.wantLive(t, w.come(t, appB, "b u"))
	w.wantLive(t, w.come(t, appA, "a u"))
	if got := w.found(t, a.ID).Profile.Nickname; got != "b's" {
		t.Errorf("got nickname %q, want what the younger knew", got)
	}
}

func (w *world) wantLinkRecorded(t *testing.T, id, other domain.UserID) {
	t.Helper()
	if w.countAudit(t, domain.AuditLinked, id, other) == 0 {
		t.Errorf("got %+v, want a line that %s became %s", w.audited(t, ""), other, id)
	}
}

// wantNothingOf wants no session of a user who is no more, and its tokens refused.
func (w *world) wantNothingOf(t *testing.T, id domain.UserID) {
	t.Helper()
	live, err := w.sessions.FindLiveOf(t.Context(), id, w.clock.now)
	if len(live) != 0 || err != nil {
		t.Errorf("got sessions %+v of %s and %v, want none", live, id, err)
	}
	if w.revocations.RevokedBefore(id).Before(w.clock.now) {
		t.Errorf("got the tokens of %s good, want them refused", id)
	}
}

// twoUsers are a, the older, and b, who has a name; the other than next comes with
// the UnionID already.
func twoUsers(next string) func(*testing.T, *world) {
	return func(t *testing.T, w *world) {
		w.come(t, appA, "a")
		b := w.come(t, appB, "b")
		change := domain.ProfileChange{Nickname: "b's", At: w.clock.now}
		if _, err := w.profiles.ChangeProfile(t.Context(), b.User.Identity.Key(), change); err != nil {
			t.Fatalf("ChangeProfile: got %v, want no error", err)
		}
		if next == "a" {
			w.come(t, appB, "b u")
		} else {
			w.come(t, appA, "a u")
		}
		w.clock.now = w.clock.now.Add(minute)
	}
}

func TestLinkingThatFailedIsMendedByTheNextLogin(t *testing.T) {
	withReplace := append([]string{"ReplaceUnion"}, moves...)
	chores := []chore{
		{name: "the younger comes", calls: moves, ready: twoUsers("b"), act: comes(appB, "b u"), holds: linkedAtLast},
		{name: "the older comes", calls: withReplace, ready: twoUsers("a"), act: comes(appA, "a u"), holds: linkedAtLast},
		{
			name: "the younger is banned and comes", calls: append([]string{"SetBan"}, moves[:len(moves)-1]...),
			ready: func(t *testing.T, w *world) { twoUsers("b")(t, w); w.ban(t, w.part(t, appB, "b").ID) },
			act:   comes(appB, "b u"), done: domain.ErrUserBanned, holds: bannedAtLast,
		},
		{
			name: "the younger is banned and the older comes", calls: append([]string{"SetBan"}, withReplace[:len(withReplace)-1]...),
			ready: func(t *testing.T, w *world) { twoUsers("a")(t, w); w.ban(t, w.part(t, appB, "b").ID) },
			act:   comes(appA, "a u"), done: domain.ErrUserBanned, holds: bannedAtLast,
		},
		{
			name: "their numbers differ", calls: []string{"RecordLogin", "ClaimUnion", "Find", "ReplaceUnion", "Append", "Assign", "Save"},
			ready: func(t *testing.T, w *world) {
				twoUsers("b")(t, w)
				w.bind(t, appA, "a", "+86 13580006666")
				w.bind(t, appB, "b", "+86 13580007777")
			},
			act: comes(appB, "b u"), holds: func(t *testing.T, w *world) {
				a, b := w.part(t, appA, "a"), w.part(t, appB, "b")
				w.wantTwo(t, a, b)
				w.wantClaim(t, "u", a.ID, true)
				if w.countAudit(t, domain.AuditLinkConflict, b.ID, a.ID) == 0 {
					t.Errorf("got %+v, want the conflict in it", w.audited(t, ""))
				}
			},
		},
	}
	for _, c := range chores {
		c.mustBeMended(t)
	}
}

func bannedAtLast(t *testing.T, w *world) {
	t.Helper()
	a, b := w.part(t, appA, "a"), w.part(t, appB, "b")
	w.wantOne(t, a, b)
	w.wantLinkRecorded(t, a.ID, b.Original())
	for _, part := range []domain.WeChatUser{a, b} {
		if part.BannedAt.IsZero() {
			t.Errorf("got %s not banned", part.Identity.Key())
		}
		if w.revocations.RevokedBefore(part.Original()).Before(w.clock.now) {
			t.Errorf("got the tokens of %s good, want them refused", part.Original())
		}
	}
	for _, c := range []func(context.Context, *world) error{comes(appA, "a u"), comes(appB, "b u")} {
		if err := c(t.Context(), w); !errors.Is(err, domain.ErrUserBanned) {
			t.Errorf("got %v, want %v", err, domain.ErrUserBanned)
		}
	}
}

func (w *world) ban(t *testing.T, id domain.UserID) {
	t.Helper()
	if _, err := w.banUseCase().Ban(t.Context(), id); err != nil {
		t.Fatalf("Ban: got %v, want no error", err)
	}
}

// bind stores a phone number with an identity.
func (w *world) bind(t *testing.T, app domain.AppID, openID domain.OpenID, text string) {
	t.Helper()
	number, _ := domain.ParsePhoneNumber(text)
	key := domain.WeChatIdentity{AppID: app, OpenID: openID}.Key()
	sealed, err := w.phones.SealPhone(number, key, w.clock.now)
	if err != nil {
		t.Fatalf("SealPhone: got %v, want no error", err)
	}
	if _, err := w.profiles.ChangeProfile(t.Context(), key, domain.ProfileChange{Phone: sealed, At: w.clock.now}); err != nil {
		t.Fatalf("ChangeProfile: got %v, want no error", err)
	}
}
