package application_test

import (
	"errors"
	"testing"

	"wxlogin/domain"
)

type stop struct {
	app  domain.AppID
	says string
}

// A = 0: of the visits, counted from 0, the one whose first login made the ID that
// the identity has in the end.
func TestRWX7_UnionIDDecidesWhoIsOneUser(t *testing.T) {
	tests := []struct {
		name  string
		stops []stop
		want  []int
	}{
		{"WeChat names none", []stop{{appA, "a"}, {appB, "b"}}, []int{0, 1}},
		{"one for both from the first", []stop{{appA, "a u"}, {appB, "b u"}}, []int{0, 0}},
		{"two", []stop{{appA, "a u"}, {appB, "b v"}}, []int{0, 1}},
		{"the younger learns it later", []stop{{appA, "a u"}, {appB, "b"}, {appB, "b u"}}, []int{0, 0, 0}},
		{"the older learns it later", []stop{{appA, "a"}, {appB, "b u"}, {appA, "a u"}}, []int{0, 0, 0}},
		{"it is named no more", []stop{{appA, "a u"}, {appB, "b u"}, {appA, "a"}, {appB, "b"}}, []int{0, 0, 0, 0}},
		{"it changes for both", []stop{{appA, "a u"}, {appB, "b u"}, {appA, "a v"}, {appB, "b v"}}, []int{0, 0, 0, 0}},
		{"it changes for one", []stop{{appA, "a u"}, {appB, "b u"}, {appB, "b v"}, {appA, "a u"}}, []int{0, 0, 0, 0}},
		{"it changes to another's", []stop{{appA, "a u"}, {appB, "b v"}, {appB, "b u"}}, []int{0, 1, 1}},
		{"two are swapped", []stop{{appA, "a u"}, {appB, "b v"}, {appA, "a v"}, {appB, "b u"}}, []int{0, 1, 0, 1}},
		{"three apps", []stop{{appA, "a u"}, {appB, "b u"}, {appC, "c u"}}, []int{0, 0, 0}},
		{"the oldest of three learns it last", []stop{{appA, "a"}, {appB, "b"}, {appC, "c u"}, {appB, "b u"}, {appA, "a u"}}, []int{0, 0, 0, 0, 0}},
		{"the middle one of three last", []stop{{appA, "a u"}, {appB, "b"}, {appC, "c u"}, {appB, "b u"}}, []int{0, 0, 0, 0}},
		{"two in one app", []stop{{appA, "a u"}, {appA, "b u"}}, []int{0, 0}},
		{"a newcomer with the one that was theirs before", []stop{{appA, "a u"}, {appA, "a v"}, {appB, "b u"}}, []int{0, 0, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown()
			var made []domain.UserID // by each visit's identity
			for _, s := range tt.stops {
				login := w.come(t, s.app, s.says)
				part := w.part(t, s.app, domain.OpenID(s.says[:1]))
				made = append(made, part.Original())
				if login.User.ID != part.ID || login.Session.UserID != part.ID || login.Session.AppID != s.app {
					t.Errorf("%v: got user %s with a session of %s, want %s", s, login.User.ID, login.Session.UserID, part.ID)
				}
				w.wantLive(t, login)
			}
			for i, s := range tt.stops {
				if got := w.part(t, s.app, domain.OpenID(s.says[:1])); got.ID != made[tt.want[i]] {
					t.Errorf("%v: got user %s, want the one that visit %d made", s, got.ID, tt.want[i])
				}
			}
		})
	}
}

func TestSessionsOfTheUserWhoIsNoMoreEnd(t *testing.T) {
	for name, olderComes := range map[string]bool{"the younger comes": false, "the older comes": true} {
		t.Run(name, func(t *testing.T) {
			w := newTown()
			older, younger := w.come(t, appA, "a"), w.come(t, appB, "b")
			w.events.told()
			var came domain.UserID
			if olderComes {
				w.come(t, appB, "b u")
				came = w.come(t, appA, "a u").User.ID
			} else {
				w.come(t, appA, "a u")
				came = w.come(t, appB, "b u").User.ID
			}
			w.wantOne(t, older.User, younger.User)
			w.wantEnded(t, younger)
			w.wantLive(t, older)
			w.wantClaim(t, "u", older.User.ID, false)
			w.wantAudit(t, came, domain.AuditLinked)
			want := domain.AuditEntry{Action: domain.AuditLinked, By: domain.ByService, UserID: older.User.ID, OtherID: younger.User.ID, AppID: appA}
			if !olderComes {
				want.AppID = appB
			}
			got := w.audited(t, came)[0]
			if want.ID, want.At = got.ID, w.clock.now; got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
			told := w.events.told()
			if want := (domain.Event{Name: domain.EventUserLinked, UserID: older.User.ID, AppID: want.AppID}); len(told) == 0 || told[0] != want {
				t.Errorf("got events %+v, want %+v first", told, want)
			}
		})
	}
}

func TestNewIdentityOfAKnownPersonIsNoNewUser(t *testing.T) {
	w := newTown()
	if first := w.come(t, appA, "a u"); !first.NewUser {
		t.Error("got the first no new user")
	}
	if second := w.come(t, appB, "b u"); second.NewUser {
		t.Error("got a new user of an old one")
	}
}

func TestLinkingThatIsSwitchedOffIsNotDone(t *testing.T) {
	w := newTown()
	w.policy.LinkUnionIDs = false
	first, second := w.come(t, appA, "a u"), w.come(t, appB, "b u")
	w.wantTwo(t, first.User, second.User)
	w.wantAudit(t, "")
	w.policy.LinkUnionIDs = true // and made good where it is switched on
	w.come(t, appB, "b u")
	w.come(t, appA, "a u")
	w.wantOne(t, first.User, second.User)
}

func TestT41_BanFollowsThePerson(t *testing.T) {
	for name, banned := range map[string]string{"the younger": "b", "the older": "a"} {
		for _, comes := range []stop{{appA, "a u"}, {appB, "b u"}} {
			t.Run(name+" is banned and comes by "+comes.says, func(t *testing.T) {
				w := newTown()
				older, younger := w.come(t, appA, "a"), w.come(t, appB, "b")
				innocent := older
				if banned == "a" {
					innocent = younger
				}
				id := map[string]domain.UserID{"a": older.User.ID, "b": younger.User.ID}[banned]
				for _, s := range []stop{{appA, "a u"}, {appB, "b u"}} { // who does not come had it before
					if s != comes {
						w.come(t, s.app, s.says)
					}
				}
				w.clock.now = w.clock.now.Add(minute)
				if _, err := w.banUseCase().Ban(t.Context(), id); err != nil {
					t.Fatalf("Ban: got %v, want no error", err)
				}
				got, err := w.loginUseCase().Login(t.Context(), visit(comes.app, comes.says))
				mustFailWith(t, got, err, domain.ErrUserBanned)
				w.wantOne(t, older.User, younger.User)
				if !w.holding(innocent).revoked() {
					t.Error("got the other's access tokens good, want them refused")
				}
				for _, s := range []stop{{appA, "a"}, {appB, "b u"}, {appC, "c u"}} {
					got, err := w.loginUseCase().Login(t.Context(), visit(s.app, s.says))
					mustFailWith(t, got, err, domain.ErrUserBanned)
				}
				if _, err := w.refreshUseCase().Refresh(t.Context(), older.Tokens.Refresh); !errors.Is(err, domain.ErrUserBanned) {
					t.Errorf("Refresh: got %v, want %v", err, domain.ErrUserBanned)
				}
			})
		}
	}
}
