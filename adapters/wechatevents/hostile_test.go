package wechatevents_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestEveryChangedByteOfTheCiphertextIsRefused(t *testing.T) {
	encrypted := seal(key, pad(pack(revoked.json(""), app)))
	query := signedFor(encrypted)
	for i := range len(encrypted) {
		changed := []byte(encrypted)
		changed[i] = 'A' + (changed[i]+1)%26
		if string(changed) == encrypted {
			continue
		}
		(&world{key: key}).wantRefused(t, post(query, fmt.Sprintf(`{"Encrypt":%q}`, changed)))
	}
}

// ending packs the message with its last n bytes replaced.
func ending(text string, end ...byte) []byte {
	packed := pad(pack(text, app))
	return append(packed[:len(packed)-len(end)], end...)
}

// sized packs a message under a length that lies.
func sized(text string, size uint32) []byte {
	packed := pack(text, app)
	binary.BigEndian.PutUint32(packed[16:], size)
	return pad(packed)
}

func TestWhatIsPackedWrongIsRefusedThoughItIsSigned(t *testing.T) {
	text := revoked.json("")
	// A message whose packing leaves 1 byte of padding, and one that leaves 32.
	one := text[:len(text)-1] + strings.Repeat(" ", 31-(20+len(text)+len(app))%32) + "}"
	whole := text[:len(text)-1] + strings.Repeat(" ", (32-(20+len(text)+len(app))%32)%32) + "}"
	for name, packed := range map[string][]byte{
		"nothing":                       {},
		"no length":                     pad([]byte("0123456789abcdef"))[:32],
		"less than the head":            append(bytes.Repeat([]byte{0}, 18), bytes.Repeat([]byte{14}, 14)...),
		"padding alone":                 bytes.Repeat([]byte{32}, 32),
		"padding of 0":                  ending(one, 0),
		"padding of 33":                 ending(whole, bytes.Repeat([]byte{33}, 33)...),
		"padding of 255":                ending(one, 255),
		"padding that is not all alike": ending(whole, append([]byte{31}, bytes.Repeat([]byte{32}, 31)...)...),
		"padding longer than it says":   ending(whole, 16),
		"a length of 0":                 sized(text, 0),
		"a length that is one short":    sized(text, uint32(len(text)-1)),
		"a length that is one too many": sized(text, uint32(len(text)+1)),
		"a length to the very end":      sized(text, uint32(len(text)+len(app))),
		"a length beyond the end":       sized(text, uint32(len(text)+len(app)+1)),
		"a negative length":             sized(text, 1<<32-1),
		"the most negative length":      sized(text, 1<<31),
		"a length of all there is":      sized(text, 1<<31-1),
		"another app":                   pad(pack(text, "wxother")),
		"no app":                        pad(pack(text, "")),
		"an app that goes on":           pad(pack(text, app+"x")),
		"an app in capitals":            pad(pack(text, strings.ToUpper(app))),
		"an empty message":              pad(pack("", app)),
		"half a block":                  append(pad(pack(text, app)), bytes.Repeat([]byte{16}, 16)...),
	} {
		t.Run(name, func(t *testing.T) { (&world{key: key}).wantRefused(t, carry(seal(key, packed))) })
	}
	for n, text := range map[int]string{1: one, 32: whole} { // the same, packed right
		w, packed := world{key: key}, pad(pack(text, app))
		if wantAnswer(t, w.serve(carry(seal(key, packed))), 200, "success"); int(packed[len(packed)-1]) != n || len(w.events) != 1 {
			t.Errorf("got %v with padding of %d, want an event with %d", w.events, packed[len(packed)-1], n)
		}
	}
}

func TestWhatIsNoCiphertextIsRefusedThoughItIsSigned(t *testing.T) {
	good := seal(key, pad(pack(revoked.json(""), app)))
	raw, _ := base64.StdEncoding.DecodeString(good)
	encode := base64.StdEncoding.EncodeToString
	for name, encrypted := range map[string]string{
		"no base64":            "!" + good[1:],
		"base64 for URLs":      strings.NewReplacer("+", "-", "/", "_").Replace(good) + "-_-_",
		"half of the text":     good[:len(good)/2],
		"a byte too few":       encode(raw[:len(raw)-1]),
		"a byte too many":      encode(append(slices.Clone(raw), 0)),
		"a cipher's block few": encode(raw[:len(raw)-16]),
		"without the last":     encode(raw[:len(raw)-32]),
		"without the first":    encode(raw[32:]),
		"with another first":   encode(append(bytes.Repeat([]byte{7}, 32), raw...)),
		"under another key":    seal(strings.Repeat("B", 43), pad(pack(revoked.json(""), app))),
		"a single block":       encode(raw[:16]),
		"nothing":              "",
	} {
		t.Run(name, func(t *testing.T) { (&world{key: key}).wantRefused(t, carry(encrypted)) })
	}
}

// Parts are signed as one text, so that a signature holds for other parts of it.
func TestASignatureOfOtherPartsOfTheTextOpensNothing(t *testing.T) {
	for _, text := range []string{revoked.json(""), revoked.xml()} {
		encrypted := seal(key, pad(pack(text, app)))
		signature := sign(token, now, nonce, encrypted)
		for i := 1; i < 60; i++ {
			for _, parts := range [][2]string{
				{nonce + encrypted[:i], encrypted[i:]},
				{encrypted[len(encrypted)-i:] + nonce, encrypted[:len(encrypted)-i]},
				{nonce[min(i, len(nonce)-1):], nonce[:min(i, len(nonce)-1)] + encrypted},
				{nonce[:min(i, len(nonce)-1)], encrypted + nonce[min(i, len(nonce)-1):]},
			} {
				query := url.Values{"signature": {sign(token, now, parts[0])}, "timestamp": {now}, "nonce": {parts[0]},
					"encrypt_type": {"aes"}, "msg_signature": {signature}}
				(&world{key: key}).wantRefused(t, post(query, fmt.Sprintf(`{"Encrypt":%q}`, parts[1])))
			}
		}
	}
}

func TestAnAppWithAKeyBelievesNothingPlain(t *testing.T) {
	text := revoked.json("")
	encrypted := seal(key, pad(pack(text, app)))
	other := seal(key, pad(pack(`{"MsgType":"event","Event":"debug_demo"}`, app)))
	both := `{"Encrypt":"` + other + `",` + text[1:]
	none := signedFor(encrypted)
	none.Del("encrypt_type")
	unsigned := signedFor(encrypted)
	unsigned.Del("msg_signature")
	foreign := signed("encrypt_type", "aes", "msg_signature", sign("guesstoken", now, nonce, encrypted))
	for name, r := range map[string]struct {
		query url.Values
		body  string
	}{
		"in plain mode":                 {signed(), text},
		"in plain mode by name":         {signed("encrypt_type", "raw"), text},
		"that says it is encrypted":     {signedFor(""), text},
		"beside an empty text":          {signedFor(""), `{"Encrypt":"",` + text[1:]},
		"beside a text without a sign":  {signed(), both},
		"encrypted, and not said to be": {none, `{"Encrypt":"` + encrypted + `"}`},
		"encrypted, and not signed":     {unsigned, `{"Encrypt":"` + encrypted + `"}`},
		"signed with another token":     {foreign, `{"Encrypt":"` + encrypted + `"}`},
	} {
		t.Run(name, func(t *testing.T) { (&world{key: key}).wantRefused(t, post(r.query, r.body)) })
	}
	w := world{key: key}
	wantAnswer(t, w.serve(post(signedFor(other), both)), 200, "success")
	if len(w.events) != 0 {
		t.Errorf("got %v, want the plain part of both ignored", w.events)
	}
}

func TestAnAppWithoutAKeyTakesThePlainPartOfBoth(t *testing.T) {
	encrypted := seal(key, pad(pack(revoked.json(""), app)))
	var w world
	wantAnswer(t, w.serve(post(signedFor(encrypted), `{"Encrypt":"`+encrypted+`",`+revoked.json("")[1:])), 200, "success")
	if len(w.events) != 1 {
		t.Errorf("got %v, want one event", w.events)
	}
	(&world{}).wantRefused(t, carry(encrypted)) // which would be lost in silence
}

func TestAKeyThatIsNoneLetsNothingIn(t *testing.T) {
	for _, bad := range []string{"short", strings.Repeat("!", 43), strings.Repeat("A", 42), strings.Repeat("A", 86)} {
		(&world{key: bad}).wantRefused(t, sealed(revoked.json("")))
		(&world{key: bad}).wantRefused(t, plain(revoked.json("")))
	}
}
