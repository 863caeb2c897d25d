package application_test

import (
	"context"
	"errors"
	"testing"

	"wxlogin/domain"
)

// acquainted are a, of whom an operator knows that she is b, who has a second
// identity, and c.
func acquainted(t *testing.T, w *world) {
	t.Helper()
	w.come(t, appA, "a u")
	w.come(t, appB, "b v")
	w.come(t, appC, "b2 v")
	w.come(t, appB, "c")
	w.clock.now = w.clock.now.Add(minute)
}

// aAndB returns who a is, and who b was.
func aAndB(ctx context.Context, w *world) (a, b domain.UserID, err error) {
	first, err := w.users.FindByIdentity(ctx, domain.WeChatIdentity{AppID: appA, OpenID: "a"}.Key())
	if err != nil {
		return "", "", err
	}
	second, err := w.users.FindByIdentity(ctx, domain.WeChatIdentity{AppID: appB, OpenID: "b"}.Key())
	return first.ID, second.Original(), err
}

func linking(ctx context.Context, w *world) error {
	a, b, err := aAndB(ctx, w)
	if err == nil {
		_, err = w.linkUseCase().Link(ctx, b, a)
	}
	return err
}

// unlinking takes what is done already for done.
func unlinking(ctx context.Context, w *world) error {
	a, b, err := aAndB(ctx, w)
	if err == nil {
		_, err = w.linkUseCase().Unlink(ctx, a, b)
	}
	if errors.Is(err, domain.ErrNotFound) {
		return nil
	}
	return err
}

func TestLinkThatFailedIsMendedByRepeatingIt(t *testing.T) {
	linked := func(t *testing.T, w *world) {
		a, b, b2 := w.part(t, appA, "a"), w.part(t, appB, "b"), w.part(t, appC, "b2")
		w.wantOne(t, a, b, b2)
		w.wantTwo(t, w.part(t, appB, "c"))
		w.wantClaim(t, "u", a.ID, false)
		w.wantClaim(t, "v", a.ID, false)
		w.wantLinkRecorded(t, a.ID, b.Original())
		w.wantNothingOf(t, b.Original())
		w.wantLive(t, w.come(t, appC, "b2 v"))
	}
	calls := []string{"Find", "Assign", "ClaimUnion", "ReplaceUnion", "FindLiveOf", "Record", "Delete", "Append"}
	chore{name: "link", calls: calls, ready: acquainted, act: linking, holds: linked}.mustBeMended(t)
	chore{
		name: "link of one who is banned", calls: append([]string{"SetBan"}, calls...), act: linking,
		ready: func(t *testing.T, w *world) { acquainted(t, w); w.ban(t, w.part(t, appB, "b").ID) },
		holds: func(t *testing.T, w *world) {
			a, b := w.part(t, appA, "a"), w.part(t, appB, "b")
			if a.BannedAt.IsZero() || a.ID != b.ID || w.revocations.RevokedBefore(a.ID).Before(w.clock.now) {
				t.Errorf("got %+v, want her banned, and her tokens refused", a)
			}
			w.wantNothingOf(t, b.Original())
		},
	}.mustBeMended(t)
}

func TestUnlinkThatFailedIsMendedByRepeatingIt(t *testing.T) {
	chore{
		name: "unlink", calls: []string{"Find", "Assign", "FindLiveOf", "Record", "Delete", "Append"},
		ready: func(t *testing.T, w *world) {
			acquainted(t, w)
			w.link(t, w.part(t, appB, "b").ID, w.part(t, appA, "a").ID)
			w.come(t, appB, "b v")
			w.clock.now = w.clock.now.Add(minute)
		},
		act: unlinking,
		holds: func(t *testing.T, w *world) {
			a, b, b2 := w.part(t, appA, "a"), w.part(t, appB, "b"), w.part(t, appC, "b2")
			w.wantTwo(t, b)
			w.wantOne(t, a, b2)
			w.wantNothingOf(t, a.ID)
			if n := w.countAudit(t, domain.AuditUnlinked, a.ID, b.ID); n == 0 || n > 3 {
				t.Errorf("got %d lines of it, want it written down", n)
			}
			w.wantLive(t, w.come(t, appB, "b v"))
		},
	}.mustBeMended(t)
}
