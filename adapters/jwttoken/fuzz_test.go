package jwttoken_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"wxlogin/domain"
	"wxlogin/test/contract"
)

// No text makes the verifier panic, and none verifies but those that say, under
// their signature, exactly what a genuine one says.
func FuzzVerifyAccessToken(f *testing.F) {
	genuine := map[string]bool{}
	var worlds []contract.TokenWorld
	for _, alg := range []string{"ES256", "EdDSA", "HS256"} {
		w := newWorld(f, alg)
		token, err := w.Issuer.IssueAccessToken(f.Context(), w.Forger.Caller, w.Forger.Now, w.Forger.Now.AddDate(1, 0, 0))
		if err != nil {
			f.Fatalf("IssueAccessToken: got %v, want no error", err)
		}
		text := token.Reveal()
		genuine[text[:strings.LastIndex(text, ".")]] = true
		f.Add(text)
		worlds = append(worlds, w)
	}
	for i, hostile := range contract.HostileTokens(f, worlds[0].Forger) {
		if i%5 == 0 && len(hostile.Token) < 2000 {
			f.Add(hostile.Token)
		}
	}
	f.Fuzz(func(t *testing.T, token string) {
		for _, w := range worlds {
			_, err := w.Verifier.VerifyAccessToken(t.Context(), domain.NewSecret(token), w.Forger.Now)
			if err == nil && !genuine[token[:strings.LastIndex(token, ".")]] {
				t.Errorf("got %q verified, want it refused", token)
			}
		}
	})
}

// What the verifier reads in claims is what encoding/json reads: it may refuse
// more, and never understands otherwise.
func FuzzSignedClaims(f *testing.F) {
	w := newWorld(f, "HS256")
	good := w.Forger.Payload()
	for _, claims := range []string{
		good, good[:len(good)-1] + `,"sub":"x"}`, good[:len(good)-1] + `,"x":[{"sub":"y"},"}"]}`, " {} ", "[]", `{"\u0073ub":"x"}`,
		strings.Replace(good, `"aud":"wxlogin"`, `"aud":["a","wxlogin"]`, 1), strings.Replace(good, `"sub":"`, `"sub":"\"\\\ud83d\ude00`, 1),
	} {
		f.Add(claims)
	}
	f.Fuzz(func(t *testing.T, claims string) {
		token := w.Forger.Sign(t, claims)
		got, err := w.Verifier.VerifyAccessToken(t.Context(), domain.NewSecret(token), w.Forger.Now)
		if err != nil {
			return
		}
		var want map[string]any
		if err := json.Unmarshal([]byte(claims), &want); err != nil || !utf8.ValidString(claims) {
			t.Fatalf("got %q accepted, want it refused: %v", claims, err)
		}
		if want["sub"] != string(got.UserID) || want["sid"] != string(got.SessionID) || want["client_id"] != string(got.AppID) {
			t.Errorf("got %+v of %q, want what it says", got, claims)
		}
		audience, _ := want["aud"].([]any)
		exp, _ := want["exp"].(float64)
		if want["iss"] != "https://login.example.com" || int64(exp) <= w.Forger.Now.Unix()-30 ||
			(want["aud"] != "wxlogin" && !slices.Contains(audience, any("wxlogin"))) || want["jti"] == nil || want["iat"] == nil {
			t.Errorf("got %q accepted, want it refused", claims)
		}
	})
}
