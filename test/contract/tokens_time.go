package contract

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"wxlogin/domain"
)

func verifiedTokenTells(t *testing.T, w TokenWorld) {
	from := w.Forger.Now.Truncate(time.Second).In(time.FixedZone("UTC+8", 8*60*60))
	token, err := w.Issuer.IssueAccessToken(t.Context(), w.Forger.Caller, from.Add(700*time.Millisecond), from.Add(90*time.Second+200*time.Millisecond))
	if err != nil {
		t.Fatalf("IssueAccessToken: got %v, want no error", err)
	}
	id, _ := decode(t, token.Reveal(), 1)["jti"].(string)
	want := domain.AccessToken{Caller: w.Forger.Caller, ID: id, IssuedAt: from, ExpiresAt: from.Add(90 * time.Second)}
	for _, ask := range []string{"first", "again"} {
		got, err := w.Verifier.VerifyAccessToken(t.Context(), token, w.Forger.Now)
		if err != nil {
			t.Fatalf("VerifyAccessToken: got %v, want no error", err)
		}
		wantEqual(t, "what the token says, asked "+ask, got, want)
		if got.IssuedAt.Location() != time.UTC || got.ExpiresAt.Location() != time.UTC {
			t.Errorf("asked %s: got %v and %v, want times in UTC", ask, got.IssuedAt, got.ExpiresAt)
		}
	}
}

func tokenExpires(t *testing.T, w TokenWorld) {
	token := w.issue(t)
	end := w.Forger.Now.Truncate(time.Second).Add(15 * time.Minute)
	w.wantLive(t, "before its end", token, end.Add(-time.Second))
	w.wantLive(t, "at its end", token, end)
	w.wantLive(t, "1 s before the leeway ends", token, end.Add(leeway-time.Second))
	w.wantRefused(t, token, end.Add(leeway), domain.ErrTokenExpired)
	w.wantRefused(t, token, end.Add(leeway+time.Second), domain.ErrTokenExpired)
	w.wantRefused(t, token, end.AddDate(1, 0, 0), domain.ErrTokenExpired)
}

func tokenFromAhead(t *testing.T, w TokenWorld) {
	token := w.issue(t)
	from := w.Forger.Now.Truncate(time.Second)
	w.wantLive(t, "30 s ahead", token, from.Add(-leeway))
	w.wantRefused(t, token, from.Add(-leeway-time.Second), domain.ErrTokenInvalid)
	w.wantRefused(t, token, from.AddDate(-1, 0, 0), domain.ErrTokenInvalid)
	for ahead, live := range map[time.Duration]bool{leeway: true, leeway + time.Second: false} {
		claims := w.Forger.claims().with("nbf", from.Add(ahead).Unix())
		token := w.Forger.token(t, w.Forger.header().text(), claims)
		if live {
			w.wantLive(t, "nbf within the leeway", token, from)
		} else {
			w.wantRefused(t, token, from, domain.ErrTokenInvalid)
		}
	}
}

func expiredAndWrong(t *testing.T, w TokenWorld) {
	f := w.Forger
	late := f.Now.Add(time.Hour)
	w.wantRefused(t, f.good(t), late, domain.ErrTokenExpired)
	for name, value := range map[string]any{"iss": "https://evil.example", "aud": "another", "sub": "", "sid": nil, "nbf": late.Unix() + 3600} {
		w.wantRefused(t, f.token(t, f.header().text(), f.claims().with(name, value)), late, domain.ErrTokenInvalid)
	}
	w.wantRefused(t, f.token(t, f.header().with("typ", "JWT"), f.claims().text()), late, domain.ErrTokenInvalid)
	w.wantRefused(t, f.good(t)+"A", late, domain.ErrTokenInvalid)
}

// forgeryWorks is what makes hostileTokensAreInvalid say something.
func forgeryWorks(t *testing.T, w TokenWorld) {
	w.wantLive(t, "a forged token", w.Forger.good(t), w.Forger.Now)
}

func typSpellings(t *testing.T, w TokenWorld) {
	for _, typ := range []string{"at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"} {
		w.wantLive(t, typ, w.Forger.token(t, w.Forger.header().with("typ", typ), w.Forger.claims().text()), w.Forger.Now)
	}
}

func harmlessClaims(t *testing.T, w TokenWorld) {
	f := w.Forger
	for what, claims := range map[string]string{
		"several audiences": f.claims().with("aud", []string{"another", f.Audience}),
		"one in an array":   f.claims().with("aud", []string{f.Audience}),
		"a past nbf":        f.claims().with("nbf", f.Now.Unix()-60),
		"an unknown text":   f.claims().with("scope", `a "quoted" \ {[,:]} text`),
		"unknown structure": f.claims().with("cnf", json.RawMessage(`{"a":[1,{"exp":1,"sub":"x"}],"b":"}"}`)),
		"another case":      f.claims().with("SUB", "another"),
		"blanks":            strings.NewReplacer(`,"`, " ,\n \"", `":`, "\"\t: ").Replace(" " + f.claims().text() + "\r\n"),
		"an escaped text":   strings.Replace(f.claims().text(), `"iss":"h`, `"iss":"\u0068`, 1),
	} {
		w.wantLive(t, what, f.token(t, f.header().text(), claims), f.Now)
	}
}

func everyCharacterCounts(t *testing.T, w TokenWorld) {
	token := w.issue(t)
	for i := range token {
		other := byte('A')
		if token[i] == other {
			other = 'B'
		}
		w.wantRefused(t, token[:i]+string(other)+token[i+1:], w.Forger.Now, domain.ErrTokenInvalid)
	}
}

// hostileTokensAreInvalid before the verifier saw any good token, and after.
func hostileTokensAreInvalid(t *testing.T, w TokenWorld) {
	w.Forger.JWKS = w.Keys.JWKS()
	all := HostileTokens(t, w.Forger)
	for _, round := range []string{"", " after good ones"} {
		for _, hostile := range all {
			t.Run(hostile.Name+round, func(t *testing.T) {
				w.wantRefused(t, hostile.Token, w.Forger.Now, domain.ErrTokenInvalid)
			})
		}
		w.wantLive(t, "a forged token", w.Forger.good(t), w.Forger.Now)
		w.wantLive(t, "a new token", w.issue(t), w.Forger.Now)
	}
}

func keysArePublic(t *testing.T, w TokenWorld) {
	var set map[string][]map[string]string
	if err := json.Unmarshal(w.Keys.JWKS(), &set); err != nil || len(set) != 1 || set["keys"] == nil {
		t.Fatalf("got %s (%v), want a set of keys and no more", w.Keys.JWKS(), err)
	}
	public := []string{"kty", "crv", "x", "y", "n", "e", "use", "alg", "kid"}
	var ids []string
	for _, key := range set["keys"] {
		ids = append(ids, key["kid"])
		if key["use"] != "sig" || key["alg"] == "" || key["kty"] == "" || key["kty"] == "oct" {
			t.Errorf("got %v, want a public key for signatures", key)
		}
		for name := range key {
			if !slices.Contains(public, name) {
				t.Errorf("got a key with %q, want public members only", name)
			}
		}
	}
	if shared := w.Forger.Alg == "HS256"; slices.Contains(ids, w.Forger.KeyID) == shared {
		t.Errorf("got the keys %q, want %s in it: %t", ids, w.Forger.KeyID, !shared)
	}
}
