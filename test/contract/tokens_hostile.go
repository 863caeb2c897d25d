package contract

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// HostileToken is a token that must be refused, and why it is one.
type HostileToken struct {
	Name  string // begins with the requirement, R-JWT-1 to R-JWT-9
	Token string
}

// HostileTokens returns every way known here to get a token accepted that should
// not be: most are signed with f's own key, so that nothing but the fault that
// Name tells keeps them out. All are to be answered alike, as invalid; none is
// merely expired.
func HostileTokens(t testing.TB, f Forger) []HostileToken {
	t.Helper()
	all := slices.Concat(
		f.hostileAlgorithms(t), f.hostileSignatures(t), f.hostileKeyIDs(t), f.hostileTypes(t), f.hostileHeaders(t),
		f.hostileForms(t), f.hostileClaims(t), f.hostileAudiences(t), f.hostileTimes(t), f.hostileJSON(t),
	)
	slices.SortFunc(all, func(a, b HostileToken) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// strangerRSA is made once: it takes its time.
var strangerRSA = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// strangers are keys of nobody's, by algorithm.
func strangers(t testing.TB) map[string]any {
	t.Helper()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatalf("ecdsa.GenerateKey: got %v, want no error", err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatalf("ed25519.GenerateKey: got %v, want no error", err)
	}
	rs, err := strangerRSA()
	if err != nil {
		t.Fatalf("rsa.GenerateKey: got %v, want no error", err)
	}
	return map[string]any{"ES256": ec, "EdDSA": ed, "RS256": rs, "HS256": []byte(rand.Text() + rand.Text())}
}

// publicTexts are the spellings of f's public key, which everybody knows. There
// are none of a shared secret.
func (f Forger) publicTexts(t testing.TB) map[string][]byte {
	t.Helper()
	private, ok := f.Key.(crypto.Signer)
	if !ok {
		return nil
	}
	der, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		t.Fatalf("MarshalPKIXPublicKey: got %v, want no error", err)
	}
	var set struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(f.JWKS, &set); err != nil && f.JWKS != nil {
		t.Fatalf("JWKS: got %v, want JSON", err)
	}
	texts := map[string][]byte{
		"DER": der, "PEM": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), "key set": f.JWKS, "nothing": {},
	}
	for i, key := range set.Keys {
		texts[fmt.Sprintf("JWK %d", i)] = key
	}
	return texts
}

func (f Forger) hostileAlgorithms(t testing.TB) (all []HostileToken) {
	claims := f.claims().text()
	for _, alg := range []any{"none", "None", "nOnE", "ES384", "PS256", "HS512", "", nil, 256, true, []string{f.Alg},
		strings.ToLower(f.Alg), f.Alg + " ", f.Alg + "\x00"} {
		header := f.header().with("alg", alg)
		all = append(all,
			HostileToken{fmt.Sprintf("R-JWT-1 alg %#v", alg), f.token(t, header, claims)},
			HostileToken{fmt.Sprintf("R-JWT-1 alg %#v, unsigned", alg), segment(header) + "." + segment(claims) + "."})
	}
	for alg, key := range strangers(t) {
		stranger := f
		stranger.Key = key
		all = append(all,
			HostileToken{"R-JWT-1 a stranger's " + alg + " key under our kid", stranger.token(t, f.header().with("alg", alg), claims)},
			HostileToken{"R-JWT-1 a stranger's " + alg + " signature as ours", stranger.token(t, f.header().text(), claims)})
	}
	for spelling, secret := range f.publicTexts(t) {
		confused := f
		confused.Key = secret
		all = append(all, HostileToken{"R-JWT-1 HS256 with the public key's " + spelling, confused.token(t, f.header().with("alg", "HS256"), claims)})
	}
	return append(all, HostileToken{"R-JWT-1 no alg", f.token(t, f.header().without("alg"), claims)})
}

func (f Forger) hostileSignatures(t testing.TB) []HostileToken {
	good := f.good(t)
	text := good[:strings.LastIndex(good, ".")]
	raw := sign(t, f.Key, text)
	other := sign(t, f.Key, text+" ")
	all := []HostileToken{
		{"R-JWT-1 no signature", text + "."},
		{"R-JWT-1 the signature of another token", text + "." + segment(other)},
		{"R-JWT-1 a signature cut short", text + "." + segment(raw[:len(raw)-1])},
		{"R-JWT-1 a signature with a byte more", text + "." + segment(raw+"\x00")},
		{"R-JWT-1 a signature with a byte before", text + "." + segment("\x00"+raw)},
		{"R-JWT-1 a signature of zeros", text + "." + segment(strings.Repeat("\x00", len(raw)))},
		{"R-JWT-1 other claims under a good signature", segment(f.header().text()) + "." + segment(f.claims().with("sub", "another")) + "." + segment(raw)},
		{"R-JWT-1 another header under a good signature", segment(f.header().with("typ", "AT+JWT")) + "." + segment(f.claims().text()) + "." + segment(raw)},
	}
	if k, ok := f.Key.(*ecdsa.PrivateKey); ok {
		digest := sha256.Sum256([]byte(text))
		der, err := ecdsa.SignASN1(rand.Reader, k, digest[:])
		if err != nil {
			t.Fatalf("SignASN1: got %v, want no error", err)
		}
		all = append(all, HostileToken{"R-JWT-1 a signature in ASN.1", text + "." + segment(string(der))})
	}
	return all
}

func (f Forger) hostileKeyIDs(t testing.TB) (all []HostileToken) {
	claims := f.claims().text()
	for _, kid := range []any{"", "unknown", "../../dev/null", "' OR 1=1", "*", f.KeyID + " ", f.KeyID + "\x00", f.KeyID[1:],
		strings.Repeat("k", 5000), strings.Repeat("k", 10_000), 7, nil, true, []string{f.KeyID}, object{"kid": f.KeyID}} {
		all = append(all, HostileToken{fmt.Sprintf("R-JWT-2 kid %.40v", kid), f.token(t, f.header().with("kid", kid), claims)})
	}
	return append(all, HostileToken{"R-JWT-2 no kid", f.token(t, f.header().without("kid"), claims)})
}

func (f Forger) hostileTypes(t testing.TB) (all []HostileToken) {
	claims := f.claims().text()
	for _, typ := range []any{"JWT", "rt+jwt", "jwt", "at+jwt ", " at+jwt", "at+jwt;v=1", "application/jwt", "text/at+jwt", "application/application/at+jwt",
		"a\u0442+jwt", "", nil, 1, []string{"at+jwt"}} {
		all = append(all, HostileToken{fmt.Sprintf("R-JWT-3 typ %#v", typ), f.token(t, f.header().with("typ", typ), claims)})
	}
	return append(all, HostileToken{"R-JWT-3 no typ", f.token(t, f.header().without("typ"), claims)})
}

func (f Forger) hostileHeaders(t testing.TB) (all []HostileToken) {
	claims := f.claims().text()
	key := json.RawMessage(`{"kty":"oct","k":"AAAA"}`)
	for _, member := range []struct {
		name  string
		value any
	}{
		{"crit", []string{"exp"}}, {"crit", []string{}}, {"crit", []string{"b64"}}, {"crit", nil}, {"b64", false}, {"b64", true}, {"zip", "DEF"},
		{"jku", f.Issuer + "/keys"}, {"jku", "https://evil.example/keys"}, {"x5u", "https://evil.example/cert"}, {"jwk", key},
		{"x5c", []string{base64.StdEncoding.EncodeToString([]byte("certificate"))}},
	} {
		header := f.header().with(member.name, member.value)
		all = append(all, HostileToken{fmt.Sprintf("R-JWT-4 %s %.40v", member.name, member.value), f.token(t, header, claims)})
	}
	for alg, private := range strangers(t) {
		stranger := f
		stranger.Key = private
		header := object{"alg": alg, "kid": f.KeyID, "typ": "at+jwt", "jwk": key, "jku": "https://evil.example/keys"}.text()
		all = append(all, HostileToken{"R-JWT-4 a stranger's " + alg + " key, brought along", stranger.token(t, header, claims)})
	}
	return all
}
