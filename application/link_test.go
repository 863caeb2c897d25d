package application_test

import (
	"errors"
	"testing"

	"wxlogin/domain"
)

func (w *world) link(t *testing.T, one, into domain.UserID) domain.WeChatUser {
	t.Helper()
	got, err := w.linkUseCase().Link(t.Context(), one, into)
	if err != nil {
		t.Fatalf("Link: got %v, want no error", err)
	}
	return got
}

func (w *world) unlink(t *testing.T, from, original domain.UserID) domain.WeChatUser {
	t.Helper()
	got, err := w.linkUseCase().Unlink(t.Context(), from, original)
	if err != nil {
		t.Fatalf("Unlink: got %v, want no error", err)
	}
	return got
}

func TestOperatorLinksWhomeverIntoWhomever(t *testing.T) {
	w := newTown()
	older, younger := w.come(t, appA, "a"), w.come(t, appB, "b")
	w.events.told()
	got := w.link(t, older.User.ID, younger.User.ID)
	w.wantOne(t, younger.User, older.User)
	if got.ID != younger.User.ID || len(got.Others) != 1 || !got.Includes(older.User.ID) {
		t.Errorf("got %+v, want %s with both identities", got, younger.User.ID)
	}
	w.wantEnded(t, older)
	w.wantLive(t, younger)
	w.wantAudit(t, older.User.ID, domain.AuditLinked)
	if line := w.audited(t, "")[0]; line.By != domain.ByOperator || line.UserID != younger.User.ID || line.OtherID != older.User.ID {
		t.Errorf("got %+v, want the operator to have made %s %s", line, older.User.ID, younger.User.ID)
	}
	if told := w.events.told(); len(told) == 0 || told[0] != (domain.Event{Name: domain.EventUserLinked, UserID: younger.User.ID}) {
		t.Errorf("got events %+v, want the link first", told)
	}
	if login := w.come(t, appA, "a"); login.User.ID != younger.User.ID || login.Session.Identity != older.User.Identity.Key() {
		t.Errorf("got user %s and session %+v, want %s with a session of her own identity", login.User.ID, login.Session, younger.User.ID)
	}
}

func TestLinkIsRefused(t *testing.T) {
	w := newTown()
	a, b, leaver := w.come(t, appA, "a"), w.come(t, appB, "b"), w.come(t, appC, "c")
	if _, err := w.leaveUseCase().Leave(t.Context(), callerOf(leaver)); err != nil {
		t.Fatalf("Leave: got %v, want no error", err)
	}
	uc := w.linkUseCase()
	for _, tt := range []struct {
		name      string
		one, into domain.UserID
	}{
		{"the two are one", a.User.ID, a.User.ID},
		{"nobody is the first", "nobody", a.User.ID},
		{"nobody is the second", a.User.ID, "nobody"},
		{"the first is leaving", leaver.User.ID, a.User.ID},
		{"the second is leaving", a.User.ID, leaver.User.ID},
	} {
		if got, err := uc.Link(t.Context(), tt.one, tt.into); !errors.Is(err, domain.ErrNotFound) || got.ID != "" {
			t.Errorf("%s: got %+v and %v, want %v alone", tt.name, got, err, domain.ErrNotFound)
		}
		if got, err := uc.Unlink(t.Context(), tt.one, tt.into); !errors.Is(err, domain.ErrNotFound) || got.ID != "" {
			t.Errorf("%s: Unlink: got %+v and %v, want %v alone", tt.name, got, err, domain.ErrNotFound)
		}
	}
	w.wantTwo(t, a.User, b.User, leaver.User)
	w.wantLive(t, a)
}

func TestOperatorsLinkSpreadsABan(t *testing.T) {
	for _, banned := range []string{"a", "b"} {
		w := newTown()
		a, b := w.come(t, appA, "a"), w.come(t, appB, "b")
		w.ban(t, w.part(t, map[string]domain.AppID{"a": appA, "b": appB}[banned], domain.OpenID(banned)).ID)
		w.clock.now = w.clock.now.Add(minute)
		w.link(t, b.User.ID, a.User.ID)
		for _, login := range []stop{{appA, "a"}, {appB, "b"}} {
			got, err := w.loginUseCase().Login(t.Context(), visit(login.app, login.says))
			mustFailWith(t, got, err, domain.ErrUserBanned)
		}
		if !w.holding(a).revoked() || !w.holding(b).revoked() {
			t.Errorf("%s is banned: got access tokens good, want them refused", banned)
		}
		if _, err := w.banUseCase().Unban(t.Context(), a.User.ID); err != nil {
			t.Errorf("Unban: got %v, want no error", err)
		}
		w.come(t, appB, "b")
	}
}

// What the linked identity knew shows where the older has none, and is its own
// again afterwards.
func TestUnlinkGivesBackWhatEachKnew(t *testing.T) {
	w := newTown()
	a, b := w.come(t, appA, "a u"), w.come(t, appB, "b")
	key := b.User.Identity.Key()
	change := domain.ProfileChange{Nickname: "小红", Avatar: "picture", At: w.clock.now}
	if _, err := w.profiles.ChangeProfile(t.Context(), key, change); err != nil {
		t.Fatalf("ChangeProfile: got %v, want no error", err)
	}
	w.bind(t, appB, "b", hers)
	linked := w.come(t, appB, "b u")
	if linked.User.Profile.Nickname != "小红" || linked.User.Avatar != "picture" || linked.Phone.Reveal() != hers {
		t.Errorf("got %+v, want what the younger knew", linked.Account)
	}
	stays := w.come(t, appA, "a u")
	w.events.told()
	got := w.unlink(t, a.User.ID, b.User.ID)
	if got.ID != b.User.ID || got.Profile.Nickname != "小红" || got.Avatar != "picture" || got.Phone.Empty() || len(got.Others) != 0 {
		t.Errorf("got %+v, want %s as before", got, b.User.ID)
	}
	if left := w.found(t, a.User.ID); left.Profile.Nickname != "" || left.Avatar != "" || !left.Phone.Empty() || len(left.Others) != 0 {
		t.Errorf("got %+v left, want nothing of the other's", left)
	}
	w.wantEnded(t, linked)
	w.wantEnded(t, stays)
	if n := w.countAudit(t, domain.AuditUnlinked, a.User.ID, b.User.ID); n != 1 {
		t.Errorf("got %d lines of it, want one", n)
	}
	if told := w.events.told(); len(told) == 0 || told[0] != (domain.Event{Name: domain.EventUserUnlinked, UserID: a.User.ID}) {
		t.Errorf("got events %+v, want it told", told)
	}
	for range 2 { // no login links it again
		for _, s := range []stop{{appB, "b u"}, {appA, "a u"}, {appB, "b v"}, {appA, "a v"}, {appC, "c u"}} {
			w.come(t, s.app, s.says)
		}
		w.wantTwo(t, b.User)
	}
	if _, err := w.linkUseCase().Unlink(t.Context(), a.User.ID, b.User.ID); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("Unlink again: got %v, want %v", err, domain.ErrNotFound)
	}
	w.link(t, b.User.ID, a.User.ID) // but an operator may
	if w.part(t, appB, "b").ID != a.User.ID || w.unlink(t, a.User.ID, b.User.ID).ID != b.User.ID {
		t.Error("got no second link and unlink")
	}
}

// Of a user of several who became another's, each identity goes back to the user
// that it made.
func TestUnlinkTakesOneIdentityOut(t *testing.T) {
	w := newTown()
	c, a, b := w.come(t, appC, "c"), w.come(t, appA, "a"), w.come(t, appB, "b")
	w.link(t, b.User.ID, a.User.ID)
	w.link(t, a.User.ID, c.User.ID)
	w.unlink(t, c.User.ID, a.User.ID)
	w.wantTwo(t, a.User)
	w.wantOne(t, c.User, b.User)
	if _, err := w.linkUseCase().Unlink(t.Context(), c.User.ID, c.User.ID); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("of the one who stays: got %v, want %v", err, domain.ErrNotFound)
	}
	if _, err := w.linkUseCase().Link(t.Context(), b.User.ID, a.User.ID); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("link of one who is no user any more: got %v, want %v", err, domain.ErrNotFound)
	}
}

// Whom an operator links into a user does not make the user's ID an older one.
func TestOperatorsLinkGivesTheIDNoAge(t *testing.T) {
	w := newTown()
	m, older, n := w.come(t, appC, "m").User, w.come(t, appB, "k u").User, w.come(t, appA, "n").User
	w.link(t, m.ID, n.ID)
	w.come(t, appA, "n u")
	w.wantOne(t, older, n, m)
}
