package application_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/application"
	"wxlogin/domain"
	"wxlogin/test/contract"
)

// stranger is a service client of another app.
var stranger = domain.ServiceClient{ID: "stranger", Apps: []domain.AppID{"wxanother"}}

func TestRFC7009_AnyTokenOfASessionEndsIt(t *testing.T) {
	tests := map[string]func(*testing.T, *phone) domain.Secret{
		"its access token":              func(_ *testing.T, p *phone) domain.Secret { return p.access },
		"an access token of before":     func(t *testing.T, p *phone) domain.Secret { old := p.access; p.renew(t); return old },
		"its refresh token":             func(_ *testing.T, p *phone) domain.Secret { return p.refresh },
		"a refresh token that is spent": func(t *testing.T, p *phone) domain.Secret { return p.renew(t) },
	}
	for name, choose := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			p, tablet := w.phone(t, "device-01"), w.phone(t, "device-02")
			token := choose(t, p)
			w.events.told()
			if err := w.revokeTokenUseCase().RevokeToken(t.Context(), backend, token); err != nil {
				t.Fatalf("RevokeToken: got %v, want no error", err)
			}
			p.wantEvents(t, domain.EventSessionRevoked)
			p.mustBeOver(t)
			if err := w.revokeTokenUseCase().RevokeToken(t.Context(), backend, token); err != nil {
				t.Errorf("RevokeToken again: got %v, want no error", err)
			}
			tablet.mustGoOn(t)
		})
	}
}

func TestRFC7009_AccessTokenFinishesWhatARefreshTokenBegan(t *testing.T) {
	w := newWorld()
	p := w.phone(t, "device-01")
	fault := contract.FailBefore(t, "Delete")
	w.sabotage(fault)
	if err := w.revokeTokenUseCase().RevokeToken(t.Context(), backend, p.refresh); !errors.Is(err, domain.ErrStoreUnavailable) {
		t.Errorf("RevokeToken: got %v, want %v", err, domain.ErrStoreUnavailable)
	}
	fault.Heal()
	if err := w.revokeTokenUseCase().RevokeToken(t.Context(), backend, p.access); err != nil {
		t.Errorf("RevokeToken: got %v, want no error", err)
	}
	if live := w.live(t, "o1"); len(live) != 0 {
		t.Errorf("got sessions %v, want none", live)
	}
}

func TestRFC7009_TokenThatIsWorthNothingIsNoError(t *testing.T) {
	w := newWorld()
	p := w.phone(t, "device-01")
	over := w.phone(t, "")
	w.clock.now = w.clock.now.Add(day)
	w.events.told()
	for name, token := range map[string]domain.Secret{
		"nothing": {}, "rubbish": domain.NewSecret("nonsense"), "an unknown refresh token": domain.NewRefreshToken(counter{}.NewToken()).Secret(),
		"an access token that has ended": p.access, "a refresh token that has ended": over.refresh,
	} {
		if err := w.revokeTokenUseCase().RevokeToken(t.Context(), backend, token); err != nil {
			t.Errorf("%s: got %v, want no error", name, err)
		}
	}
	if events := w.events.told(); len(events) != 0 {
		t.Errorf("got events %v, want none", events)
	}
	p.mustGoOn(t)
}

func TestT36_BackendOfAnotherAppLearnsAndEndsNothing(t *testing.T) {
	w := newWorld()
	p := w.phone(t, "device-01")
	w.events.told()
	for _, client := range []domain.ServiceClient{stranger, {ID: "of no app"}, {}} {
		for _, token := range []domain.Secret{p.access, p.refresh} {
			if err := w.revokeTokenUseCase().RevokeToken(t.Context(), client, token); err != nil {
				t.Errorf("RevokeToken: got %v, want no error", err)
			}
		}
		if what, active := application.NewIntrospectUseCase(w.inspector()).Introspect(t.Context(), client, p.access); active || what != (domain.AccessToken{}) {
			t.Errorf("Introspect: got %+v and %v, want nothing", what, active)
		}
	}
	if events := w.events.told(); len(events) != 0 {
		t.Errorf("got events %v, want none", events)
	}
	p.mustGoOn(t)
}

func TestRFC7662_IntrospectionTellsOfGoodTokensOnly(t *testing.T) {
	w := newWorld()
	p, ended := w.phone(t, "device-01"), w.phone(t, "device-02")
	w.revocations.end(ended.session)
	uc := application.NewIntrospectUseCase(w.inspector())
	want := domain.AccessToken{Caller: p.caller(), IssuedAt: w.clock.now, ExpiresAt: w.clock.now.Add(15 * minute)}
	what, active := uc.Introspect(t.Context(), backend, p.access)
	if want.ID = what.ID; !active || what.ID == "" {
		t.Errorf("got active %v, jti %q; want true and one", active, what.ID)
	}
	if diff := cmp.Diff(want, what); diff != "" {
		t.Errorf("what (-want +got):\n%s", diff)
	}
	for name, token := range map[string]domain.Secret{
		"nothing": {}, "rubbish": domain.NewSecret("nonsense"), "a refresh token": p.refresh, "of an ended session": ended.access,
	} {
		if what, active := uc.Introspect(t.Context(), backend, token); active || what != (domain.AccessToken{}) {
			t.Errorf("%s: got %+v and %v, want nothing", name, what, active)
		}
	}
	w.clock.now = w.clock.now.Add(15 * minute)
	if what, active := uc.Introspect(t.Context(), backend, p.access); active || what != (domain.AccessToken{}) {
		t.Errorf("expired: got %+v and %v, want nothing", what, active)
	}
}
