package contract

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// leeway is how far the port lets clocks differ.
const leeway = 30 * time.Second

// TokenWorld is a token service, and what it takes to forge for it.
type TokenWorld struct {
	Issuer   ports.AccessTokenIssuer
	Verifier ports.AccessTokenVerifier
	Keys     ports.VerificationKeys
	Forger   Forger
}

// AccessTokens holds a token service to ports.AccessTokenIssuer,
// AccessTokenVerifier and VerificationKeys. It calls fresh once for each case,
// and for one case twice: each world has keys of its own.
func AccessTokens(t *testing.T, fresh func(*testing.T) TokenWorld) {
	cases := []struct {
		claim string
		check func(*testing.T, TokenWorld)
	}{
		{"a token speaks for the caller it was issued for", tokenSpeaksForCaller},
		{"a token is a JWT of RFC 9068 with these names and no others", tokenHoldsNoMore},
		{"a token is shorter than 600 bytes, an RSA signature aside", tokenIsShort},
		{"times are kept to the second", tokenTimes},
		{"a verified token tells its id, and its times in UTC", verifiedTokenTells},
		{"no two tokens are equal, made in parallel or not", tokensDiffer},
		{"a token lives until 30 s past its end, and is then expired", tokenExpires},
		{"a token from up to 30 s ahead is live, and one from further is invalid", tokenFromAhead},
		{"a token that is over and wrong besides is invalid", expiredAndWrong},
		{"a forged token with nothing wrong is live", forgeryWorks},
		{"typ has two spellings, in any case", typSpellings},
		{"an audience among others, an unknown claim and a past nbf are fine", harmlessClaims},
		{"a token with any one character changed is invalid", everyCharacterCounts},
		{"every hostile token is invalid, and nothing more is said", hostileTokensAreInvalid},
		{"the published keys are public ones, each with use, alg and kid", keysArePublic},
	}
	for _, tt := range cases {
		t.Run(tt.claim, func(t *testing.T) { tt.check(t, fresh(t)) })
	}
	t.Run("another service's token is invalid", func(t *testing.T) {
		w, other := fresh(t), fresh(t)
		w.wantRefused(t, other.issue(t), w.Forger.Now, domain.ErrTokenInvalid)
	})
}

func (w TokenWorld) issue(t *testing.T) string {
	t.Helper()
	token, err := w.Issuer.IssueAccessToken(t.Context(), w.Forger.Caller, w.Forger.Now, w.Forger.Now.Add(15*time.Minute))
	if err != nil {
		t.Fatalf("IssueAccessToken: got %v, want no error", err)
	}
	return token.Reveal()
}

// wantLive asks twice, as wantRefused does: a verifier may remember a token, and
// must not answer otherwise for it.
func (w TokenWorld) wantLive(t *testing.T, what, token string, now time.Time) {
	t.Helper()
	for _, ask := range []string{"", ", asked again"} {
		got, err := w.Verifier.VerifyAccessToken(t.Context(), domain.NewSecret(token), now)
		if err != nil {
			t.Errorf("%s%s: got %v, want no error", what, ask, err)
			continue
		}
		wantEqual(t, what+ask+": the caller", got.Caller, w.Forger.Caller)
	}
}

// wantRefused also wants an error that tells nothing of what was presented.
func (w TokenWorld) wantRefused(t *testing.T, token string, now time.Time, want error) {
	t.Helper()
	for _, ask := range []string{"first", "again"} {
		got, err := w.Verifier.VerifyAccessToken(t.Context(), domain.NewSecret(token), now)
		if !errors.Is(err, want) {
			t.Fatalf("asked %s: got %v, want %v", ask, err, want)
		}
		if errors.Is(want, domain.ErrTokenInvalid) && errors.Is(err, domain.ErrTokenExpired) {
			t.Errorf("asked %s: got %v, want it to be invalid alone", ask, err)
		}
		wantEqual(t, "what a refused token says, asked "+ask, got, domain.AccessToken{})
		for segment := range strings.SplitSeq(token, ".") {
			if len(segment) > 8 && strings.Contains(err.Error(), segment[:8]) {
				t.Errorf("asked %s: got an error with text of the token: %v", ask, err)
			}
		}
	}
}

func tokenSpeaksForCaller(t *testing.T, w TokenWorld) {
	w.wantLive(t, "a new token", w.issue(t), w.Forger.Now)
}

func decode(t *testing.T, token string, i int) map[string]any {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[i])
	if err != nil {
		t.Fatalf("segment %d: got %v, want base64url", i, err)
	}
	var o map[string]any
	if err := json.Unmarshal(raw, &o); err != nil {
		t.Fatalf("segment %d: got %v, want JSON", i, err)
	}
	return o
}

func tokenHoldsNoMore(t *testing.T, w TokenWorld) {
	token := w.issue(t)
	header, claims := decode(t, token, 0), decode(t, token, 1)
	want := map[string]any{"typ": "at+jwt", "alg": w.Forger.Alg, "kid": w.Forger.KeyID}
	wantEqual(t, "the header", header, want)
	wantEqual(t, "the claims' names", slices.Sorted(maps.Keys(claims)), slices.Sorted(slices.Values(required)))
	for name, want := range map[string]string{
		"iss": w.Forger.Issuer, "aud": w.Forger.Audience, "sub": string(w.Forger.Caller.UserID),
		"sid": string(w.Forger.Caller.SessionID), "client_id": string(w.Forger.Caller.AppID),
	} {
		wantEqual(t, name, claims[name], any(want))
	}
}

func tokenIsShort(t *testing.T, w TokenWorld) {
	const limit, es256 = 600, 87 // a dot and 64 bytes
	token := w.issue(t)
	if n := strings.LastIndex(token, "."); n >= limit-es256 {
		t.Errorf("got %d bytes before the signature, want less than %d", n, limit-es256)
	}
	if w.Forger.Alg != "RS256" && len(token) >= limit {
		t.Errorf("got %d bytes, want less than %d", len(token), limit)
	}
}

func tokenTimes(t *testing.T, w TokenWorld) {
	from := w.Forger.Now.Truncate(time.Second).Add(999 * time.Millisecond)
	token, err := w.Issuer.IssueAccessToken(t.Context(), w.Forger.Caller, from, from.Add(time.Minute))
	if err != nil {
		t.Fatalf("IssueAccessToken: got %v, want no error", err)
	}
	claims := decode(t, token.Reveal(), 1)
	wantEqual(t, "iat", claims["iat"], any(float64(from.Unix())))
	wantEqual(t, "exp", claims["exp"], any(float64(from.Unix()+60)))
}

func tokensDiffer(t *testing.T, w TokenWorld) {
	tokens := make([]string, 40)
	atOnce(len(tokens), func(i int) {
		token, err := w.Issuer.IssueAccessToken(t.Context(), w.Forger.Caller, w.Forger.Now, w.Forger.Now.Add(time.Minute))
		if _, refused := w.Verifier.VerifyAccessToken(t.Context(), token, w.Forger.Now); err != nil || refused != nil {
			t.Errorf("got %v and %v, want no errors", err, refused)
		}
		tokens[i] = token.Reveal()
	})
	ids := map[any]bool{}
	for _, token := range tokens {
		ids[decode(t, token, 1)["jti"]] = true
	}
	if len(ids) != len(tokens) {
		t.Errorf("got %d different jti in %d tokens, want as many", len(ids), len(tokens))
	}
}
