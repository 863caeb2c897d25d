package wechatsim_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"wxlogin/adapters/wechatsim"
)

// signature is the SHA-1 of the sorted parts, as WeChat documents it.
func signature(parts ...string) string {
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

func TestTheTestsSignAsWeChatDoes(t *testing.T) {
	// https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html
	if got := wechatsim.EventSignature("AAAAA", "1714036504", "1514711492"); got != "f464b24fc39322e44b38aa78f5edd27bd1441696" {
		t.Errorf("got %s, want the signature of WeChat's example", got)
	}
}

// unsealed takes the packing of a message apart.
func unsealed(t *testing.T, encrypted string) (text, app string) {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(eventKey + "=")
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := base64.StdEncoding.DecodeString(encrypted)
	if err != nil || len(plain)%32 != 0 {
		t.Fatalf("%v, %d bytes of %s", err, len(plain), encrypted)
	}
	cipher.NewCBCDecrypter(block, key[:16]).CryptBlocks(plain, plain)
	padding := int(plain[len(plain)-1])
	if want := bytes.Repeat([]byte{byte(padding)}, padding); padding < 1 || padding > 32 || !bytes.HasSuffix(plain, want) {
		t.Fatalf("padding of %d is none", padding)
	}
	plain = plain[16 : len(plain)-padding]
	size := binary.BigEndian.Uint32(plain)
	return string(plain[4 : 4+size]), string(plain[4+size:])
}

func TestPushIsSignedAndEncryptedAsWeChatDoes(t *testing.T) {
	w := start(t, eventful)
	address, got := server(t, http.StatusOK, "success")
	seen := map[string]bool{}
	for i := range 40 { // every length of padding
		event := strings.Repeat("e", 1+i)
		p := wechatsim.Push{Event: event, Encrypted: true, Format: []string{"json", "xml"}[i%2]}
		w.push(address, p)
		query, err := url.ParseQuery(got.query)
		if err != nil {
			t.Fatal(err)
		}
		var outer struct{ ToUserName, Encrypt string }
		if p.Format == "xml" {
			err = xml.Unmarshal([]byte(got.body), &outer)
		} else {
			object := w.object(got.body)
			outer.Encrypt, _ = object["Encrypt"].(string)
		}
		timestamp, nonce := query.Get("timestamp"), query.Get("nonce")
		if err != nil || timestamp != "1800000000" || query.Get("encrypt_type") != "aes" ||
			query.Get("signature") != signature(eventToken, timestamp, nonce) ||
			query.Get("msg_signature") != signature(eventToken, timestamp, nonce, outer.Encrypt) {
			t.Fatalf("%v: the query of %s is %s", err, got.body, got.query)
		}
		text, app := unsealed(t, outer.Encrypt)
		if app != shop || !strings.Contains(text, event) || strings.Contains(got.body, "OpenID") || seen[outer.Encrypt] {
			t.Fatalf("got %s of %s in %s", text, app, got.body)
		}
		seen[outer.Encrypt] = true
	}
}

func TestAMessageIsNeverEncryptedAlike(t *testing.T) {
	w := start(t, eventful)
	address, got := server(t, http.StatusOK, "success")
	seen := map[string]bool{}
	for range 3 {
		w.push(address, wechatsim.Push{Event: "x", Encrypted: true})
		seen[got.body] = true
	}
	if len(seen) != 3 {
		t.Errorf("got %v, want three that differ", seen)
	}
}
