package bench

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/adapters/jwttoken"
	"wxlogin/adapters/system"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

// The service client that introspects.
const (
	shop       = "shop"
	shopSecret = "the-secret-of-the-shop"
)

// withClient makes the shop known to the service.
func withClient(cfg *config.Config) {
	hash := sha256.Sum256([]byte(shopSecret))
	cfg.Clients.All = []config.Client{{ID: shop, SecretHash: hex.EncodeToString(hash[:]), Apps: []domain.AppID{testkit.App(*cfg)}}}
}

// unseen makes access tokens that the server was never asked about.
func (w world) unseen(tb testing.TB, count int) []string {
	tb.Helper()
	keys, err := jwttoken.LoadKeys(w.cfg.Tokens)
	if err != nil {
		tb.Fatal(err)
	}
	ids, now := system.NewEntropy(), time.Now()
	issuer := jwttoken.NewAccessTokenIssuer(keys, w.cfg.Tokens, ids)
	made := make([]string, count)
	for i := range made {
		caller := domain.Caller{UserID: domain.UserID(ids.NewID()), SessionID: domain.SessionID(ids.NewID()), AppID: testkit.App(w.cfg)}
		token, err := issuer.IssueAccessToken(tb.Context(), caller, now, now.Add(time.Hour))
		if err != nil {
			tb.Fatal(err)
		}
		made[i] = token.Reveal()
	}
	return made
}

// checks are the ways to ask what a token is worth.
var checks = []struct {
	name  string
	check func(w world, token string) testkit.Answer
}{
	{"HTTPVerify", func(w world, token string) testkit.Answer { return w.Get("/v1/verify", token) }},
	{"HTTPIntrospect", func(w world, token string) testkit.Answer {
		return w.PostForm("/v1/token/introspect", url.Values{"token": {token}}, testkit.Basic(shop, shopSecret))
	}},
}

// BenchmarkCheck asks over HTTP what tokens are worth: always new ones, and a
// thousand again and again. The bare server makes no difference.
func BenchmarkCheck(b *testing.B) {
	for _, c := range checks {
		for _, server := range servers {
			b.Run(c.name+"/unseen/"+server.name, func(b *testing.B) { checkInParallel(b, c.check, server.start, b.N) })
			b.Run(c.name+"/known/"+server.name, func(b *testing.B) { checkInParallel(b, c.check, server.start, 1000) })
		}
	}
}

func checkInParallel(b *testing.B, check func(world, string) testkit.Answer, start func(testing.TB, config.Config) string, tokens int) {
	w := newWorld(b, stores[0].use, start)
	made := w.unseen(b, tokens)
	var n atomic.Int64
	inParallel(b, stores[0].phones, func() error { return answered(check(w, made[int(n.Add(1)-1)%tokens])) })
}

// TestServersSayTheSameOfAToken: what the bare server is spared is checking, not
// answering.
func TestServersSayTheSameOfAToken(t *testing.T) {
	for _, server := range servers {
		t.Run(server.name, func(t *testing.T) {
			w := newWorld(t, stores[0].use, server.start)
			token := w.unseen(t, 1)[0]
			verified, introspected := checks[0].check(w, token), checks[1].check(w, token)
			if err := answered(verified); err != nil || len(verified.Body) > 0 {
				t.Errorf("verify: got %q, %v, want nothing but headers", verified.Body, err)
			}
			for _, name := range []string{"X-User-Id", "X-Session-Id", "X-App-Id"} {
				if verified.Header.Get(name) == "" {
					t.Errorf("verify: got no %s", name)
				}
			}
			var said map[string]any
			if err := json.Unmarshal(introspected.Body, &said); err != nil || said["active"] != true {
				t.Fatalf("introspect: got %d %s %v, want an active token", introspected.Status, introspected.Body, introspected.Err)
			}
			for _, name := range []string{"sub", "client_id", "exp", "iat", "iss", "aud", "sid", "jti", "token_type"} {
				if said[name] == nil {
					t.Errorf("introspect: got %s, want %s in it", introspected.Body, name)
				}
			}
		})
	}
}
