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
)

// publicAlgorithms are those whose tokens others can check.
var publicAlgorithms = []string{"ES256", "EdDSA", "RS256"}

func TestAnotherLibraryVerifiesOurTokensWithOurKeySet(t *testing.T) {
	for _, alg := range publicAlgorithms {
		t.Run(alg, func(t *testing.T) {
			w := newWorld(t, alg)
			var set jose.JSONWebKeySet
			if err := json.Unmarshal(w.Keys.JWKS(), &set); err != nil {
				t.Fatalf("got %v, want a key set", err)
			}
			token, err := w.Issuer.IssueAccessToken(t.Context(), w.Forger.Caller, w.Forger.Now, w.Forger.Now.Add(time.Minute))
			if err != nil {
				t.Fatalf("IssueAccessToken: got %v, want no error", err)
			}
			parsed, err := jwt.ParseSigned(token.Reveal(), []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
			if err != nil {
				t.Fatalf("ParseSigned: got %v, want no error", err)
			}
			var claims jwt.Claims
			if err := parsed.Claims(&set, &claims); err != nil {
				t.Fatalf("Claims: got %v, want a signature of a key in the set", err)
			}
			want := jwt.Expected{Issuer: "https://login.example.com", AnyAudience: jwt.Audience{"wxlogin"}, Subject: string(w.Forger.Caller.UserID), Time: w.Forger.Now}
			if err := claims.ValidateWithLeeway(want, time.Second); err != nil {
				t.Errorf("Validate: got %v, want no error", err)
			}
		})
	}
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
	if got := string(newWorld(t, "HS256").Keys.JWKS()); got != `{"keys":[]}` {
		t.Errorf("got %s, want an empty set", got)
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
