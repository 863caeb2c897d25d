package application_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

func TestPhoneIsBoundByACodeOfTheCallersApp(t *testing.T) {
	w := newTown()
	a := w.come(t, appA, "a u")
	b := w.come(t, appB, "b u")
	w.events.told()
	for _, tt := range []struct {
		login  ports.Login
		openID domain.OpenID
		number string
	}{{b, "b", hers}, {a, "a", his}, {b, "b", hers}} {
		w.numbers.asked = nil
		w.clock.now = w.clock.now.Add(minute)
		got, err := w.phoneUseCase().BindPhone(t.Context(), callerOf(tt.login), domain.NewSecret(tt.number))
		if err != nil || got.Phone.Reveal() != tt.number || got.User.ID != a.User.ID || got.User.Phone.At != w.clock.now {
			t.Errorf("got %+v and %v, want the number bound now", got, err)
		}
		want := domain.WeChatIdentity{AppID: tt.login.Session.AppID, OpenID: tt.openID, UnionID: "u"}
		if len(w.numbers.asked) != 1 || w.numbers.asked[0] != want {
			t.Errorf("got %+v asked, want %+v", w.numbers.asked, want)
		}
		if me, err := w.accountUseCase().Me(t.Context(), callerOf(a)); err != nil || me.Phone.Reveal() != tt.number {
			t.Errorf("stored: got %q and %v, want %q", me.Phone.Reveal(), err, tt.number)
		}
	}
	w.wantAudit(t, a.User.ID, domain.AuditLinked, domain.AuditPhoneBound, domain.AuditPhoneBound, domain.AuditPhoneBound)
	if told := w.events.told(); told[0] != (domain.Event{Name: domain.EventPhoneBound, UserID: a.User.ID}) {
		t.Errorf("got events %+v, want it told", told)
	}
	elsewhere := domain.Caller{UserID: a.User.ID, AppID: appC}
	if _, err := w.phoneUseCase().BindPhone(t.Context(), elsewhere, domain.NewSecret(hers)); !errors.Is(err, domain.ErrTokenInvalid) {
		t.Errorf("in an app without her: got %v, want %v", err, domain.ErrTokenInvalid)
	}
}

func TestCodeThatWeChatRefusesBindsNothing(t *testing.T) {
	for _, want := range []error{
		domain.ErrPhoneCodeInvalid, domain.ErrRateLimited, domain.ErrPlatformUnavailable, domain.ErrAppMisconfigured, domain.ErrOverloaded,
	} {
		w := newTown()
		login := w.come(t, appA, "a")
		w.numbers.err = want
		got, err := w.phoneUseCase().BindPhone(t.Context(), callerOf(login), domain.NewSecret(canary))
		if !errors.Is(err, want) || got.User.ID != "" {
			t.Errorf("got %+v and %v, want %v alone", got, err, want)
		}
		w.wantNoPhone(t, login)
	}
}

func (w *world) wantNoPhone(t *testing.T, login ports.Login) {
	t.Helper()
	for _, part := range w.found(t, login.User.ID).All() {
		if !part.Phone.Empty() {
			t.Errorf("got %+v with %s, want no number", part.Phone, part.Identity.Key())
		}
	}
	if n := w.countAudit(t, domain.AuditPhoneBound, login.User.ID, ""); n != 0 {
		t.Errorf("got %d lines of a number, want none", n)
	}
}

func TestPhoneIsBoundByDataOnlyWhereNoneIs(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a")
	bind := func(number string) (ports.Account, error) {
		w.clock.now = w.clock.now.Add(minute)
		w.reader = opensUnder("a", domain.Profile{Nickname: number})
		return w.phoneUseCase().BindPhoneByData(t.Context(), callerOf(login), wellFormed)
	}
	got, err := bind(hers)
	if err != nil || got.Phone.Reveal() != hers {
		t.Errorf("got %+v and %v, want it bound", got, err)
	}
	bound := w.found(t, login.User.ID).Phone
	for _, phones := range []ports.PhoneSealer{w.phones, rekeyed{}} { // it is the same under another key
		w.phones = phones
		if got, err := bind(hers); err != nil || got.Phone.Reveal() != hers || w.found(t, login.User.ID).Phone != bound {
			t.Errorf("the same: got %+v and %v, want nothing changed", got, err)
		}
		if got, err := bind(his); !errors.Is(err, domain.ErrPhoneCodeRequired) || got.User.ID != "" {
			t.Errorf("another: got %+v and %v, want %v alone", got, err, domain.ErrPhoneCodeRequired)
		}
	}
	w.wantAudit(t, login.User.ID, domain.AuditPhoneBound)
	w.reader = opensUnder("another", domain.Profile{Nickname: hers})
	if _, err := w.phoneUseCase().BindPhoneByData(t.Context(), callerOf(login), wellFormed); !errors.Is(err, domain.ErrOpenDataStale) {
		t.Errorf("under another key: got %v, want %v", err, domain.ErrOpenDataStale)
	}
	if _, err := w.phoneUseCase().BindPhoneByData(t.Context(), callerOf(login), domain.OpenData{}); !errors.Is(err, domain.ErrOpenDataInvalid) {
		t.Errorf("no data: got %v, want %v", err, domain.ErrOpenDataInvalid)
	}
}

// TestClientThatHoldsTheKeyBindsNoNumberOfItsOwnMaking: only WeChat can vouch for
// one.
func TestClientThatHoldsTheKeyBindsNoNumberOfItsOwnMaking(t *testing.T) {
	w := newTown()
	w.policy.ClientsHoldKeys = true
	login := w.come(t, appA, "a")
	w.reader = opensUnder("a", domain.Profile{Nickname: hers})
	got, err := w.phoneUseCase().BindPhoneByData(t.Context(), callerOf(login), wellFormed)
	if !errors.Is(err, domain.ErrPhoneCodeRequired) || got.User.ID != "" {
		t.Errorf("got %+v and %v, want %v alone", got, err, domain.ErrPhoneCodeRequired)
	}
	w.wantNoPhone(t, login)
}

func TestPhoneIsRemovedFromEveryIdentity(t *testing.T) {
	w := newTown()
	a := w.come(t, appA, "a u")
	w.bind(t, appA, "a", hers)
	b := w.come(t, appB, "b u")
	w.bind(t, appB, "b", his)
	for range 2 { // none is no error
		if err := w.phoneUseCase().RemovePhone(t.Context(), callerOf(b)); err != nil {
			t.Errorf("got %v, want no error", err)
		}
		w.wantNoPhone(t, a)
		w.wantAudit(t, a.User.ID, domain.AuditLinked, domain.AuditPhoneRemoved)
	}
	w.clock.now = w.clock.now.Add(time.Second)
	w.bind(t, appA, "a", hers)
	if err := w.phoneUseCase().RemovePhone(t.Context(), callerOf(b)); err != nil {
		t.Errorf("got %v, want no error", err)
	}
	w.wantAudit(t, a.User.ID, domain.AuditLinked, domain.AuditPhoneRemoved, domain.AuditPhoneRemoved)
}

func TestPhoneThatCannotBeSealedIsNotBound(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a")
	w.phones = unsealing{w.phones}
	if got, err := w.phoneUseCase().BindPhone(t.Context(), callerOf(login), domain.NewSecret(hers)); err == nil || got.User.ID != "" {
		t.Errorf("got %+v and %v, want an error alone", got, err)
	}
	w.wantNoPhone(t, login)
}

// unsealing is a sealer that cannot seal.
type unsealing struct{ ports.PhoneSealer }

func (unsealing) SealPhone(domain.PhoneNumber, domain.IdentityKey, time.Time) (domain.SealedPhone, error) {
	return domain.SealedPhone{}, errors.New("unsealing: no key")
}

func TestPhoneThatFailedIsMendedByAskingAgain(t *testing.T) {
	var login ports.Login
	coming := func(t *testing.T, w *world) {
		login = w.come(t, appA, "a")
		w.reader = opensUnder("a", domain.Profile{Nickname: hers})
	}
	bound := func(t *testing.T, w *world) {
		if me, err := w.accountUseCase().Me(t.Context(), callerOf(login)); err != nil || me.Phone.Reveal() != hers {
			t.Errorf("got %q and %v, want it bound", me.Phone.Reveal(), err)
		}
		if n := w.countAudit(t, domain.AuditPhoneBound, login.User.ID, ""); n == 0 || n > 3 {
			t.Errorf("got %d lines of it, want it written down", n)
		}
	}
	chores := []chore{
		{name: "by code", calls: []string{"Find", "Append", "ChangeProfile"}, ready: coming, holds: bound, act: func(ctx context.Context, w *world) error {
			_, err := w.phoneUseCase().BindPhone(ctx, callerOf(login), domain.NewSecret(hers))
			return err
		}},
		{name: "by data", calls: []string{"Find", "FindLiveOf", "Append", "ChangeProfile"}, ready: coming, holds: bound, act: func(ctx context.Context, w *world) error {
			_, err := w.phoneUseCase().BindPhoneByData(ctx, callerOf(login), wellFormed)
			return err
		}},
		{
			name: "remove", calls: []string{"Find", "Append", "ClearProfile"},
			ready: func(t *testing.T, w *world) { coming(t, w); w.bind(t, appA, "a", hers) },
			act:   func(ctx context.Context, w *world) error { return w.phoneUseCase().RemovePhone(ctx, callerOf(login)) },
			holds: func(t *testing.T, w *world) {
				w.wantNoPhone(t, login)
				w.wantAudit(t, login.User.ID, domain.AuditPhoneRemoved)
			},
		},
	}
	for _, c := range chores {
		c.mustBeMended(t)
	}
}
