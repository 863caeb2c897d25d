package application_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

// What must be in no text: the code is the session_key too, in this world.
const canary = "canary-7d1e"

// mustHide fails t if value shows a canary or a token by any likely verb.
func mustHide(t *testing.T, what string, value any) {
	t.Helper()
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		got := fmt.Sprintf(format, value)
		for _, secret := range []string{canary, "wxr_", "random-", "access "} {
			if strings.Contains(got, secret) {
				t.Errorf("%s by %s: got %s, want no secret in it", what, format, got)
			}
		}
	}
}

func TestNoSecretIsInAnyErrorOrResult(t *testing.T) {
	down := errors.New("down")
	worlds := map[string]func(*testing.T, *world){
		"none": func(*testing.T, *world) {},
		"app": func(_ *testing.T, w *world) {
			w.apps = directory(func(domain.AppID) (domain.AppID, error) { return "", down })
		},
		"wechat": func(_ *testing.T, w *world) {
			w.wechat = exchanging(func(domain.AppID, domain.Secret) (ports.CodeExchange, error) { return ports.CodeExchange{}, down })
		},
		"sealer": func(_ *testing.T, w *world) { w.sealer = broken{w.sealer} },
		"issuer": func(_ *testing.T, w *world) { w.issuer = issuing(func(domain.Caller) error { return down }) },
		"users":  func(t *testing.T, w *world) { w.users = contract.FailAfter(t, "RecordLogin").Users(w.users) },
		"save":   func(t *testing.T, w *world) { w.sessions = contract.FailAfter(t, "Save").Sessions(w.sessions) },
		"find":   func(t *testing.T, w *world) { w.sessions = contract.FailBefore(t, "FindLive").Sessions(w.sessions) },
	}
	for name, sabotage := range worlds {
		for _, compat := range []bool{false, true} {
			t.Run(fmt.Sprint(name, " fails, compat ", compat), func(t *testing.T) {
				w := newWorld()
				sabotage(t, w)
				cmd := withOpenData(withCode(canary))
				cmd.Compat = compat
				got, err := w.loginUseCase().Login(t.Context(), cmd)
				mustHide(t, "command", cmd)
				mustHide(t, "result", got)
				mustHide(t, "error", err)
				for _, warning := range got.Warnings {
					mustHide(t, "warning", warning)
				}
			})
		}
	}
}

func TestNoSecretIsStored(t *testing.T) {
	w := newWorld()
	got := w.login(t, withCode(canary))
	stored := w.live(t, "o1")
	mustHide(t, "sessions", stored)
	user, err := w.users.Find(t.Context(), got.User.ID)
	if err != nil {
		t.Fatalf("Find: got %v, want no error", err)
	}
	mustHide(t, "user", user)
}
