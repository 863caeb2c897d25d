package jwttoken_test

import (
	"crypto"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/jwttoken"
	"wxlogin/domain"
)

// publicAlgorithms are those whose tokens others can check.
var publicAlgorithms = []string{"ES256", "EdDSA", "RS256"}

func TestAnotherLibraryVerifiesOurTokensWithOurKeySet(t *testing.T) {
	for _, alg := range publicAlgorithms {
		t.Run(alg, func(t *testing.T) {
			dir := t.TempDir()
			generate(t, dir, alg, day)
			generate(t, dir, "HS256", day)
			r := newReplica(t, settings(dir, alg))
			if err := elsewhere(t, r.keys.JWKS(), alg, r.issue(t, day), day); err != nil {
				t.Errorf("got %v, want no error", err)
			}
		})
	}
}

// A backend fetches the key set, keeps it for five minutes, and meets tokens of
// every age: no step of a rotation shows it one that it cannot check.
func TestAnotherLibraryVerifiesOurTokensWhileKeysRotate(t *testing.T) {
	const cached, wait, keep = 5 * time.Minute, 10 * time.Minute, 30 * time.Minute
	for _, alg := range publicAlgorithms {
		dir := t.TempDir()
		first, kid := generate(t, dir, alg, day)
		touch(t, first, day)
		r := newReplica(t, settings(dir, alg))
		var tokens []domain.Secret
		set, kids := r.keys.JWKS(), map[string]bool{}
		for at := day; at.Before(day.Add(2 * time.Hour)); at = at.Add(cached) {
			tokens = append(tokens, r.issue(t, at)) // live for 20 minutes
			tokens = tokens[max(0, len(tokens)-4):]
			for i, token := range tokens {
				kids[kidOf(t, token)] = true
				if err := elsewhere(t, set, alg, token, at); err != nil {
					t.Errorf("%s after %v: token %d of %d: got %v, want no error", alg, at.Sub(day), i, len(tokens), err)
				}
			}
			set = r.keys.JWKS() // before the next change, so that it is old by then
			rotate(t, dir, alg, at, wait, keep)
			r.looks()
		}
		if len(kids) < 5 || files(t, dir)[filepath.Base(first)] {
			t.Errorf("%s: got %d keys that signed, and %s kept: %t, want several and the first gone", alg, len(kids), kid, files(t, dir)[filepath.Base(first)])
		}
	}
}

// elsewhere checks a token as a backend does that knows the key set alone.
func elsewhere(t *testing.T, keySet []byte, alg string, token domain.Secret, now time.Time) error {
	t.Helper()
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(keySet, &set); err != nil {
		t.Fatalf("got %v, want a key set", err)
	}
	parsed, err := jwt.ParseSigned(token.Reveal(), []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
	if err != nil {
		return err
	}
	var claims jwt.Claims
	if err := parsed.Claims(&set, &claims); err != nil {
		return err
	}
	want := jwt.Expected{Issuer: "https://login.example.com", AnyAudience: jwt.Audience{"wxlogin"}, Subject: string(somebody.UserID), Time: now}
	return claims.ValidateWithLeeway(want, time.Second)
}

func TestKidIsTheThumbprintAsAnotherLibraryTakesIt(t *testing.T) {
	for _, alg := range publicAlgorithms {
		var set jose.JSONWebKeySet
		if err := json.Unmarshal(newWorld(t, alg).Keys.JWKS(), &set); err != nil || len(set.Keys) != 1 {
			t.Fatalf("%s: got %v and %d keys, want one", alg, err, len(set.Keys))
		}
		k := set.Keys[0]
		sum, err := k.Thumbprint(crypto.SHA256)
		if err != nil {
			t.Fatalf("%s: got %v, want no error", alg, err)
		}
		if want := base64.RawURLEncoding.EncodeToString(sum); k.KeyID != want || !k.Valid() || !k.IsPublic() || k.Algorithm != alg || k.Use != "sig" {
			t.Errorf("%s: got %+v, want a valid public key with the kid %s", alg, k, want)
		}
	}
}

// The key and its thumbprint are the example of RFC 8037, appendix A.
func TestKidOfAPublishedExample(t *testing.T) {
	const private = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"
	der, err := base64.StdEncoding.DecodeString(private)
	if err != nil {
		t.Fatalf("got %v, want base64", err)
	}
	keys := jwttoken.NewVerificationKeys(load(t, settings(dirOf(t, block("PRIVATE KEY", der)), "EdDSA")))
	const want = `{"keys":[{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",` +
		`"use":"sig","alg":"EdDSA","kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"}]}`
	if diff := cmp.Diff(want, string(keys.JWKS())); diff != "" {
		t.Errorf("the key set differs (-want +got):\n%s", diff)
	}
}

func TestSharedSecretsAreNotPublished(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, "HS256", day)
	r := newReplica(t, settings(dir, "HS256"))
	generate(t, dir, "HS256", day.Add(time.Hour))
	for range 2 {
		if got := string(r.keys.JWKS()); got != `{"keys":[]}` {
			t.Errorf("got %s, want an empty set", got)
		}
		r.looks()
	}
}

func TestCallerMayChangeTheKeySetItGot(t *testing.T) {
	keys := newWorld(t, "ES256").Keys
	want := string(keys.JWKS())
	clear(keys.JWKS())
	if got := string(keys.JWKS()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// What others rely on in our tokens changes only with this file.
func TestNamesInATokenAreThoseOfTheGoldenFile(t *testing.T) {
	w := newWorld(t, "ES256")
	token, err := w.Issuer.IssueAccessToken(t.Context(), w.Forger.Caller, w.Forger.Now, w.Forger.Now.Add(time.Minute))
	if err != nil {
		t.Fatalf("IssueAccessToken: got %v, want no error", err)
	}
	var got strings.Builder
	for i, part := range []string{"header", "claims"} {
		var members map[string]any
		if err := json.Unmarshal([]byte(unbase64(t, strings.Split(token.Reveal(), ".")[i])), &members); err != nil {
			t.Fatalf("%s: got %v, want JSON", part, err)
		}
		for name, value := range members {
			members[name] = kind(value)
		}
		text, _ := json.MarshalIndent(map[string]any{part: members}, "", "  ")
		got.Write(append(text, '\n'))
	}
	want, err := os.ReadFile(filepath.Join("testdata", "token.golden"))
	if err != nil {
		t.Fatalf("ReadFile: got %v, want no error", err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("the token differs from its golden file (-want +got):\n%s", diff)
	}
}

func kind(value any) string {
	if _, ok := value.(float64); ok {
		return "number"
	}
	return "text"
}
