package application_test

import (
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

func TestStoreThatFailsLetsNoTokenOutAndIsForgivenLater(t *testing.T) {
	before, after := contract.FailBefore, contract.FailAfter
	tests := []struct {
		name        string
		fault       func(testing.TB, string) *contract.Fault
		method      string
		compat      bool
		wantUser    bool // somebody is stored when the first login fails
		wantSession bool
	}{
		{"the user is not recorded", before, "RecordLogin", false, false, false},
		{"the user is recorded, and nobody is told", after, "RecordLogin", false, true, false},
		{"the session is not saved", before, "Save", false, true, false},
		{"the session is saved, and nobody is told", after, "Save", false, true, true},
		{"older sessions are not found", before, "FindLive", true, true, false},
		{"the session of an older protocol is saved, and nobody is told", after, "Save", true, true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			users, sessions, signed := w.users, w.sessions, 0
			fault := tt.fault(t, tt.method)
			w.users, w.sessions = fault.Users(users), fault.Sessions(sessions)
			w.issuer = issuing(func(domain.Caller) error { signed++; return nil })
			cmd := onDevice(withCode("key-1"), "device-01")
			cmd.Compat = tt.compat
			got, err := w.loginUseCase().Login(t.Context(), cmd)
			mustFailWith(t, got, err, domain.ErrStoreUnavailable)
			if signed != 0 {
				t.Errorf("got %d tokens signed, want none", signed)
			}
			fault.Heal()
			if live := len(w.live(t, "o1")); live != count(tt.wantSession) {
				t.Errorf("meanwhile: got %d sessions, want %d", live, count(tt.wantSession))
			}
			mustLogInAgain(t, w, cmd, !tt.wantUser)
		})
	}
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// mustLogInAgain logs in twice: one user, and one session on the device.
func mustLogInAgain(t *testing.T, w *world, cmd ports.LoginCommand, wantNew bool) {
	t.Helper()
	first, second := w.login(t, cmd), w.login(t, cmd)
	if first.NewUser != wantNew || second.NewUser || first.User.ID != second.User.ID {
		t.Errorf("afterwards: got users %s (new %v) and %s (new %v), want one, new %v",
			first.User.ID, first.NewUser, second.User.ID, second.NewUser, wantNew)
	}
	if live := w.live(t, "o1"); len(live) != 1 || live[0].ID != second.Session.ID {
		t.Errorf("afterwards: got sessions %v, want the last one alone", live)
	}
}
