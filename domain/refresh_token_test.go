package domain_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wxlogin/domain"
)

// alphabet is that of unpadded base64url.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// anyRandom draws what ports.Entropy gives for a token.
func anyRandom(t *rapid.T, label string) string {
	raw := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, label)
	return base64.RawURLEncoding.EncodeToString(raw)
}

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func TestRTOK1_RefreshTokenIs256RandomBitsBehindAPrefix(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := anyRandom(t, "random")
		token := domain.NewRefreshToken(domain.NewSecret(random))
		if got := token.Secret().Reveal(); got != "wxr_"+random {
			t.Fatalf("got %s, want wxr_%s", got, random)
		}
		if got := string(token.Hash()); got != hashed("wxr_"+random) {
			t.Fatalf("hash: got %s, want the SHA-256 of the whole token", got)
		}
		if got := string(token.Family()); got != hashed("wxr_"+random[:16]) {
			t.Fatalf("family: got %s, want the SHA-256 of the prefix and 16 characters", got)
		}
		again, ok := domain.ParseRefreshToken(token.Secret())
		if !ok || again.Hash() != token.Hash() || again.Family() != token.Family() {
			t.Fatalf("parsed again: got %v and another token, want the same", ok)
		}
	})
}

func TestChildIsAsLongAsItsParentAndShares96Bits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first, fresh := anyRandom(t, "first"), anyRandom(t, "fresh")
		parent := domain.NewRefreshToken(domain.NewSecret(first))
		child := parent.Child(domain.NewSecret(fresh))
		if got, want := child.Secret().Reveal(), "wxr_"+first[:16]+fresh[16:]; got != want {
			t.Fatalf("got %s, want %s: the family's 96 bits and 160 new ones", got, want)
		}
		raw, err := base64.RawURLEncoding.Strict().DecodeString(child.Secret().Reveal()[4:])
		if err != nil || len(raw) != 32 {
			t.Fatalf("got %d bytes and %v, want 32 in strict base64url", len(raw), err)
		}
		if child.Family() != parent.Family() {
			t.Fatalf("got another family than the parent's")
		}
		if same := first[16:] == fresh[16:]; (child.Hash() == parent.Hash()) != same {
			t.Fatalf("hashes of parent and child: got equal %v, want %v", !same, same)
		}
	})
}

func TestAllDescendantsAreOneFamilyAndNoTwoAreAlike(t *testing.T) {
	token := domain.NewRefreshToken(domain.NewSecret(strings.Repeat("A", 43)))
	family, seen := token.Family(), map[domain.RefreshHash]bool{}
	for i := range 100 {
		if token.Family() != family || seen[token.Hash()] {
			t.Fatalf("generation %d: got family equal %v, hash seen %v; want true, false", i, token.Family() == family, seen[token.Hash()])
		}
		seen[token.Hash()] = true
		token = token.Child(domain.NewSecret(fmt.Sprintf("%042dA", i)))
	}
}

func TestOneRandomCharacterMakesAnotherFamily(t *testing.T) {
	random := strings.Repeat("A", 43)
	token := domain.NewRefreshToken(domain.NewSecret(random))
	for i := range random {
		other := domain.NewRefreshToken(domain.NewSecret(random[:i] + "B" + random[i+1:]))
		if same := other.Family() == token.Family(); same != (i >= 16) {
			t.Errorf("character %d changed: got the same family %v, want %v", i, same, i >= 16)
		}
		if other.Hash() == token.Hash() {
			t.Errorf("character %d changed: got the same hash", i)
		}
	}
}

func TestOnlyTheFormOfARefreshTokenIsParsed(t *testing.T) {
	good := "wxr_" + alphabet[21:]
	if _, ok := domain.ParseRefreshToken(domain.NewSecret(good)); !ok || len(good) != 47 {
		t.Fatalf("got %v for %s, want it parsed", ok, good)
	}
	bad := map[string]string{
		"nothing": "", "the prefix alone": "wxr_", "a character short": good[:46], "a character long": good + "A",
		"no prefix": good[4:], "43 characters alone, prefix lost": alphabet[:47], "another prefix": "wxa_" + good[4:],
		"the prefix in capitals": "WXR_" + good[4:], "a blank before": " " + good[:46], "a line break after": good[:46] + "\n",
		"padding": good[:46] + "=", "standard base64 plus": good[:46] + "+", "standard base64 slash": good[:46] + "/",
		"a bad character in the middle": good[:20] + "." + good[21:], "a bad character first": "wxr_." + good[5:],
		"a zero byte": good[:30] + "\x00" + good[31:], "no UTF-8": good[:30] + "\xff" + good[31:],
		"a wide character": good[:44] + "é" + "A", "an access token": "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.AAAA",
		"an operator": `{"$ne":null}`, "very long": "wxr_" + strings.Repeat("A", 1<<20),
	}
	for name, give := range bad {
		if token, ok := domain.ParseRefreshToken(domain.NewSecret(give)); ok || !token.Secret().Empty() {
			t.Errorf("%s: got it parsed (%v) or kept, want neither", name, ok)
		}
	}
	if _, ok := domain.ParseRefreshToken(domain.Secret{}); ok {
		t.Error("no secret: got it parsed")
	}
}

func TestRefreshTokenIsNotPrintedByAnyVerb(t *testing.T) {
	const random = "0123456789abcdefGHIJKLMNOPQRSTUVWXYZ-_01234"
	token := domain.NewRefreshToken(domain.NewSecret(random))
	values := map[string]any{
		"a token": token, "a pointer": &token, "a list": []domain.RefreshToken{token},
		"a struct": struct{ hidden, Shown domain.RefreshToken }{token, token}, "a map": map[string]domain.RefreshToken{"k": token},
	}
	for name, value := range values {
		texts := []string{fmt.Sprint(value)}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o", "%t", "%p"} {
			texts = append(texts, fmt.Sprintf(verb, value))
		}
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatalf("%s: Marshal: got %v, want no error", name, err)
		}
		for _, text := range append(texts, string(text)) {
			for _, part := range []string{"wxr_", random, random[:8], random[35:], fmt.Sprintf("%x", random[:8]), fmt.Sprintf("%X", random[35:])} {
				if strings.Contains(text, part) {
					t.Errorf("%s: got %s, want nothing of the token", name, text)
				}
			}
		}
	}
}
