package application_test

import (
	"testing"
	"time"

	"wxlogin/domain"
)

const (
	hers = "+86 13580006666"
	his  = "+852 12345678"
)

// disputed makes a and b two users with numbers of their own, who came with one
// UnionID: a, who was first, has it.
func disputed(t *testing.T, w *world) (a, b domain.WeChatUser) {
	t.Helper()
	a = w.come(t, appA, "a u").User
	b = w.come(t, appB, "b").User
	w.bind(t, appA, "a", hers)
	w.bind(t, appB, "b", his)
	w.come(t, appB, "b u")
	return a, b
}

func TestT23_TwoPhoneNumbersAreLeftToAnOperator(t *testing.T) {
	w := newTown()
	a, b := disputed(t, w)
	w.wantTwo(t, a, b)
	w.wantClaim(t, "u", a.ID, true)
	w.wantAudit(t, b.ID, domain.AuditLinkConflict)
	w.wantAudit(t, a.ID, domain.AuditLinkConflict)
	if got := w.audited(t, a.ID)[0]; got.UserID != b.ID || got.OtherID != a.ID || got.By != domain.ByService || got.AppID != appB {
		t.Errorf("got %+v, want it to say that %s came with what is %s's", got, b.ID, a.ID)
	}
	told := w.events.told()
	if want := (domain.Event{Name: domain.EventLinkConflict, UserID: b.ID, AppID: appB}); len(told) != 1 || told[0] != want {
		t.Errorf("got events %+v, want %+v", told, want)
	}
	for range 2 { // it is said once, and both go on
		w.wantLive(t, w.come(t, appB, "b u"))
		w.wantLive(t, w.come(t, appA, "a u"))
	}
	w.wantAudit(t, b.ID, domain.AuditLinkConflict)
	w.wantTwo(t, a, b)
}

func TestDisputedUnionIDLinksNobodyUntilTheOperatorDoes(t *testing.T) {
	w := newTown()
	a, b := disputed(t, w)
	c := w.come(t, appC, "c u")
	w.wantTwo(t, a, b, c.User)
	if _, err := w.linkUseCase().Link(t.Context(), b.ID, a.ID); err != nil {
		t.Fatalf("Link: got %v, want no error", err)
	}
	w.wantOne(t, a, b)
	w.wantClaim(t, "u", a.ID, false)
	d := w.come(t, appC, "d u")
	w.wantOne(t, a, b, d.User)
}

// A dispute goes with the UnionID where its user becomes another's.
func TestDisputeOutlivesWhoHadIt(t *testing.T) {
	w := newTown()
	older := w.come(t, appC, "c")
	a, b := disputed(t, w)
	w.come(t, appA, "a v")
	w.come(t, appB, "a2 v")
	w.come(t, appA, "a u")
	w.come(t, appC, "c v") // an older user absorbs a and her second identity
	w.wantOne(t, older.User, a, w.part(t, appB, "a2"))
	w.wantClaim(t, "u", older.User.ID, true)
	w.wantTwo(t, b)
	d := w.come(t, appB, "d u")
	w.wantTwo(t, b, d.User)
}

func TestOneNumberAndTheSameNumberAreNoConflict(t *testing.T) {
	for name, numbers := range map[string][2]string{"the older gave one": {hers, ""}, "the younger gave one": {"", hers}, "both gave the same": {hers, hers}} {
		t.Run(name, func(t *testing.T) {
			w := newTown()
			a, b := w.come(t, appA, "a u"), w.come(t, appB, "b")
			for i, number := range numbers {
				if number != "" {
					w.bind(t, []domain.AppID{appA, appB}[i], []domain.OpenID{"a", "b"}[i], number)
				}
			}
			got := w.come(t, appB, "b u")
			w.wantOne(t, a.User, b.User)
			if got.Phone.Reveal() != hers {
				t.Errorf("got phone %q, want %q", got.Phone.Reveal(), hers)
			}
		})
	}
}

// rekeyed seals as after a change of keys: with another index for the same number.
type rekeyed struct{ numbering }

func (r rekeyed) SealPhone(number domain.PhoneNumber, owner domain.IdentityKey, at time.Time) (domain.SealedPhone, error) {
	sealed, err := r.numbering.SealPhone(number, owner, at)
	sealed.Index = r.PhoneIndexes(number)[0]
	return sealed, err
}

func (r rekeyed) PhoneIndexes(number domain.PhoneNumber) []domain.PhoneIndex {
	indexes := r.numbering.PhoneIndexes(number)
	return []domain.PhoneIndex{indexes[1], indexes[0]}
}

func TestSameNumberUnderAnotherKeyIsNoConflict(t *testing.T) {
	for _, second := range []string{hers, his} {
		w := newTown()
		a := w.come(t, appA, "a u")
		w.bind(t, appA, "a", hers)
		b := w.come(t, appB, "b")
		w.phones = rekeyed{}
		w.bind(t, appB, "b", second)
		w.come(t, appB, "b u")
		if second == hers {
			w.wantOne(t, a.User, b.User)
		} else {
			w.wantTwo(t, a.User, b.User)
		}
	}
}

func TestSwappedUnionIDsAreDisputed(t *testing.T) {
	w := newTown()
	a, b := w.come(t, appA, "a u"), w.come(t, appB, "b v")
	w.come(t, appA, "a v")
	w.come(t, appB, "b u")
	w.wantClaim(t, "u", a.User.ID, true)
	w.wantClaim(t, "v", b.User.ID, true)
	w.wantLive(t, w.come(t, appA, "a v"))
	w.wantLive(t, w.come(t, appB, "b u"))
}

// A user who is leaving stays alone: else the deletion of one account would be
// that of the other.
func TestNobodyIsLinkedToOneWhoIsLeaving(t *testing.T) {
	for _, tt := range []struct {
		name    string
		leaves  domain.OpenID
		comes   stop
		goesFor time.Duration
	}{
		{"the owner is leaving", "a", stop{appB, "b u"}, day},
		{"the owner is due", "a", stop{appB, "b u"}, 8 * day},
		{"the owner, younger, is due", "b", stop{appA, "a u"}, 8 * day},
		{"who comes is due", "b", stop{appB, "b u"}, 8 * day},
		{"who comes, older, is due", "a", stop{appA, "a u"}, 8 * day},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newTown()
			logins := map[domain.OpenID]domain.Caller{"a": callerOf(w.come(t, appA, "a")), "b": callerOf(w.come(t, appB, "b"))}
			owner := map[domain.AppID]stop{appA: {appB, "b u"}, appB: {appA, "a u"}}[tt.comes.app]
			logins[domain.OpenID(owner.says[:1])] = callerOf(w.come(t, owner.app, owner.says))
			stays := map[domain.OpenID]domain.OpenID{"a": "b", "b": "a"}[tt.leaves]
			if _, err := w.leaveUseCase().Leave(t.Context(), logins[tt.leaves]); err != nil {
				t.Fatalf("Leave: got %v, want no error", err)
			}
			w.clock.now = w.clock.now.Add(tt.goesFor)
			w.come(t, tt.comes.app, tt.comes.says)
			if got := w.found(t, logins[stays].UserID); !got.DeletionAt.IsZero() || got.Includes(logins[tt.leaves].UserID) {
				t.Errorf("got %+v, want the other to stay, without who leaves", got)
			}
			if _, err := w.eraseUseCase().EraseDue(t.Context()); err != nil {
				t.Errorf("EraseDue: got %v, want no error", err)
			}
			w.found(t, logins[stays].UserID)
			w.come(t, appA, "a u")
			w.come(t, appB, "b u") // a new user, or one who came back: all are one now
			if got := w.part(t, appA, "a").ID; got != w.part(t, appB, "b").ID {
				t.Error("got two users at last, want one")
			}
		})
	}
}
