package integration

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"wxlogin/adapters/jwttoken"
	"wxlogin/test/testkit"
)

// directory reads the service's keys as an operator's command does.
func (w world) directory(t *testing.T) *jwttoken.KeyDirectory {
	t.Helper()
	d, err := jwttoken.ReadKeyDirectory(w.cfg.Tokens.KeysDir, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// signer is the kid of the key that signed an access token.
func signer(token string) string {
	first, _, _ := strings.Cut(token, ".")
	text, _ := base64.RawURLEncoding.DecodeString(first) // what is no token has no kid
	var header struct{ Kid string }
	_ = json.Unmarshal(text, &header)
	return header.Kid
}

// verifiers are clients that log in and check tokens, new and old, on every
// replica, until they are stopped.
type verifiers struct {
	replicas []world
	stop     chan struct{}
	all      sync.WaitGroup

	mu     sync.Mutex
	tokens []testkit.Login
	byKey  map[string]int // tokens by the key that signed them
	good   int
	bad    []string
}

func verify(replicas []world) *verifiers {
	v := &verifiers{replicas: replicas, stop: make(chan struct{}), byKey: map[string]int{}}
	for n := range 3 {
		v.all.Go(func() { v.work(n) })
	}
	return v
}

func (v *verifiers) work(n int) {
	for i := 0; ; i++ {
		select {
		case <-v.stop:
			return
		default:
		}
		w := v.replicas[i%len(v.replicas)]
		code, err := w.wechat.Code("", fmt.Sprint("person-", n))
		a := w.Post("/v1/login", map[string]any{"code": code})
		var login testkit.Login
		if err != nil || a.Status != http.StatusOK || json.Unmarshal(a.Body, &login) != nil {
			v.note(fmt.Sprintf("login: %d %s %v", a.Status, a.Body, a.Err))
			continue
		}
		old := v.add(login)
		for _, w := range v.replicas {
			for _, token := range []string{login.AccessToken, old.AccessToken} {
				if a := w.Get("/v1/verify", token); a.Status != http.StatusOK {
					v.note(fmt.Sprintf("verify a token of key %s: %d %s %v", signer(token), a.Status, a.Body, a.Err))
					continue
				}
				v.note("")
			}
		}
	}
}

// add keeps a login and returns any one.
func (v *verifiers) add(login testkit.Login) testkit.Login {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.byKey[signer(login.AccessToken)]++
	v.tokens = append(v.tokens, login)
	return v.tokens[rand.IntN(len(v.tokens))]
}

func (v *verifiers) note(fault string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if fault == "" {
		v.good++
		return
	}
	v.bad = append(v.bad, fault)
}

// keys is how many keys have signed so far.
func (v *verifiers) keys() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.byKey)
}

func TestF27_KeysRotateUnderLoadWithoutOneFailedVerification(t *testing.T) { // T-31, R-TOK-7
	w := inMemory(t)
	replicas := []world{w, w.beside(t)} // of the memory store each has its own; the keys are shared
	v := verify(replicas)
	eventually(t, "tokens of the first key", 10*time.Second, func() bool { return v.keys() == 1 })
	for n := 2; n <= 3; n++ {
		if made, _, err := w.directory(t).Rotate("ES256", 3*time.Second, time.Hour); err != nil || !made {
			t.Fatalf("Rotate: got %v and %v, want another key", made, err)
		}
		eventually(t, "tokens of the next key", 15*time.Second, func() bool { return v.keys() == n })
	}
	close(v.stop)
	v.all.Wait()
	if len(v.bad) != 0 || v.good < 100 {
		t.Errorf("got %d good and %d failed verifications, the first %v; want no failed one", v.good, len(v.bad), v.bad[:min(3, len(v.bad))])
	}
	t.Logf("%d verifications, of tokens by key %v", v.good, v.byKey)
	mustOutliveTheKey(t, replicas, v.tokens)
}

// mustOutliveTheKey removes the key that signs, in an emergency: its tokens are
// refused everywhere, those of other keys are not, and refreshing recovers.
func mustOutliveTheKey(t *testing.T, replicas []world, logins []testkit.Login) {
	t.Helper()
	first, last := logins[0], replicas[0].login(t, "alice")
	lost := signer(last.AccessToken)
	if removed, err := replicas[0].directory(t).Remove(lost); err != nil || len(removed) != 1 {
		t.Fatalf("Remove: got %v and %v, want one file", removed, err)
	}
	for _, w := range replicas {
		eventually(t, "tokens of the removed key are refused", 5*time.Second, func() bool { return w.Get("/v1/verify", last.AccessToken).Code() == "token_invalid" })
		wantStatus(t, "verify a token of another key", w.Get("/v1/verify", first.AccessToken), 200, "")
		if body := w.Get("/.well-known/jwks.json", "").Body; strings.Contains(string(body), lost) {
			t.Errorf("JWKS: got %s, want the removed key gone", body)
		}
	}
	var fresh struct{ AccessToken string }
	if err := json.Unmarshal(replicas[0].refresh(last.RefreshToken).Body, &fresh); err != nil || signer(fresh.AccessToken) == lost {
		t.Fatalf("refresh: got a token of key %s (%v), want another key's", signer(fresh.AccessToken), err)
	}
	for _, w := range replicas {
		wantStatus(t, "verify the refreshed token", w.Get("/v1/verify", fresh.AccessToken), 200, "")
	}
}
