package contract

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"wxlogin/config"
	"wxlogin/domain"
)

// Forger makes tokens by hand, with the key of the service under test and with
// no library for tokens: what such a library gets wrong must not cancel out.
type Forger struct {
	Alg      string
	KeyID    string
	Key      any    // *ecdsa.PrivateKey, ed25519.PrivateKey, *rsa.PrivateKey or an HMAC secret's []byte
	JWKS     []byte // as the service publishes it
	Issuer   string
	Audience string
	Caller   domain.Caller
	Now      time.Time
}

// NewForger takes the private key in the PEM file path, whose "kid" is kid, of a
// service with the settings cfg. Its tokens are of now, for somebody.
func NewForger(t testing.TB, path, kid string, cfg config.Tokens, now time.Time) Forger {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("ReadFile: got %v, want no error", err)
	}
	block, _ := pem.Decode(text)
	var key any = block.Bytes
	if block.Type == "PRIVATE KEY" {
		if key, err = x509.ParsePKCS8PrivateKey(block.Bytes); err != nil {
			t.Fatalf("ParsePKCS8PrivateKey: got %v, want no error", err)
		}
	}
	return Forger{
		Alg: cfg.Alg, KeyID: kid, Key: key, Issuer: cfg.Issuer, Audience: cfg.Audience, Now: now,
		Caller: domain.Caller{
			UserID:    "01890a5d-ac96-774b-bcce-b302099a8057",
			SessionID: "01890a5d-ac96-774b-bcce-b302099a8058",
			AppID:     "wx0123456789abcdef",
		},
	}
}

// object is a JSON object to make variations of. Each is JSON text.
type object map[string]any

func (o object) text() string {
	text, _ := json.Marshal(o) // strings, numbers and raw JSON always marshal
	return string(text)
}

func (o object) with(name string, value any) string {
	c := maps.Clone(o)
	c[name] = value
	return c.text()
}

func (o object) without(name string) string {
	c := maps.Clone(o)
	delete(c, name)
	return c.text()
}

// before and after put a member, given as JSON text, at either end, be it there
// already or not.
func (o object) before(member string) string { return "{" + member + "," + o.text()[1:] }
func (o object) after(member string) string {
	return strings.TrimSuffix(o.text(), "}") + "," + member + "}"
}

func (f Forger) header() object { return object{"alg": f.Alg, "kid": f.KeyID, "typ": "at+jwt"} }

func (f Forger) claims() object {
	return object{
		"iss": f.Issuer, "sub": f.Caller.UserID, "aud": f.Audience, "exp": f.Now.Unix() + 900, "iat": f.Now.Unix(),
		"jti": "01890a5d-ac96-774b-bcce-b302099a8059", "sid": f.Caller.SessionID, "client_id": f.Caller.AppID,
	}
}

// good is the token that the service would make.
func (f Forger) good(t testing.TB) string { return f.token(t, f.header().text(), f.claims().text()) }

// Payload is the claims of a token with nothing wrong, as JSON.
func (f Forger) Payload() string { return f.claims().text() }

// Sign makes a token with an ordinary header and the text claims.
func (f Forger) Sign(t testing.TB, claims string) string {
	t.Helper()
	return f.token(t, f.header().text(), claims)
}

// token signs header and claims, whatever they are.
func (f Forger) token(t testing.TB, header, claims string) string {
	t.Helper()
	return f.signed(t, segment(header)+"."+segment(claims))
}

func (f Forger) signed(t testing.TB, text string) string {
	t.Helper()
	return text + "." + segment(sign(t, f.Key, text))
}

func segment(raw string) string { return base64.RawURLEncoding.EncodeToString([]byte(raw)) }

// sign is RFC 7518 for the one algorithm that each kind of key has here.
func sign(t testing.TB, key any, text string) string {
	t.Helper()
	digest := sha256.Sum256([]byte(text))
	switch k := key.(type) {
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, k, digest[:])
		if err != nil {
			t.Fatalf("ecdsa.Sign: got %v, want no error", err)
		}
		var raw [64]byte
		r.FillBytes(raw[:32])
		s.FillBytes(raw[32:])
		return string(raw[:])
	case ed25519.PrivateKey:
		return string(ed25519.Sign(k, []byte(text)))
	case *rsa.PrivateKey:
		signature, err := rsa.SignPKCS1v15(rand.Reader, k, crypto.SHA256, digest[:])
		if err != nil {
			t.Fatalf("rsa.SignPKCS1v15: got %v, want no error", err)
		}
		return string(signature)
	case []byte:
		mac := hmac.New(sha256.New, k)
		mac.Write([]byte(text))
		return string(mac.Sum(nil))
	}
	t.Fatalf("got a key of type %T, want one that signs", key)
	return ""
}
