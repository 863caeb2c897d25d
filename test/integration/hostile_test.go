package integration

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wxlogin/config"
	"wxlogin/test/contract"
	"wxlogin/test/testkit"
)

// forger makes tokens with the service's own key.
func (w world) forger(t *testing.T) contract.Forger {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(w.cfg.Tokens.KeysDir, "*.pem"))
	if err != nil || len(files) != 1 {
		t.Fatalf("got keys %v (%v), want one", files, err)
	}
	jwks := w.Get("/.well-known/jwks.json", "").Body
	f := contract.NewForger(t, files[0], kid(t, jwks), w.cfg.Tokens, time.Now())
	f.JWKS, f.Caller.AppID = jwks, testkit.App(w.cfg)
	return f
}

// Every way in answers every hostile token alike: the same status, the same
// problem, and to a backend that it is not active, with nothing said of why.
func TestT06_HostileTokensAreRefusedAlikeEverywhere(t *testing.T) { // R-JWT-1 to R-JWT-9
	w := inMemory(t, func(cfg *config.Config) { withClient(cfg) })
	f := w.forger(t)
	good := f.Sign(t, f.Payload())
	wantStatus(t, "verify with what is right", w.Get("/v1/verify", good), 200, "")
	if a := w.ask("/v1/token/introspect", good); a.Status != 200 || !active(a) {
		t.Errorf("introspection of what is right: got %d %s, want it active", a.Status, a.Body)
	}
	hostile := contract.HostileTokens(t, f)
	if len(hostile) < 50 {
		t.Errorf("got %d hostile tokens, want the whole table", len(hostile))
	}
	for _, h := range hostile {
		if strings.TrimSpace(h.Token) == h.Token { // HTTP takes blanks around a header's value away
			w.mustRefuse(t, h)
		}
		a := w.ask("/v1/token/introspect", h.Token)
		if n := len(h.Token); n == 0 || n > 8<<10 {
			wantStatus(t, "introspection of "+h.Name, a, 400, "invalid_request")
		} else if a.Status != 200 || strings.TrimSpace(string(a.Body)) != `{"active":false}` {
			t.Errorf("introspection of %s: got %d %s, want it inactive and no more", h.Name, a.Status, a.Body)
		}
	}
}

// mustRefuse presents a hostile token as a bearer's.
func (w world) mustRefuse(t *testing.T, h contract.HostileToken) {
	t.Helper()
	want, challenge := "token_invalid", `Bearer realm="wxlogin", error="invalid_token", error_description="token_invalid"`
	if h.Token == "" {
		want, challenge = "token_missing", `Bearer realm="wxlogin"`
	}
	var bodies []string
	for _, path := range []string{"/v1/me", "/v1/verify"} {
		a := w.Get(path, "", testkit.With("Authorization", "Bearer "+h.Token), testkit.With("X-Request-Id", "the-same-one"))
		if a.Err != nil && strings.ContainsAny(h.Token, "\r\n\x00") {
			return // no header can hold it
		}
		wantStatus(t, path+" with "+h.Name, a, 401, want)
		if got := a.Header.Get("WWW-Authenticate"); got != challenge {
			t.Errorf("%s with %s: got WWW-Authenticate %q, want %q", path, h.Name, got, challenge)
		}
		bodies = append(bodies, string(a.Body))
	}
	if bodies[0] != bodies[1] {
		t.Errorf("%s: got %s and %s, want them equal", h.Name, bodies[0], bodies[1])
	}
}

// kid is that of the only key in a JWKS.
func kid(t *testing.T, jwks []byte) string {
	t.Helper()
	var set struct{ Keys []struct{ Kid string } }
	if err := json.Unmarshal(jwks, &set); err != nil || len(set.Keys) != 1 {
		t.Fatalf("got %s (%v), want one key", jwks, err)
	}
	return set.Keys[0].Kid
}

func active(a testkit.Answer) bool {
	var what struct{ Active bool }
	return json.Unmarshal(a.Body, &what) == nil && what.Active
}
